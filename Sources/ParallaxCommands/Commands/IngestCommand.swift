package import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package enum IngestCommand: Command {
  package static let signature = CommandSignature(
    verb: "ingest", group: "Objects", summary: "read images and their metadata into a collection",
    discussion: """
      PATH is a folder, one image or a pattern such as "img/*.jpg", or a table that lists images \
      (then its other columns are metadata). An item's id is its path below the folder without \
      the ending. Files are told apart by content: what is there already costs nothing, a renamed \
      file or a folder that was moved keeps its vectors. Links to folders elsewhere are followed \
      only with --follow.

      Tables are CSV, TSV, JSON lines or a JSON array, each also as .gz. Metadata comes from \
      --meta, joined by the column --key to paths, file names, file names without ending, ends of \
      paths or ids. Every value keeps the text of its table; kinds, for comparing, are inferred, \
      and --type year=integer overrides. Of several rows for one image the first counts, \
      unless --multi caption keeps them all. A column 'text' or 'caption' is the item's text, \
      which 'embed --content text' embeds.

      What was not used is counted on standard error, with the first case; 'show _' lists it all. \
      Under --strict it is an error and nothing is changed. Image files are never written to.
      """,
    objects: [ObjectSpec("COLLECTION", .collection), ObjectSpec("PATH", .path)],
    options: [
      .single("glob", .text, placeholder: "GLOB", help: "files to take, such as **/*.{jpg,png}"),
      .single("meta", .path, placeholder: "FILE", help: "table of metadata"),
      .single(
        "key", .fileColumn(of: ["meta"]), placeholder: "COLUMN",
        help: "column of --meta that names the image"),
      .list(
        "type", .fileColumnKind(of: ["meta", "PATH"], kinds: ValueKind.allCases.map(\.rawValue)),
        placeholder: "FIELD=KIND",
        help: "kind of a field: boolean, integer, real, date or text"),
      .list(
        "multi", .fileColumn(of: ["meta", "PATH"]), placeholder: "COLUMN",
        help: "keep the values of all rows of an image, as a list"),
      .single(
        "delimiter", .text, placeholder: "CHAR",
        help: "what separates columns, such as ';' or tab; guessed from the header"),
      .single(
        "path-column", .fileColumn(of: ["PATH"]), placeholder: "COLUMN", help: "paths in a manifest"
      ),
      .single(
        "id-column", .fileColumn(of: ["PATH"]), placeholder: "COLUMN", help: "ids in a manifest"),
      .single(
        "text-column", .fileColumn(of: ["PATH"]), placeholder: "COLUMN", help: "texts in a manifest"
      ),
      .flag("follow", help: "follow links to folders outside PATH"),
      .flag("dry-run", help: "say what would change"),
    ],
    examples: [
      "ingest photos ./images --glob \"**/*.{jpg,png}\" --meta metadata.csv --key filename",
      "ingest photos ./images --meta captions.csv --key filename --multi caption",
    ], producesResult: true)

  package static func foresee(_ arguments: Arguments, in scope: inout ScriptScope) throws {
    if let path = arguments.object("PATH").map(IngestRequest.fileOrFolder) {
      try scope.requireFile(path, at: arguments.location(ofObject: "PATH"))
    }
    if let table = arguments.string("meta") {
      try scope.requireFile(table, at: arguments.location(ofOption: "meta"))
    }
    scope.changeFields(of: arguments.object("COLLECTION") ?? "")
  }

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let collection = try session.collection(arguments, object: "COLLECTION")
    let request = try IngestRequest(arguments, collection: collection.name)
    var ingester = Ingester(
      workspace: session.workspace, collection: collection, decoder: session.providers.decoder,
      progress: session.progress())
    ingester.isDryRun = arguments.flag("dry-run")
    ingester.isStrict = session.settings.isOn("strict")
    defer { session.bench.spaces.unload(collection) }
    let outcome = try await ingester.run([request])
    return CommandOutput(
      outcome, collection: collection.name, arguments: arguments,
      milliseconds: Clock.milliseconds(since: start))
  }
}

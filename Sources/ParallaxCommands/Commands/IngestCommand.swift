package import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxStorage

package enum IngestCommand: Command {
  package static let signature = CommandSignature(
    verb: "ingest", group: "Objects", summary: "read images and their metadata into a collection",
    discussion: """
      PATH is a folder, or a CSV, TSV or JSONL file that lists images (then its other columns are \
      metadata). An item's id is its path below the folder without the ending. Files are told \
      apart by content: what is there already costs nothing, a renamed file keeps its vectors.

      Metadata comes from --meta, joined by the column --key to file names, file names without \
      ending, relative paths or ids. Kinds of fields are inferred; --type year=integer overrides.

      What could not be read is listed with its reason and does not stop the rest. Image files \
      are never written to.
      """,
    objects: [ObjectSpec("COLLECTION", .collection), ObjectSpec("PATH", .path)],
    options: [
      .single("glob", .text, placeholder: "GLOB", help: "files to take, such as **/*.{jpg,png}"),
      .single("meta", .path, placeholder: "FILE", help: "CSV, TSV or JSONL file of metadata"),
      .single(
        "key", .fileColumn(of: ["meta"]), placeholder: "COLUMN",
        help: "column of --meta that names the image"),
      .list(
        "type", .fileColumnKind(of: ["meta", "PATH"], kinds: ValueKind.allCases.map(\.rawValue)),
        placeholder: "FIELD=KIND", help: "kind of a field"),
      .single(
        "path-column", .fileColumn(of: ["PATH"]), placeholder: "COLUMN", help: "paths in a manifest"
      ),
      .single(
        "id-column", .fileColumn(of: ["PATH"]), placeholder: "COLUMN", help: "ids in a manifest"),
      .single(
        "text-column", .fileColumn(of: ["PATH"]), placeholder: "COLUMN", help: "texts in a manifest"
      ),
      .flag("dry-run", help: "say what would change"),
    ],
    examples: [
      "ingest photos ./images --glob \"**/*.{jpg,png}\" --meta metadata.csv --key filename"
    ], producesResult: true)

  package static func foresee(_ arguments: Arguments, in scope: inout ScriptScope) throws {
    if let path = arguments.object("PATH") {
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
    defer { session.spaces.invalidate(collection) }
    let outcome = try await ingester.run([request])
    return CommandOutput(
      outcome, collection: collection.name, arguments: arguments,
      milliseconds: Clock.milliseconds(since: start))
  }
}

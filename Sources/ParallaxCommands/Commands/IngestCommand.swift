package import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct IngestCommand: Command {
  static let collection = ObjectKey.required("COLLECTION", .collection)
  static let path = ObjectKey<String?>.optional("PATH", .path)
  static let addresses = OptionKey.single(
    "urls", .path, placeholder: "FILE",
    help: "pictures of the web instead of PATH: a table with a column of addresses, or one a line")
  static let pattern = OptionKey.single(
    "glob", .text, placeholder: "GLOB", help: "files to take, such as **/*.{jpg,png}")
  static let metadata = OptionKey.single(
    "meta", .path, placeholder: "FILE", help: "table of metadata")
  static let key = OptionKey.single(
    "key", .fileColumn(of: ["meta"]), placeholder: "COLUMN",
    help: "column of --meta that names the image")
  static let kinds = OptionKey.list(
    "type",
    .fileColumnKind(of: ["meta", "PATH", "urls"], kinds: ValueKind.allCases.map(\.rawValue)),
    placeholder: "FIELD=KIND", help: "kind of a field: boolean, integer, real, date or text")
  static let lists = OptionKey.list(
    "multi", .fileColumn(of: ["meta", "PATH", "urls"]), placeholder: "COLUMN",
    help: "keep the values of all rows of an image, as a list")
  static let delimiter = OptionKey.single(
    "delimiter", .text, placeholder: "CHAR",
    help: "the separator of columns, such as ';' or tab; detected from the header")
  static let pathColumn = OptionKey.single(
    "path-column", .fileColumn(of: ["PATH", "urls"]), placeholder: "COLUMN",
    help: "paths in a manifest, addresses in --urls")
  static let idColumn = OptionKey.single(
    "id-column", .fileColumn(of: ["PATH", "urls"]), placeholder: "COLUMN", help: "ids in a manifest"
  )
  static let textColumn = OptionKey.single(
    "text-column", .fileColumn(of: ["PATH", "urls"]), placeholder: "COLUMN",
    help: "texts in a manifest")
  static let follows = OptionKey.flag("follow", help: "follow links to folders outside PATH")
  static let isDryRun = OptionKey.flag("dry-run", help: "show what would change")

  package static let signature = CommandSignature(
    verb: "ingest", group: "Objects", summary: "read images and their metadata into a collection",
    discussion: """
      PATH is a folder, one image, a pattern such as "img/*.jpg", a table that lists images (its \
      other columns are then metadata), a place in a bucket such as s3://bucket/prefix, or tar \
      archives such as "shards/*.tar", where files of one name belong together (WebDataset). An item's id is its path below the folder without the \
      ending. Files are identified by content: known files cost nothing, and a renamed file or a \
      moved folder keeps its vectors. Links to folders elsewhere are followed only with --follow.

      Tables are CSV, TSV, JSON lines or a JSON array, each also as .gz. Metadata comes from \
      --meta; its column --key is matched to paths, file names, file names without ending, ends of \
      paths or ids. Every value keeps its text; the kind for comparisons is inferred, and --type \
      year=integer sets it. If several rows name one image, the first is used, unless --multi \
      caption keeps them all. A column 'text' or 'caption' is the item's text, which 'embed \
      --content text' embeds.

      --urls reads pictures of the web: FILE is a table whose column 'url' (or --path-column) holds \
      addresses, its other columns are metadata; or it has one address a line. Pictures are not \
      kept, but a small copy of each; what needs the picture asks for it again. Addresses of this \
      machine and of private networks are refused unless 'set source.private on' ('help settings').

      Anything that was not used is counted on standard error, with the first case; 'show _' lists \
      every case. Under --strict it is an error and nothing is changed. Image files are never \
      written to.
      """,
    objects: [collection, path],
    options: [
      addresses, pattern, metadata, key, kinds, lists, delimiter, pathColumn, idColumn, textColumn,
      follows,
      isDryRun,
    ],
    examples: [
      "ingest photos ./images --glob \"**/*.{jpg,png}\" --meta metadata.csv --key filename",
      "ingest photos ./images --meta captions.csv --key filename --multi caption",
      "ingest photos --urls list.csv",
      "ingest photos s3://bucket/prefix --glob \"**/*.jpg\"",
    ], producesResult: true)

  private let collection: String
  private let asked: IngestOptions
  private let isDryRun: Bool
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    collection = try arguments[Self.collection]
    asked = try IngestOptions(arguments)
    isDryRun = try arguments[Self.isDryRun]
    canonical = arguments.canonical
  }

  package func foresee(in scope: inout ScriptScope) throws {
    // Nothing on this machine says whether a bucket is there.
    let isRemote = PicturePath.isRemote(asked.path)
    let folder =
      isRemote
      ? "/" : asked.listsAddresses ? asked.path : IngestOptions.fileOrFolder(of: asked.path)
    if asked.listsAddresses {
      try attributing(to: Self.addresses) { try scope.requireFile(folder) }
    } else {
      try attributing(to: Self.path) { try scope.requireFile(folder) }
    }
    if let table = asked.metadata {
      try attributing(to: Self.metadata) { try scope.requireFile(table) }
    }
    if scope.isSettled(folder), asked.metadata.map(scope.isSettled) ?? true {
      try asked.checkColumns()
    }
    scope.changeFields(of: collection)
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let collection = try attributing(to: Self.collection) {
      try session.workspace.collection(named: self.collection)
    }
    var terms = IngestTerms()
    terms.isDryRun = isDryRun
    terms.isStrict = session.settings[.strict]
    let outcome = try await session.bench.ingest(
      asked, into: collection, terms, EventCollector(session.console).handler)
    return CommandOutput(
      outcome, collection: collection.name, canonical: canonical, isDryRun: isDryRun,
      milliseconds: Clock.milliseconds(since: start))
  }
}

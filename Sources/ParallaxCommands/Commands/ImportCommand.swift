package import CommandLanguage
internal import ParallaxCore
private import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct ImportCommand: Command {
  private static let collection = ObjectKey.byHand("COLLECTION", .collection)
  private static let name = OptionKey.required(
    "as", .name, placeholder: "SPACE", help: "name of the space")
  private static let vectors = OptionKey.required(
    "vectors", .path, placeholder: "FILE.npy", help: "the vectors, one a row")
  private static let ids = OptionKey.required(
    "ids", .path, placeholder: "FILE", help: "the item id of each row, one a line")
  private static let model = OptionKey.single(
    "model", .text, placeholder: "NAME", help: "what made the vectors", defaultNote: "unknown")
  private static let version = OptionKey.single(
    "model-version", .text, placeholder: "V", help: "its version",
    defaultNote: "the digest of the file")
  private static let task = OptionKey.single(
    "task", .text, placeholder: "TASK", help: "task type of the document side")
  private static let preprocessing = OptionKey.single(
    "preprocessing", .text, placeholder: "TEXT", help: "what was done to the images before",
    defaultNote: "unknown")
  private static let content = OptionKey.single(
    "content", .choice, placeholder: "WHAT", help: "which part of an item was embedded",
    default: EmbeddedContent.image)
  private static let provider = OptionKey.single(
    "provider", .provider, placeholder: "NAME",
    help: "whose model made them, if Parallax has it", default: ImportedProvider.id)
  private static let normalizes = OptionKey.flag(
    "normalize", help: "expect vectors of any length")

  package static let signature = CommandSignature(
    verb: "import", group: "Spaces", summary: "make a space of vectors that were made elsewhere",
    discussion: """
      --vectors is a .npy file of NumPy (versions 1.0 to 3.0; 16-, 32- or 64-bit floats; either byte \
      order) with an array of shape [n, d]; --ids has n lines, of which line N is the id of row N. \
      Vectors are kept as 32-bit floats at unit length. A row with a NaN, an infinite number or \
      nothing but zeros, and an id that stands twice, are errors, and nothing is imported. Ids that \
      are no items, items without a vector, and numbers that had to be scaled or rounded are counted \
      on stderr; under --strict they are errors, too. Parquet is not read: NumPy writes its columns.

      You state the identity of the space; it never mixes two. Without --model-version its version is \
      the digest of the file. With it, a later import of the same identity adds the vectors that \
      are not there yet. The space is searched with --like and compared like any other. Texts \
      and other images cannot be embedded as its vectors were, unless --provider names a provider of \
      this program and --model a model of it: then the space has the identity of that model, and \
      vectors that the model did not make would be taken for its own.
      """,
    objects: [collection],
    options: [
      name, vectors, ids, model, version, task, preprocessing, content, provider, normalizes,
    ],
    examples: [
      "import photos --as clip --vectors x.npy --ids ids.txt --model ViT-B-32 --model-version laion2b",
      "import photos --as base --vectors base.npy --ids base.ids.txt --provider mini --model mini",
    ])

  private let collection: String
  private let request: VectorImport

  package init(_ arguments: Arguments) throws {
    collection = try arguments[Self.collection]
    var request = VectorImport(
      name: try arguments[Self.name],
      vectors: PathText.expandingHome(try arguments[Self.vectors]),
      ids: PathText.expandingHome(try arguments[Self.ids]))
    request.provider = try arguments[Self.provider]
    request.model = try Self.stated(Self.model, in: arguments)
    request.version = try Self.stated(Self.version, in: arguments)
    request.task = try Self.stated(Self.task, in: arguments)
    request.preprocessing = try Self.stated(Self.preprocessing, in: arguments)
    request.content = try arguments[Self.content]
    request.normalizes = try arguments[Self.normalizes]
    self.request = request
    if request.provider != ImportedProvider.id, request.model == nil {
      throw arguments.error(
        at: Self.provider, .usage, "--provider needs the --model that made the vectors")
    }
  }

  /// A part of an identity, in which a semicolon ends a part.
  private static func stated(
    _ key: OptionKey<String?>, in arguments: Arguments
  ) throws -> String? {
    guard let text = try arguments[key] else { return nil }
    let isPlain = text.unicodeScalars.allSatisfy {
      $0 != ";"
        && ![.control, .lineSeparator, .paragraphSeparator].contains(
          $0.properties.generalCategory)
    }
    guard !text.isBlank, isPlain else {
      throw arguments.error(
        at: key, .invalidValue,
        "'\(key.name)' takes a text of one line without ';'; got '\(text)'")
    }
    return text
  }

  package func foresee(in scope: inout ScriptScope) throws {
    try attributing(to: Self.vectors) { try scope.requireFile(request.vectors) }
    try attributing(to: Self.ids) { try scope.requireFile(request.ids) }
    scope.addSpace(SpaceReference(collection: collection, space: request.name))
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let collection = try attributing(to: Self.collection) {
      try session.workspace.collection(named: self.collection)
    }
    var request = request
    request.isStrict = session.settings[.strict]
    let events = EventCollector(session.console)
    let made = try await session.bench.importVectors(request, to: collection, events.handler)
    let count = Wording.count(made.added, "vector")
    var output = CommandOutput(
      notes: [
        "\(made.before > 0 || made.added == 0 ? "completed" : "made") \(made.space.reference): \(count) "
          + "of \(made.space.spec.dimension)"
          + (made.before > 0 ? ", \(Wording.count(made.before)) as before" : "")
      ] + events.notes, warnings: events.warnings)
    try await output.addWatchNews(in: collection, session)
    return output
  }
}

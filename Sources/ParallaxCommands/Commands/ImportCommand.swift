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
  private static let vectors = OptionKey.list(
    "vectors", .path, placeholder: "FILE.npy", help: "the vectors, one a row; several are joined",
    required: true)
  private static let ids = OptionKey.list(
    "ids", .path, placeholder: "FILE",
    help: "the item id of each row, one a line; FILE.ids.txt unless given")
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
  private static let content = OptionKey<EmbeddedContent?>.single(
    "content", .choice, placeholder: "WHAT", help: "which part of an item was embedded",
    defaultNote: EmbeddedContent.image.rawValue)
  private static let provider = OptionKey.single(
    "provider", .provider, placeholder: "NAME",
    help: "whose model made them, if Parallax has it",
    defaultNote: ImportedProvider.id)
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

      --vectors may be given several times: the files are joined, and must be of one identity. The ids \
      are in FILE.ids.txt, as 'export' writes them, unless --ids names others.

      A file that 'export' wrote beside vectors, FILE.npy-metadata.json, says what made them: the space \
      then has that identity, unless you state one, which must not contradict it. For other vectors you \
      state the identity; a space never mixes two. Without --model-version its version is \
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
      "import photos --as base --vectors part-1.npy --vectors part-2.npy",
      "import photos --as base --vectors base.npy --ids base.ids.txt --provider mini --model mini",
    ])

  private let collection: String
  private let request: VectorImport

  package init(_ arguments: Arguments) throws {
    collection = try arguments[Self.collection]
    var request = VectorImport(name: try arguments[Self.name], files: try Self.files(arguments))
    request.provider = try arguments[Self.provider]
    request.model = try Self.stated(Self.model, in: arguments)
    request.version = try Self.stated(Self.version, in: arguments)
    request.task = try Self.stated(Self.task, in: arguments)
    request.preprocessing = try Self.stated(Self.preprocessing, in: arguments)
    request.content = try arguments[Self.content]
    request.normalizes = try arguments[Self.normalizes]
    self.request = request
    if let provider = request.provider, provider != ImportedProvider.id, request.model == nil {
      throw arguments.error(
        at: Self.provider, .usage, "--provider needs the --model that made the vectors")
    }
  }

  /// Each file of vectors with its ids.
  private static func files(_ arguments: Arguments) throws -> [VectorImport.File] {
    let vectors = try arguments[vectors].map(PathText.expandingHome)
    let ids = try arguments[ids].map(PathText.expandingHome)
    guard ids.isEmpty || ids.count == vectors.count else {
      throw arguments.error(
        at: Self.ids, .usage,
        "there are \(vectors.count) of --vectors and \(ids.count) of --ids; name the ids of each, "
          + "in the same order, or of none")
    }
    return vectors.enumerated().map { place, path in
      VectorImport.File(
        vectors: path, ids: ids.isEmpty ? NPYVectors.besides(path)[0] : ids[place])
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
    for (place, file) in request.files.enumerated() {
      try attributing(to: Self.vectors, index: place) { try scope.requireFile(file.vectors) }
      try attributing(to: Self.ids, index: place) { try scope.requireFile(file.ids) }
    }
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
        "\(made.wasThere ? "completed" : "made") \(made.space.reference): \(count) "
          + "of \(made.space.spec.dimension)"
          + (made.before > 0 ? ", \(Wording.count(made.before)) as before" : "")
      ] + events.notes, warnings: events.warnings)
    try await output.addWatchNews(in: collection, session)
    return output
  }
}

internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxIngest
internal import ParallaxStorage
internal import ParallaxWorkbench

extension IngestOptions {
  /// - Throws: `invalid-value`, `bad-value`, naming the option.
  init(_ arguments: Arguments) throws {
    switch (try arguments[IngestCommand.path], try arguments[IngestCommand.addresses]) {
    case (let path?, nil): self.init(path: path)
    case (nil, let list?):
      self.init(path: list)
      listsAddresses = true
    case (nil, nil):
      throw ParallaxError(
        .usage, "'ingest' needs PATH, or a list of addresses with --urls FILE",
        parameter: IngestCommand.path.parameter())
    case (_?, _?):
      throw ParallaxError(
        .usage, "--urls stands in place of PATH", hint: "read the two with two commands",
        parameter: IngestCommand.addresses.parameter())
    }
    pattern = try arguments[IngestCommand.pattern]
    if let pattern { try attributing(to: IngestCommand.pattern) { _ = try Glob(pattern) } }
    followsLinks = try arguments[IngestCommand.follows]
    metadata = try arguments[IngestCommand.metadata]
    key = try arguments[IngestCommand.key]
    kinds = try Self.kinds(arguments[IngestCommand.kinds])
    lists = try arguments[IngestCommand.lists]
    delimiter = try arguments[IngestCommand.delimiter].map(Self.delimiter)
    columns = ManifestColumns(
      path: try arguments[IngestCommand.pathColumn], id: try arguments[IngestCommand.idColumn],
      text: try arguments[IngestCommand.textColumn])
  }

  private static func kinds(
    _ written: [String]
  ) throws -> [(name: String, kind: ValueKind)] {
    var kinds: [(name: String, kind: ValueKind)] = []
    for (index, text) in written.enumerated() {
      // A name may hold '='; a kind does not.
      let split = text.lastIndex(of: "=")
      let name = split.map { String(text[..<$0]) } ?? ""
      let written = split.map { String(text[text.index(after: $0)...]) } ?? text
      guard let kind = ValueKind(rawValue: written), !name.isEmpty else {
        let names = ValueKind.allCases.map(\.rawValue)
        throw ParallaxError(
          .badValue,
          "'type' takes FIELD=KIND with a kind of \(names.joined(separator: ", ")); got '\(text)'",
          hint: Suggestion.hint(for: written, among: names),
          parameter: IngestCommand.kinds.parameter(index))
      }
      guard !kinds.contains(where: { $0.name == name }) else {
        throw ParallaxError(
          .badValue, "'\(name)' is given two kinds",
          parameter: IngestCommand.kinds.parameter(index))
      }
      kinds.append((name, kind))
    }
    return kinds
  }

  private static func delimiter(_ text: String) throws -> Character {
    if text == "tab" || text == "\\t" { return "\t" }
    guard text.count == 1, let character = text.first, character.isASCII, character != "\"",
      !character.isNewline
    else {
      throw ParallaxError(
        .badValue,
        "'delimiter' takes one ASCII character, not a quote, or 'tab'; got '\(text)'",
        parameter: IngestCommand.delimiter.parameter())
    }
    return character
  }
}

extension ItemSource {
  /// The command that reads the source, wherever the program is started from.
  func command(for collection: ItemCollection) -> String {
    guard kind != .line else { return path }
    let option = origin == .addresses ? ["--\(IngestCommand.addresses.name)"] : []
    var words = ["ingest", collection.name] + option + [Quoting.quoted(path)]
    func add(_ option: some ArgumentKey, _ value: String?) {
      if let value { words += ["--\(option.name)", Quoting.quoted(value)] }
    }
    add(IngestCommand.metadata, metadata)
    add(IngestCommand.pattern, glob)
    add(IngestCommand.key, key)
    add(IngestCommand.pathColumn, pathColumn)
    add(IngestCommand.idColumn, idColumn)
    add(IngestCommand.textColumn, textColumn)
    add(IngestCommand.delimiter, delimiter == "\t" ? "tab" : delimiter)
    for (name, kind) in kinds.sorted(by: { $0.key < $1.key }) {
      add(IngestCommand.kinds, "\(name)=\(kind.rawValue)")
    }
    for name in lists.sorted() { add(IngestCommand.lists, name) }
    if followsLinks { words.append("--\(IngestCommand.follows.name)") }
    return words.joined(separator: " ")
  }
}

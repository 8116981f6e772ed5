internal import ParallaxCore
private import ParallaxSystem

/// Sources as versions before schema 7 stored them: canonical `ingest` commands, a line each, in the
/// setting `sources.` and the key of the collection.
enum EarlierSources {
  private static let prefix = "sources."

  /// Makes rows of the lines. One that cannot be read stays as a source of its own kind.
  static func convert(_ connection: borrowing Connection) throws {
    let settings = try connection.rows(
      "SELECT name, value FROM setting WHERE name GLOB '\(prefix)[0-9]*'"
    ) { (name: $0.text(0), lines: $0.text(1)) }
    for setting in settings {
      guard let key = Int64(setting.name.dropFirst(prefix.count)) else { continue }
      let collection = try connection.first(
        "SELECT id, name, description, created FROM collection WHERE id = ?", [.integer(key)]
      ) { ItemCollection($0) }
      if let collection {
        for (index, line) in setting.lines.split(separator: "\n").enumerated() {
          let source = source(String(line)) ?? ItemSource(.line, path: String(line))
          try StoredSource.insert(source, of: collection, at: Int64(index + 1), connection)
        }
      }
      try connection.run("DELETE FROM setting WHERE name = ?", [.text(setting.name)])
    }
  }

  /// What a line reads: `ingest photos /a/b --meta "/a/my table.csv" --type year=integer`.
  ///
  /// - Returns: `nil` for what no version wrote.
  static func source(_ line: String) -> ItemSource? {
    guard let words = words(line), words.count >= 3, words[0].text == "ingest", !words[0].isQuoted,
      words[2].text.hasPrefix("/")
    else { return nil }
    var source = ItemSource(.folder, path: words[2].text)
    var rest = words[3...]
    while let option = rest.popFirst() {
      guard !option.isQuoted else { return nil }
      if option.text == "--follow" {
        source.followsLinks = true
        continue
      }
      guard let value = rest.popFirst()?.text, set(option.text, to: value, in: &source) else {
        return nil
      }
    }
    if isManifest(source) { source.kind = .manifest }
    return source
  }

  private static func set(
    _ option: String, to value: String, in source: inout ItemSource
  ) -> Bool {
    switch option {
    case "--meta": source.metadata = value
    case "--glob": source.glob = value
    case "--key": source.key = value
    case "--path-column": source.pathColumn = value
    case "--id-column": source.idColumn = value
    case "--text-column": source.textColumn = value
    case "--delimiter": source.delimiter = ["tab", "\\t"].contains(value) ? "\t" : value
    case "--multi": source.lists.insert(value)
    case "--type":
      // A name may hold '='; a kind does not.
      guard let split = value.lastIndex(of: "="), split > value.startIndex,
        let kind = ValueKind(rawValue: String(value[value.index(after: split)...]))
      else { return false }
      source.kinds[String(value[..<split])] = kind
    default: return false
    }
    return true
  }

  /// The lines do not say whether the path is a folder or a table. Where it is not there, its options
  /// and its name tell.
  private static func isManifest(_ source: ItemSource) -> Bool {
    if let status = FileStatus(at: source.path) { return status.kind != .folder }
    if [source.pathColumn, source.idColumn, source.textColumn].contains(where: { $0 != nil }) {
      return true
    }
    guard source.glob == nil, !source.followsLinks else { return false }
    let name = source.path.split(separator: "/").last ?? ""
    let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    let endings = ["csv", "tsv", "tab", "txt", "json", "jsonl", "ndjson", "gz"]
    return ending.count < name.count && endings.contains(ending)
  }

  private struct Word {
    var text = ""
    var isQuoted = false
  }

  /// The words of a line, without their quotes.
  ///
  /// - Returns: `nil` for an open quote, an unknown escape or a variable.
  private static func words(_ line: String) -> [Word]? {
    var words: [Word] = []
    var word: Word?
    var rest = line.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case " ":
        if let word { words.append(word) }
        word = nil
      case "'":
        guard let end = rest.firstIndex(of: "'") else { return nil }
        word = Word(text: (word?.text ?? "") + String(rest[..<end]), isQuoted: true)
        rest = rest[rest.index(after: end)...]
      case "\"":
        guard let text = quoted(&rest) else { return nil }
        word = Word(text: (word?.text ?? "") + text, isQuoted: true)
      case "$", "\\", "|", ";": return nil
      default:
        word = Word(text: (word?.text ?? "") + String(scalar), isQuoted: word?.isQuoted ?? false)
      }
    }
    if let word { words.append(word) }
    return words
  }

  /// What is between double quotes, the first of which is read already.
  private static func quoted(_ rest: inout Substring.UnicodeScalarView) -> String? {
    var text = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\"": return String(text)
      case "$": return nil
      case "\\":
        switch rest.popFirst() {
        case "n": text.append("\n")
        case "t": text.append("\t")
        case "u":
          guard rest.popFirst() == "{", let end = rest.firstIndex(of: "}"),
            let code = UInt32(String(rest[..<end]), radix: 16), let scalar = Unicode.Scalar(code)
          else { return nil }
          text.append(scalar)
          rest = rest[rest.index(after: end)...]
        case let escaped? where ["\"", "\\", "$"].contains(escaped): text.append(escaped)
        default: return nil
        }
      default: text.append(scalar)
      }
    }
    return nil
  }
}

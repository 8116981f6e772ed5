private import ParallaxCore

/// What a notebook says of itself at its top, between two lines of `---`.
///
/// The forms of YAML that notebooks use: `key: value`, lists as `[a, b]` or lines of `- a`, maps as
/// `{ k: 4 }` or indented lines of `k: 4`.
package struct FrontMatter: Sendable, Hashable {
  /// Collections and spaces that must be there: `needs: [photos@base]`.
  package private(set) var needs: [String] = []
  /// Variables and their values unless whoever runs it gives others: `params: { k: 4 }`.
  package private(set) var params: [Parameter] = []
  /// Keys that mean nothing here.
  package private(set) var unknown: [String] = []

  package struct Parameter: Sendable, Hashable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  package init() {}

  private static let keys = ["parallax", "needs", "params"]
  /// What generators of pages and readers ask for.
  private static let others = [
    "author", "authors", "date", "description", "layout", "tags", "title",
  ]

  /// - Throws: `bad-notebook`, and `unsupported-version` for a newer one, located.
  init(of page: MarkdownPage, name: String) throws {
    let reader = Reader(page: page, name: name)
    if page.hasOpenFrontMatter {
      throw reader.error(at: 0, "the front matter that begins with '---' is never closed")
    }
    for entry in try reader.entries() {
      switch entry.key {
      case "parallax": try reader.checkVersion(entry)
      case "needs":
        needs = try reader.list(entry)
      case "params":
        params = try reader.map(entry)
      case _ where !Self.others.contains(entry.key.lowercased()): unknown.append(entry.key)
      default: break
      }
    }
  }

  /// What is said of keys that are not read.
  var warning: String? {
    guard let first = unknown.first else { return nil }
    let names = unknown.map { "'\($0)'" }.joined(separator: ", ")
    let near = Suggestion.nearest(to: first, among: Self.keys).map { " (did you mean '\($0)'?)" }
    return "the front matter says \(names), which means nothing to notebooks\(near ?? "")"
  }
}

/// Reads the lines of a front matter.
private struct Reader {
  let page: MarkdownPage
  let name: String

  struct Entry {
    var key: String
    /// Behind the colon.
    var value: String
    var line: Int
    /// The indented lines below it.
    var children: [(text: String, line: Int)] = []
  }

  func entries() throws -> [Entry] {
    var entries: [Entry] = []
    for line in page.frontMatter {
      let text = uncommented(page.lines[line])
      if text.trimmingBlanks.isEmpty { continue }
      let isNested = text.first == " " || text.first == "\t" || text.hasPrefix("- ")
      if isNested, !entries.isEmpty {
        entries[entries.count - 1].children.append((text.trimmingBlanks, line))
        continue
      }
      guard let (key, value) = pair(text) else {
        throw error(at: line, "the front matter has lines of 'key: value'; this is none")
      }
      if entries.contains(where: { $0.key == key }) {
        throw error(at: line, "the front matter says '\(key)' twice")
      }
      entries.append(Entry(key: key, value: value, line: line))
    }
    return entries
  }

  func checkVersion(_ entry: Entry) throws {
    let newest = Parser.languageVersion
    if let version = Int(entry.value), (1...newest).contains(version) { return }
    var error = error(
      at: entry.line, "this program reads notebooks of version \(newest); got '\(entry.value)'")
    error.code = .unsupportedVersion
    throw error
  }

  func list(_ entry: Entry) throws -> [String] {
    if let items = inside(entry.value, "[", "]") { return items.map(unquoted) }
    guard entry.value.isEmpty, entry.children.allSatisfy({ $0.text.hasPrefix("- ") }) else {
      throw error(
        at: entry.line, "'\(entry.key)' takes a list, such as '\(entry.key): [photos@base]'")
    }
    return entry.children.map { unquoted(String($0.text.dropFirst(2)).trimmingBlanks) }
  }

  func map(_ entry: Entry) throws -> [FrontMatter.Parameter] {
    let pieces =
      inside(entry.value, "{", "}").map { pieces in pieces.map { ($0, entry.line) } }
      ?? (entry.value.isEmpty ? entry.children.map { ($0.text, $0.line) } : nil)
    guard let pieces else {
      throw error(at: entry.line, "'\(entry.key)' takes names and values, such as '{ k: 4 }'")
    }
    var parameters: [FrontMatter.Parameter] = []
    for (text, line) in pieces {
      guard let (key, value) = pair(text), Names.isName(key) else {
        throw error(
          at: line, "'\(entry.key)' takes names and values, such as '{ k: 4 }'; got '\(text)'",
          hint: Names.rule)
      }
      if parameters.contains(where: { $0.name == key }) {
        throw error(at: line, "'\(key)' is given twice; a variable has one value")
      }
      parameters.append(.init(name: key, value: unquoted(value)))
    }
    return parameters
  }

  func error(at line: Int, _ message: String, hint: String? = nil) -> ParallaxError {
    let text = page.lines[line]
    return ParallaxError(
      .badNotebook, message, hint: hint,
      location: .init(source: name, text: text, line: line + 1, range: 0..<text.utf8.count))
  }

  private func pair(_ text: String) -> (key: String, value: String)? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let key = unquoted(String(text[..<colon]).trimmingBlanks)
    return key.isEmpty ? nil : (key, String(text[text.index(after: colon)...]).trimmingBlanks)
  }

  /// The pieces between two brackets, split at commas outside quotes.
  private func inside(_ text: String, _ open: Character, _ close: Character) -> [String]? {
    guard text.first == open, text.last == close, text.count > 1 else { return nil }
    var pieces = [""]
    var quote: Character?
    for character in text.dropFirst().dropLast() {
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if character == "," {
        pieces.append("")
        continue
      }
      pieces[pieces.count - 1].append(character)
    }
    return pieces.map(\.trimmingBlanks).filter { !$0.isEmpty }
  }

  private func unquoted(_ text: String) -> String {
    guard let first = text.first, first == "'" || first == "\"", text.count > 1, text.last == first
    else { return text }
    return String(text.dropFirst().dropLast())
  }

  private func uncommented(_ line: String) -> String {
    if line.trimmingBlanks.hasPrefix("#") { return "" }
    var quote: Character?
    var previous: Character = " "
    for index in line.indices {
      let character = line[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if character == "#", previous == " " || previous == "\t" {
        return String(line[..<index])
      }
      previous = character
    }
    return line
  }
}

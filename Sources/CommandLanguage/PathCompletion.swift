private import ParallaxText

/// Files and folders that begin as typed.
enum PathCompletion {
  static func matches(_ typed: String, _ context: some CompletionContext) -> CompletionMatches {
    let slash = typed.lastIndex(of: "/")
    let folder = slash.map { String(typed[...$0]) } ?? ""
    let prefix = slash.map { String(typed[typed.index(after: $0)...]) } ?? typed
    let found = context.entries(
      ofDirectory: folder.isEmpty ? "." : folder, startingWith: prefix)
    return CompletionMatches(
      found.texts.map { folder + $0 }, common: found.texts.isEmpty ? "" : folder + found.common)
  }

  /// The last part of a path, as a list shows it.
  static func label(_ path: String) -> String {
    let isFolder = path.hasSuffix("/")
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return Quoting.visible(name + (isFolder ? "/" : ""))
  }
}

/// The path at the end of `!command`, quoted as a shell wants it.
struct ShellCompletion {
  private let line: String
  /// Where the word at the cursor begins, and what it says.
  private var start = 0
  private var text = ""
  private var quote: Character?

  init(_ line: String) {
    self.line = line
    var offset = line.utf8.count - line.drop { $0.isWhitespace }.utf8.count
    start = offset + 1
    var isEscaped = false
    for character in line.drop(while: \.isWhitespace) {
      let after = offset + character.utf8.count
      defer { offset = after }
      if after == start, character == "!" { continue }
      if isEscaped {
        isEscaped = false
        text.append(character)
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if let open = quote {
        if character == open { quote = nil } else { text.append(character) }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if character.isWhitespace || "|&;<>()".contains(character) {
        (text, start) = ("", after)
      } else {
        text.append(character)
      }
    }
  }

  func completion(_ context: some CompletionContext) -> Completion {
    var matches = PathCompletion.matches(text, context)
    // A shell has no spelling that every one of them reads and that is safe to show.
    let shown = matches.texts.filter {
      !$0.unicodeScalars.contains(where: TerminalText.needsEscape)
    }
    if shown.count < matches.texts.count { matches = CompletionMatches(shown) }
    return Completion(
      start: start,
      candidates: matches.texts.map {
        .init(replacement: written($0, isWhole: true), label: PathCompletion.label($0))
      },
      partial: matches.common.utf8.count > text.utf8.count
        ? written(matches.common, isWhole: false) : nil,
      appendsSpace: !(matches.texts.first?.hasSuffix("/") ?? true))
  }

  private func written(_ path: String, isWhole: Bool) -> String {
    guard let quote else { return Self.escaped(path, "\\ \t\n'\"$`!&|;<>()[]{}*?#~^=") }
    let content =
      quote == "\""
      ? Self.escaped(path, "\\\"$`")
      : path.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''")
    return "\(quote)\(content)\(isWhole ? String(quote) : "")"
  }

  /// A leading `~` keeps its meaning.
  private static func escaped(_ path: String, _ special: String) -> String {
    var result = ""
    for character in path {
      let isHome = character == "~" && result.isEmpty
      if special.contains(character), !isHome { result.append("\\") }
      result.append(character)
    }
    return result
  }
}

@testable import CommandLanguage
@testable import ParallaxCommands
import ParallaxCore
import ParallaxText

/// The lexer, the parser with all commands, and what runs at the prompt on every key.
enum CommandTarget: FuzzTarget {
  static let name = "commands"
  static let repeats: [Repetition] = [
    ("", "query a --text b;", ""), ("show a", "|show", ""), ("query a --text ", "'b\"c\"$d", ""),
    ("query a --metric ", "a,", ""), ("", "\\\n", ""), ("", "\\", ""), ("", "(", ""),
    ("", "#\n", ""), ("> show a\n", ". \"\n", ""), ("", "--", ""), ("query a --where \"", "(", ""),
    ("query a --where \"", "a = 1 and ", "a = 1\""), ("", "e\u{301}", ""), ("", "= ", ""),
    ("query a --text \"", "\u{301}$a", "\""), ("", "${a}", ""),
  ]

  private static let registry = CommandRegistry.signatures
  /// Values that mean something wherever they would be read again.
  private static let variables = [
    "k": "7", "a": "a,b", "b": "--top", "c": "x^2", "d": "two words", "e": "", "f": "'\"\\$k;|#",
  ]

  static func run(_ bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    for style in [InputStyle.interactive, .script] {
      try checkParsing(of: text, style)
    }
    _ = InputLine(text)
    _ = isComplete(text)
    _ = continuationPrompt(after: text)
    try checkColours(of: text)
    try checkCompletion(of: text)
  }

  // MARK: - Parsing

  private static func checkParsing(of text: String, _ style: InputStyle) throws {
    let parser = Parser(registry, style: style)
    let known = KnownNames(others: ["red", "dims"])
    guard
      let statements = try ErrorPromise.reading({
        try parser.parse(text, source: "input", known: known)
      })
    else { return }
    for statement in statements {
      try expect(
        0 <= statement.range.lowerBound && statement.range.upperBound <= text.utf8.count,
        "a statement outside of its text")
      let canonical = statement.canonical
      guard let again = try rereading(canonical).first else {
        throw Fault("'\(canonical)' holds no statement")
      }
      try expect(again.canonical == canonical, "'\(canonical)' becomes '\(again.canonical)'")
      try expect(again.name == statement.name, "'\(canonical)' has another name")
      let (meant, read) = try (meaning(of: statement), meaning(of: again))
      try expect(meant == read, "'\(canonical)' means \(read), not \(meant)")
      try checkBound(statement)
    }
  }

  /// The only statement of a canonical form, which a script takes.
  private static func rereading(_ canonical: String) throws -> [Statement] {
    do {
      let statements = try Parser(registry, style: .interactive).parse(
        canonical, source: "canonical", known: KnownNames(others: ["red", "dims"]))
      try expect(statements.count == 1, "'\(canonical)' is \(statements.count) statements")
      return statements
    } catch let error as ParallaxError {
      throw Fault("'\(canonical)' is refused: \(error)")
    }
  }

  /// What each command gets, or the code of what is wrong with it.
  private static func meaning(of statement: Statement) throws -> [[String]] {
    try statement.pipeline.map { command in
      do {
        return meaning(of: try command.bound { variables[$0] })
      } catch let error as ParallaxError {
        try ErrorPromise.check(error)
        return ["\(error.code)"]
      }
    }
  }

  private static func meaning(of arguments: Arguments) -> [String] {
    [arguments.verb]
      + arguments.boundObjects.map { "\($0.spec.name)=\($0.value.text)" }
      + arguments.boundOptions.map { option in
        let values = option.values.map { "\($0.bound.text)^\($0.weight ?? 1)" }
        return "\(option.isNegated ? "--no-" : "--")\(option.spec.name)=\(values)"
      }
  }

  /// With its variables filled in a command means what it meant.
  private static func checkBound(_ statement: Statement) throws {
    for command in statement.pipeline where !command.isPiped {
      guard let arguments = try? command.bound(variables: { variables[$0] }) else { continue }
      let canonical = arguments.canonical
      // Each of them shows its whole line, which takes long where many stand in one.
      if statement.source.text.utf8.count < 1_000 {
        for value in arguments.values { try check(value.location) }
      }
      guard let again = try rereading(canonical).first?.pipeline.first else { continue }
      let read = meaning(of: try again.bound { _ in nil })
      let meant = meaning(of: arguments)
      try expect(read == meant, "'\(canonical)' means \(read), not \(meant)")
    }
  }

  private static func check(_ location: ParallaxError.Location) throws {
    try ErrorPromise.check(ParallaxError(.invalidValue, "here", location: location))
  }

  // MARK: - The prompt

  private static func checkColours(of text: String) throws {
    let colours = LineColors(registry)
    var end = 0
    for span in colours.spans(of: text) {
      try expect(
        span.range.lowerBound >= end && span.range.upperBound <= text.utf8.count,
        "a colour from \(span.range.lowerBound) on, before \(end)")
      end = span.range.upperBound
    }
    guard let painted = colours.painted(text, width: 200) else { return }
    var plain: [UInt8] = []
    var rest = Array(painted.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == 0x1B {
        rest = rest.drop { $0 != UInt8(ascii: "m") }.dropFirst()
      } else {
        plain.append(byte)
      }
    }
    try expect(plain == Array(text.utf8), "colours change the line '\(text)'")
  }

  private static func checkCompletion(of text: String) throws {
    let completer = Completer(registry)
    let count = text.utf8.count
    for cursor in Set([0, count / 3, count / 2, count]) {
      let completion = completer.complete(text, cursor: cursor, context: HostileContext())
      try expect(
        0 <= completion.start && completion.start <= cursor,
        "completion from \(completion.start) on, at \(cursor)")
      for candidate in completion.candidates {
        for shown in [candidate.label, candidate.replacement] {
          try expect(
            !shown.unicodeScalars.contains(where: TerminalText.needsEscape),
            "Tab shows a control character")
        }
      }
    }
  }
}

/// Names that need every kind of quoting.
private struct HostileContext: CompletionContext {
  private let names = [
    "photos", "two words", "it's", "a\"b", "$k", "x^2", "a,b", "e\u{301}", "\u{1B}[2J",
  ]
  let collections = ["photos", "paintings"]
  let spaces = ["photos@base", "photos@base-512"]
  let results = ["red", "dims"]
  let settings = ["show.rows", "mode"]
  let variables = ["k", "kind"]
  var models: [String] { names }

  func columns(of object: String?) -> [String] { names }

  func items(of object: String?, startingWith prefix: String) -> CompletionMatches {
    CompletionMatches(names.filter { $0.hasPrefix(prefix) })
  }

  func entries(ofDirectory path: String, startingWith prefix: String) -> CompletionMatches {
    CompletionMatches(names.filter { $0.hasPrefix(prefix) })
  }
}

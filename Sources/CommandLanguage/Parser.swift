private import ParallaxCore
private import ParallaxText

/// Turns text into checked statements; knows the commands only through their signatures.
package struct Parser: Sendable {
  /// The newest version that a script's first line may name: `version 1`.
  package static let languageVersion = 1

  package let registry: SignatureRegistry
  package let style: InputStyle

  package init(_ registry: SignatureRegistry, style: InputStyle) {
    self.registry = registry
    self.style = style
  }

  /// Parses a line typed at the prompt, or a whole script.
  ///
  /// Everything that can be known without running is checked: syntax, verbs, options, types and
  /// ranges of values without variables, and the variables and results used, in order.
  ///
  /// - Parameters:
  ///   - source: a file name, or `input 12`.
  ///   - firstLine: the number of the text's first line, for blocks within a notebook; lines are
  ///     not counted in the interactive style.
  ///   - known: the names that exist beforehand. By default a script knows no variable, and the
  ///     interactive style leaves the check to ``ParsedCommand/bound(variables:)``.
  /// - Throws: `ParallaxError` for the first error, located.
  package func parse(
    _ text: String, source: String, firstLine: Int = 1, known: KnownNames? = nil
  ) throws -> [Statement] {
    let source = SourceText(text, name: source, firstLine: style == .script ? firstLine : nil)
    var known = known ?? KnownNames(variables: style == .script ? [] : nil)
    return try parse(source, known: &known)
  }

  /// The same for a text that is one of several: the names that it defines are known to the next.
  package func parse(
    _ source: SourceText, known: inout KnownNames
  ) throws -> [Statement] {
    let scan = Lexer.scan(source.text)
    var groups = try Self.groups(of: scan.tokens, in: source)
    if scan.failure != nil { _ = groups.popLast() }
    if style == .script, try isVersionLine(groups.first, in: source) { groups.removeFirst() }
    var names = NameCheck(
      known, source: source, style: style,
      definer: registry.signatures.first { $0.definesVariable }?.verb)
    let statements = try groups.map { tokens in
      let statement = try self.statement(tokens, in: source) { names.isResult($0) }
      try names.check(statement)
      return statement
    }
    if let failure = scan.failure { throw failure.located(in: source) }
    known = names.known
    return statements
  }

  /// Takes tokens apart into statements, without comments; a line end after `|` counts as a blank.
  private static func groups(of tokens: [Token], in source: SourceText) throws -> [[Token]] {
    var groups: [[Token]] = []
    var group: [Token] = []
    for token in tokens {
      switch token.kind {
      case .comment: continue
      case .newline:
        if group.last?.kind == .pipe { continue }
        if !group.isEmpty { groups.append(group) }
        group = []
      case .semicolon:
        guard !group.isEmpty else {
          throw ParallaxError(
            .missingCommand, "a command is missing before ';'",
            location: source.location(of: token.range))
        }
        groups.append(group)
        group = []
      case .word, .pipe: group.append(token)
      }
    }
    if !group.isEmpty { groups.append(group) }
    return groups
  }

  private func isVersionLine(_ tokens: [Token]?, in source: SourceText) throws -> Bool {
    let words = (tokens ?? []).compactMap(\.word?.bareText)
    guard words.count == 2, words[0] == "version", registry.signature(named: "version") == nil,
      let tokens
    else { return false }
    guard let version = Int(words[1]), (1...Self.languageVersion).contains(version) else {
      throw ParallaxError(
        .unsupportedVersion,
        "this program reads scripts of version \(Self.languageVersion); got '\(words[1])'",
        location: source.location(of: tokens[1].range))
    }
    return true
  }

  // MARK: - Statements

  /// - Parameter isResult: whether a word is the name of a result.
  private func statement(
    _ tokens: [Token], in source: SourceText, isResult: (String) -> Bool
  ) throws -> Statement {
    var stages = try Self.stages(of: tokens, in: source)
    var name: (text: String, range: Range<Int>)?
    let separated = stages[0].separatingEquals(at: 1)
    if separated.count > 1, separated[1].bareText == "=", !separated[0].startsOption {
      name = try resultName(separated[0], in: source)
      stages[0] = Array(separated[2...])
      guard !stages[0].isEmpty else {
        throw ParallaxError(
          .missingCommand, "a command is missing after '='",
          location: source.location(of: separated[1].range))
      }
    }
    if stages.count > 1, stages[0].count == 1, let word = stages[0][0].bareText, isResult(word),
      let show = registry.signatures.first(where: \.showsResults)?.verb
    {
      let range = stages[0][0].range
      stages[0].insert(
        Word(parts: [.init(content: .bare(show), range: range)], range: range), at: 0)
    }
    let parser = CommandParser(registry: registry, style: style, source: source)
    let pipeline = try stages.enumerated().map { try parser.parse($1, isPiped: $0 > 0) }
    try Self.checkFlow(pipeline, isNamed: name != nil)
    let range = (tokens.first?.range.lowerBound ?? 0)..<(tokens.last?.range.upperBound ?? 0)
    return Statement(
      name: name?.text, nameRange: name?.range, pipeline: pipeline, source: source, range: range)
  }

  private static func stages(of tokens: [Token], in source: SourceText) throws -> [[Word]] {
    var stages: [[Word]] = [[]]
    for token in tokens {
      if let word = token.word {
        stages[stages.count - 1].append(word)
      } else if stages[stages.count - 1].isEmpty {
        throw ParallaxError(
          .missingCommand, "a command is missing before '|'",
          location: source.location(of: token.range))
      } else {
        stages.append([])
      }
    }
    if stages[stages.count - 1].isEmpty, let last = tokens.last {
      throw ParallaxError(
        .missingCommand, "a command is missing after '|'",
        location: source.location(of: last.range))
    }
    return stages
  }

  private func resultName(
    _ word: Word, in source: SourceText
  ) throws -> (text: String, range: Range<Int>) {
    let location = source.location(of: word.range)
    guard let name = word.bareText, Names.isName(name) else {
      let got = TerminalText.truncated(source[word.range], to: 40)
      throw ParallaxError(
        .badName, "a result cannot be called '\(got)'; \(Names.rule)", location: location)
    }
    guard !registry.isTaken(name) else {
      throw ParallaxError(
        .reservedName, "a result cannot be called '\(name)'; that is a command",
        location: location)
    }
    return (name, word.range)
  }

  /// Checks that results flow only from commands that give one to commands that take one.
  private static func checkFlow(_ pipeline: [ParsedCommand], isNamed: Bool) throws {
    for command in pipeline.dropLast() where !command.signature.producesResult {
      throw command.error(.noResult, "'\(command.verb)' gives no result to pass on")
    }
    for command in pipeline.dropFirst() where !command.signature.acceptsResult {
      throw command.error(.noResult, "'\(command.verb)' takes no result through '|'")
    }
    if isNamed, let last = pipeline.last, !last.signature.producesResult {
      throw last.error(.noResult, "'\(last.verb)' gives no result to name")
    }
  }
}

/// Whether a text is whole: no open quote, and it does not end in `\` or `|`.
package func isComplete(_ text: String) -> Bool {
  let scan = Lexer.scan(text)
  if let failure = scan.failure {
    return failure.code != .unterminatedQuote && failure.code != .unfinishedLine
  }
  if scan.endsInContinuation { return false }
  let last = scan.tokens.last {
    if case .comment = $0.kind { return false }
    return $0.kind != .newline
  }
  return last?.kind != .pipe
}

/// The first line of a text, from 0, with which the lines up to it are whole; `nil` when they never are.
///
/// Says what ``isComplete(_:)`` says of each beginning, in one go.
func firstCompleteLine(of text: String) -> Int? {
  let scan = Lexer.scan(text)
  var last: Token.Kind?
  var ends: Int?
  for token in scan.tokens where ends == nil {
    switch token.kind {
    case .comment: break
    case .newline: if last != .pipe { ends = token.range.lowerBound }
    case .word, .pipe, .semicolon: last = token.kind
    }
  }
  if ends == nil, isComplete(text) { ends = scan.failure?.range.upperBound ?? text.utf8.count }
  return ends.map { text.utf8.prefix($0).count { $0 == UInt8(ascii: "\n") } }
}

/// The prompt for the next line of a text that is not complete: the quote that is open, if one is,
/// and a point.
package func continuationPrompt(after text: String) -> String {
  switch Lexer.scan(text).openQuote?.kind {
  case .single: "'. "
  case .double: "\". "
  case nil: ". "
  }
}

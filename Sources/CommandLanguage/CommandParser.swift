import ParallaxCore
private import ParallaxText

/// Matches the words of one command to its signature.
struct CommandParser {
  let registry: SignatureRegistry
  let style: InputStyle
  let source: SourceText

  /// - Parameter words: at least one.
  func parse(_ words: [Word], isPiped: Bool) throws -> ParsedCommand {
    try checkCharacters(of: words.prefix(1)) { _ in false }
    let signature = try signature(of: words[0])
    try checkCharacters(of: words.dropFirst()) { signature.optionNames[$0] != nil }
    var options: [ParsedCommand.OptionUse] = []
    var positional: [Word] = []
    var index = 1
    while index < words.count {
      let word = words[index]
      index += 1
      if word.bareText == "--" {
        positional += words[index...]
        break
      }
      let next = index < words.count ? words[index] : nil
      if let (use, takesNext) = try option(word, next: next, of: signature) {
        if takesNext { index += 1 }
        try checkRepetition(of: use, among: options)
        options.append(use)
      } else {
        positional.append(word)
      }
    }
    for required in signature.options
    where required.isRequired && !options.contains(where: { $0.spec.name == required.name }) {
      throw error(
        .missingOption, "'\(signature.verb)' needs '\(required.label)'", at: words[0].range,
        usage: signature)
    }
    let matcher = ObjectMatcher(
      placement: ObjectPlacement(signature: signature, isPiped: isPiped, style: style),
      source: source,
      words: words, options: options)
    let command = ParsedCommand(
      signature: signature, objects: try matcher.match(positional), options: options,
      isPiped: isPiped, source: source,
      range: words[0].range.lowerBound..<words[words.count - 1].range.upperBound,
      verbRange: words[0].range)
    try Binder.checkLiterals(of: command)
    return command
  }

  // MARK: - Verbs

  private func signature(of word: Word) throws -> CommandSignature {
    guard let verb = word.literal else {
      throw error(.unknownVerb, "a command cannot be a variable", at: word.range)
    }
    if case .bare(let text)? = word.parts.first?.content, text.hasPrefix("!") {
      throw error(
        .shellCommand, "a shell command works only at the prompt, at the start of a line",
        at: word.range)
    }
    switch word.isEscaped ? .unknown : registry.match(verb) {
    case .exact(let signature): return signature
    case .alias(let signature), .prefix(let signature):
      guard style == .script else { return signature }
      throw error(
        .abbreviation, "'\(verb)' stands for '\(signature.verb)' only at the prompt",
        hint: "write '\(signature.verb)'", at: word.range)
    case .ambiguous(let verbs):
      throw error(
        .ambiguousName, "'\(verb)' may be \(Self.alternatives(verbs))", at: word.range)
    case .reserved:
      throw error(
        .reservedVerb, "'\(verb)' is reserved for a later version", at: word.range)
    case .unknown:
      throw error(
        .unknownVerb, "unknown command '\(TerminalText.truncated(source[word.range], to: 40))'",
        hint: ForeignVerb.hint(for: source[word.range])
          ?? registry.suggestion(for: verb).map { "did you mean '\($0)'?" }
          ?? "'help' lists the commands", at: word.range)
    }
  }

  private func checkCharacters(
    of words: some Sequence<Word>, isOption: (String) -> Bool
  ) throws {
    for word in words {
      if let failure = TypographicWord.failure(in: word, options: isOption) {
        throw failure.located(in: source)
      }
    }
  }

  static func alternatives(_ names: [String]) -> String {
    let quoted = names.map { "'\($0)'" }
    return quoted.dropLast().joined(separator: ", ") + " or " + (quoted.last ?? "")
  }

  func error(
    _ code: ParallaxError.Code, _ message: String, hint: String? = nil, at range: Range<Int>,
    usage: CommandSignature? = nil
  ) -> ParallaxError {
    ParallaxError(
      code, message, hint: hint, usage: usage?.usage, location: source.location(of: range))
  }

  private func checkRepetition(
    of use: ParsedCommand.OptionUse, among earlier: [ParsedCommand.OptionUse]
  ) throws {
    guard use.spec.kind == .flag || use.spec.kind == .single,
      earlier.contains(where: { $0.spec.name == use.spec.name })
    else { return }
    throw error(
      .duplicateOption, "'--\(use.spec.name)' may be given only once",
      at: use.range)
  }
}

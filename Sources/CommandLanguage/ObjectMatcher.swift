import ParallaxCore
private import ParallaxText

/// Gives a command's objects the places that its signature has for them.
struct ObjectMatcher {
  let placement: ObjectPlacement
  let source: SourceText
  /// All of the command, its verb first.
  let words: [Word]
  let options: [ParsedCommand.OptionUse]

  private var verbRange: Range<Int> { words[0].range }

  private var signature: CommandSignature { placement.signature }

  func match(_ positional: [Word]) throws -> [ParsedCommand.ObjectUse] {
    let words = separatingKeywords(positional)
    let places = placement.places(for: words.count)
    let uses = zip(places, words).map { ParsedCommand.ObjectUse(spec: $0, word: $1) }
    if let missing = placement.missing(for: words.count) { throw try absent(missing, after: uses) }
    if words.count > places.count { throw unexpected(words[places.count], after: uses) }
    return uses
  }

  private func separatingKeywords(_ words: [Word]) -> [Word] {
    guard let position = placement.specs.firstIndex(where: { $0.type == .choice(["="]) }) else {
      return words
    }
    return words.separatingEquals(at: position)
  }

  /// - Throws: the fault of an object that was given, which matters more.
  private func absent(
    _ spec: ObjectSpec, after uses: [ParsedCommand.ObjectUse]
  ) throws -> ParallaxError {
    let command = ParsedCommand(
      signature: signature, objects: uses, options: [], isPiped: placement.isPiped, source: source,
      range: verbRange, verbRange: verbRange)
    do { try Binder.checkLiterals(of: command) } catch var error as ParallaxError {
      error.hint = error.hint ?? missingKind(spec, after: uses)
      throw error
    }
    let byHand = placement.specs.first { $0.arity == .optionalByHand && placement.style == .script }
    return ParallaxError(
      .missingObject, "'\(signature.verb)' needs '\(spec.name)'",
      hint: equalsHint ?? byHand.map { "'\($0.name)' can be left out only at the prompt" },
      usage: signature.usage, location: source.location(of: verbRange))
  }

  /// `drop photos` for `drop collection photos`: the name came without what it is the name of.
  private func missingKind(
    _ spec: ObjectSpec, after uses: [ParsedCommand.ObjectUse]
  ) -> String? {
    guard uses.count == 1, case .choice(let kinds) = uses[0].spec.type, let first = kinds.first,
      let name = uses[0].word.literal
    else { return nil }
    let kind = name.contains("@") && kinds.contains("space") ? "space" : first
    return "say what it is: \(signature.verb) \(kind) \(source[uses[0].word.range])"
  }

  /// `set mode=csv`
  private var equalsHint: String? {
    guard signature.objects.contains(where: { $0.type == .settingValue }), words.count == 2,
      let (before, _, after) = words[1].cut(at: "="), let before, let after
    else { return nil }
    return "no '=' belongs here: "
      + [words[0], before, after].map { source[$0.range] }.joined(separator: " ")
  }

  private func unexpected(
    _ word: Word, after uses: [ParsedCommand.ObjectUse]
  ) -> ParallaxError {
    let shown = TerminalText.truncated(source[word.range], to: 40)
    let comesThroughPipe = placement.isPiped && placement.specs.count < signature.objects.count
    let stray = StrayWord(
      word: word, words: words, options: options, objects: uses, signature: signature,
      source: source)
    return ParallaxError(
      .unexpectedObject, "'\(signature.verb)' does not take '\(shown)' here",
      hint: comesThroughPipe ? "it gets its result through '|'" : stray.hint,
      usage: signature.usage, location: source.location(of: word.range))
  }
}

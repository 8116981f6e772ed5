import ParallaxCore

/// Gives a command's objects the places that its signature has for them.
struct ObjectMatcher {
  let deal: ObjectDeal
  let source: SourceText
  let verbRange: Range<Int>

  private var signature: CommandSignature { deal.signature }

  func match(_ positional: [Word]) throws -> [ParsedCommand.ObjectUse] {
    let words = separatingKeywords(positional)
    let places = deal.places(for: words.count)
    let uses = zip(places, words).map { ParsedCommand.ObjectUse(spec: $0, word: $1) }
    if let missing = deal.missing(for: words.count) { throw try absent(missing, after: uses) }
    if words.count > places.count { throw unexpected(words[places.count]) }
    return uses
  }

  private func separatingKeywords(_ words: [Word]) -> [Word] {
    guard let position = deal.specs.firstIndex(where: { $0.type == .choice(["="]) }) else {
      return words
    }
    return words.separatingEquals(at: position)
  }

  /// - Throws: the fault of an object that was given, which matters more.
  private func absent(
    _ spec: ObjectSpec, after uses: [ParsedCommand.ObjectUse]
  ) throws -> ParallaxError {
    let command = ParsedCommand(
      signature: signature, objects: uses, options: [], isPiped: deal.isPiped, source: source,
      range: verbRange, verbRange: verbRange)
    try Binder.checkLiterals(of: command)
    let byHand = deal.specs.first { $0.arity == .optionalByHand && deal.style == .script }
    return ParallaxError(
      .missingObject, "'\(signature.verb)' needs '\(spec.name)'",
      hint: byHand.map { "'\($0.name)' may be left out at the prompt only" },
      usage: signature.usage, location: source.location(of: verbRange))
  }

  private func unexpected(_ word: Word) -> ParallaxError {
    let shown = TerminalText.truncated(source[word.range], to: 40)
    let comesThroughPipe = deal.isPiped && deal.specs.count < signature.objects.count
    return ParallaxError(
      .unexpectedObject, "'\(signature.verb)' does not take '\(shown)' here",
      hint: comesThroughPipe
        ? "its result comes through '|'" : "a text with blanks stands in quotes",
      usage: signature.usage, location: source.location(of: word.range))
  }
}

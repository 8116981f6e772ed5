private import ParallaxCore

/// Deals a command's objects out to the places its signature has for them.
struct ObjectMatcher {
  let signature: CommandSignature
  let isPiped: Bool
  let style: InputStyle
  let source: SourceText
  let verbRange: Range<Int>

  /// Required places are served first, then optional ones from left to right.
  func match(_ positional: [Word]) throws -> [ParsedCommand.ObjectUse] {
    let specs = self.specs
    let words = separatingKeywords(positional, specs)
    let needed = specs.count { isNeeded($0) }
    var extra = words.count - needed
    var uses: [ParsedCommand.ObjectUse] = []
    var rest = words[...]
    for spec in specs {
      var count = isNeeded(spec) ? 1 : 0
      if extra > 0, spec.isRepeated || !isNeeded(spec) {
        let more = spec.isRepeated ? extra : 1
        count += more
        extra -= more
      }
      uses += rest.prefix(count).map { .init(spec: spec, word: $0) }
      guard rest.count >= count else { throw try missing(spec, after: uses) }
      rest = rest.dropFirst(count)
    }
    if let word = rest.first { throw unexpected(word) }
    return uses
  }

  /// The places to fill; a pipe has filled the first that takes a result.
  private var specs: [ObjectSpec] {
    var specs = signature.objects
    if isPiped, let piped = specs.firstIndex(where: \.takesResult) { specs.remove(at: piped) }
    return specs
  }

  private func isNeeded(_ spec: ObjectSpec) -> Bool {
    spec.isRequired || (spec.arity == .optionalByHand && style == .script)
  }

  private func separatingKeywords(_ words: [Word], _ specs: [ObjectSpec]) -> [Word] {
    guard let position = specs.firstIndex(where: { $0.type == .choice(["="]) }) else {
      return words
    }
    return words.separatingEquals(at: position)
  }

  private func missing(
    _ spec: ObjectSpec, after uses: [ParsedCommand.ObjectUse]
  ) throws -> ParallaxError {
    let command = ParsedCommand(
      signature: signature, objects: uses, options: [], isPiped: isPiped, source: source,
      range: verbRange, verbRange: verbRange)
    try Binder.checkLiterals(of: command)
    let byHand = signature.objects.first { $0.arity == .optionalByHand && style == .script }
    let hint = byHand.map { "'\($0.name)' may be left out at the prompt only" }
    return ParallaxError(
      .missingObject, "'\(signature.verb)' needs '\(spec.name)'", hint: hint,
      usage: signature.usage, location: source.location(of: verbRange))
  }

  private func unexpected(_ word: Word) -> ParallaxError {
    let shown = TerminalText.truncated(source[word.range], to: 40)
    let hint =
      isPiped && signature.objects.contains(where: \.takesResult)
      ? "its result comes through '|'" : "a text with blanks stands in quotes"
    return ParallaxError(
      .unexpectedObject, "'\(signature.verb)' does not take '\(shown)'", hint: hint,
      usage: signature.usage, location: source.location(of: word.range))
  }
}

extension ObjectSpec {
  /// Whether a pipe can fill its place.
  var takesResult: Bool { type == .result || type == .object }
}

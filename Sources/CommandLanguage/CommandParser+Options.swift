private import ParallaxCore
private import ParallaxText

extension CommandParser {
  /// Reads an option.
  ///
  /// - Returns: `nil` when `word` is an object; otherwise the option, and whether `next` is its
  ///   value.
  func option(
    _ word: Word, next: Word?, of signature: CommandSignature
  ) throws -> (use: ParsedCommand.OptionUse, takesNext: Bool)? {
    guard word.startsOption, word.bareText != "-" else { return nil }
    let (head, attached) = word.optionHead
    let found: (spec: OptionSpec, isNegated: Bool)
    if word.startsLongOption {
      found = try longOption(head, of: signature)
    } else if word.bareText.flatMap(Numbers.decimal) != nil {
      return nil
    } else {
      found = (try shortOption(word, of: signature), false)
    }
    if found.spec.kind == .flag {
      try refuse(attached, for: found.spec, isNegated: found.isNegated)
      return (use(found.spec, isNegated: found.isNegated, at: head.range), false)
    }
    let value = try attached ?? self.value(for: found.spec, next: next, at: head.range, signature)
    return (try use(found.spec, value: value, at: head.range), attached == nil)
  }

  // MARK: - Names

  private func longOption(
    _ head: Word, of signature: CommandSignature
  ) throws -> (spec: OptionSpec, isNegated: Bool) {
    let name = head.bareText.map { String($0.dropFirst(2)) }
    if let name, let exact = signature.optionNames[name] { return exact }
    guard let name else { throw unknownOption(head, name: "", of: signature) }
    let candidates = signature.sortedOptionNames.filter { !name.isEmpty && $0.hasPrefix(name) }
    guard let first = candidates.first, let match = signature.optionNames[first] else {
      throw unknownOption(head, name: name, of: signature)
    }
    guard candidates.count == 1 else {
      throw error(
        .ambiguousName,
        "'--\(name)' may be \(Self.alternatives(candidates.map { "--\($0)" }))", at: head.range)
    }
    if style == .script { throw abbreviation("--\(name)", of: "--\(first)", at: head.range) }
    return match
  }

  private func shortOption(_ word: Word, of signature: CommandSignature) throws -> OptionSpec {
    let letters = word.bareText?.dropFirst() ?? ""
    let match = signature.options.first { letters.count == 1 && $0.shortName == letters.first }
    guard let match else {
      let shown = TerminalText.truncated(source[word.range], to: 40)
      throw error(
        .unknownOption, "unknown option '\(shown)' for '\(signature.verb)'",
        hint: "put '--' before an object that begins with '-'", at: word.range,
        usage: signature)
    }
    if style == .script {
      throw abbreviation("-\(letters)", of: "--\(match.name)", at: word.range)
    }
    return match
  }

  private func abbreviation(
    _ short: String, of full: String, at range: Range<Int>
  ) -> ParallaxError {
    error(
      .abbreviation, "'\(short)' stands for '\(full)' only at the prompt",
      hint: "write '\(full)'", at: range)
  }

  private func unknownOption(
    _ head: Word, name: String, of signature: CommandSignature
  ) -> ParallaxError {
    let near = Suggestion.nearest(to: name, among: signature.sortedOptionNames)
    return error(
      .unknownOption,
      "unknown option '\(TerminalText.truncated(source[head.range], to: 40))' "
        + "for '\(signature.verb)'",
      hint: near.map { "did you mean '--\($0)'?" }, at: head.range, usage: signature)
  }

  // MARK: - Values

  private func refuse(_ attached: Word?, for spec: OptionSpec, isNegated: Bool) throws {
    guard let attached else { return }
    throw error(
      .unexpectedValue, "'--\(isNegated ? "no-" : "")\(spec.name)' takes no value",
      hint: spec.isNegatable && !isNegated ? "'--no-\(spec.name)' turns it off" : nil,
      at: attached.range)
  }

  private func value(
    for spec: OptionSpec, next: Word?, at range: Range<Int>, _ signature: CommandSignature
  ) throws -> Word {
    if let next, !next.startsLongOption { return next }
    throw error(
      .missingValue, "'--\(spec.name)' needs a value: \(spec.placeholder)",
      hint: next == nil ? nil : "put a value that begins with '--' in quotes", at: range,
      usage: signature)
  }

  private func use(
    _ spec: OptionSpec, isNegated: Bool, at range: Range<Int>
  ) -> ParsedCommand.OptionUse {
    .init(spec: spec, value: nil, weight: nil, isNegated: isNegated, range: range)
  }

  private func use(
    _ spec: OptionSpec, value: Word, at range: Range<Int>
  ) throws -> ParsedCommand.OptionUse {
    guard spec.kind == .weighted, let (word, weight) = value.cutAtWeight() else {
      return .init(spec: spec, value: value, weight: nil, isNegated: false, range: range)
    }
    guard !word.parts.isEmpty else {
      throw error(
        .missingValue, "'--\(spec.name)' needs a value before its weight",
        hint: "put a text that begins with '^' in quotes", at: value.range)
    }
    return .init(
      spec: spec, value: word, weight: try number(of: weight), isNegated: false, range: range)
  }

  /// Weights beyond it would drown every other term.
  private static let largestWeight = 1e6

  /// - Throws: `bad-value` for anything but a number in range.
  private func number(of weight: Word) throws -> Double {
    let written = source[weight.range]
    guard !written.isEmpty else {
      throw error(
        .missingValue, "a weight is missing after '^'", hint: Self.weightHint(written),
        at: weight.range.lowerBound - 1..<weight.range.lowerBound)
    }
    let shown = TerminalText.truncated(written, to: 40)
    guard let text = weight.bareText, Numbers.isDecimal(text), let value = Double(text) else {
      throw error(
        .badValue, "weight '\(shown)' is not a number", hint: Self.weightHint(written),
        at: weight.range)
    }
    let isUnderflow =
      value == 0 && text.prefix { $0 != "e" && $0 != "E" }.contains { "1"..."9" ~= $0 }
    guard abs(value) <= Self.largestWeight, !isUnderflow else {
      throw error(
        .badValue, "weight '\(shown)' is out of range: a weight is from -1000000 to 1000000",
        at: weight.range)
    }
    return value
  }

  private static func weightHint(_ written: String) -> String {
    let point = written.split(separator: ",", omittingEmptySubsequences: false)
      .joined(separator: ".")
    if point != written, Numbers.decimal(point) != nil {
      return "write \(point), with a point"
    }
    return "outside quotes '^' begins a weight: put a value that contains it in quotes"
  }
}

extension Word {
  /// An option cut into its name with the dashes, and the value after an unquoted `=`.
  fileprivate var optionHead: (head: Word, attached: Word?) {
    guard let (before, equals, after) = cut(at: "="), let before else { return (self, nil) }
    let empty = Word(
      parts: [Part(content: .quoted(""), range: equals.upperBound..<equals.upperBound)],
      range: equals.upperBound..<equals.upperBound)
    return (before, after ?? empty)
  }
}

extension CommandSignature {
  /// Every spelling of an option without the dashes: names, and `no-NAME` of negatable flags.
  var optionNames: [String: (spec: OptionSpec, isNegated: Bool)] {
    var names: [String: (spec: OptionSpec, isNegated: Bool)] = [:]
    for option in options where option.isNegatable { names["no-\(option.name)"] = (option, true) }
    for option in options { names[option.name] = (option, false) }
    return names
  }

  var sortedOptionNames: [String] { optionNames.keys.sorted() }
}

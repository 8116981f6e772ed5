/// What may stand at the cursor within a command.
struct CompletionSlot {
  private enum Expected {
    case optionName
    case value(OptionSpec, Word)
    case object
  }

  private let signature: CommandSignature
  private let position: CompletionPosition
  private var expected = Expected.object
  private var positional: [Word] = []
  private var used: Set<String> = []
  private var optionsEnded = false

  init(_ position: CompletionPosition, signature: CommandSignature) {
    self.signature = signature
    self.position = position
    var pending: OptionSpec?
    for word in position.words.dropFirst() {
      if pending != nil {
        pending = nil
      } else if optionsEnded || !word.startsOption {
        positional.append(word)
      } else if word.bareText == "--" {
        optionsEnded = true
      } else {
        pending = takeOption(word)
      }
    }
    expected = expectation(pending: pending)
  }

  /// - Returns: the option when its value is the next word.
  private mutating func takeOption(_ word: Word) -> OptionSpec? {
    let parts = word.cut(at: "=")
    guard let spec = spec(of: parts?.before ?? word) else { return nil }
    if spec.kind == .flag || spec.kind == .single { used.insert(spec.name) }
    return parts == nil && spec.kind != .flag ? spec : nil
  }

  private func spec(of word: Word) -> OptionSpec? {
    guard let text = word.bareText else { return nil }
    guard text.hasPrefix("--") else {
      return signature.options.first { option in option.shortName.map { text == "-\($0)" } ?? false
      }
    }
    let name = String(text.dropFirst(2))
    if let exact = signature.optionNames[name] { return exact.spec }
    let candidates = signature.sortedOptionNames.filter { $0.hasPrefix(name) }
    return candidates.count == 1 ? signature.optionNames[candidates[0]]?.spec : nil
  }

  private func expectation(pending: OptionSpec?) -> Expected {
    let current = position.current
    if let pending, !current.startsLongOption { return .value(pending, current) }
    guard !optionsEnded, current.startsOption else { return .object }
    if let (before, equals, after) = current.cut(at: "="), let before,
      let spec = spec(of: before), spec.kind != .flag
    {
      let start = equals.upperBound
      return .value(spec, after ?? Word(parts: [], range: start..<start))
    }
    return .optionName
  }

  // MARK: - Candidates

  func completion(
    with filler: CompletionFiller<some CompletionContext>, verbs: [String]
  ) -> Completion {
    switch expected {
    case .optionName: return filler.plain(optionNames)
    case .value(let spec, let word):
      let source = filler.source(
        types: [spec.type], keywords: [], object: object, previous: nil, verbs: verbs)
      return filler.fill(word, from: source, isList: spec.kind == .list)
    case .object:
      let places = self.places
      let source = filler.source(
        types: places.map(\.type), keywords: places.flatMap(\.keywords), object: object,
        previous: positional.last?.literal, verbs: verbs)
      let completion = filler.fill(position.current, from: source, isList: false)
      let offersOptions = position.current.parts.isEmpty && !optionsEnded
      return completion.candidates.isEmpty && offersOptions
        ? filler.plain(optionNames) : completion
    }
  }

  private var optionNames: [String] {
    let typed = position.current.bareText ?? ""
    return signature.optionNames
      .filter { !used.contains($0.value.spec.name) }
      .filter { !$0.value.isNegated || typed.hasPrefix("--no") }
      .map { "--\($0.key)" }
  }

  /// The object that tells which fields there are.
  private var object: String? {
    let matcher = ObjectDeal(signature: signature, isPiped: position.isPiped, style: .interactive)
    for (spec, word) in zip(matcher.places(for: positional.count), positional) {
      switch spec.type {
      case .collection, .space, .result, .object: return word.literal
      default: continue
      }
    }
    return nil
  }

  /// The places that the word at the cursor may take, whether or not optional ones are left out.
  private var places: [ObjectSpec] {
    let deal = ObjectDeal(signature: signature, isPiped: position.isPiped, style: .interactive)
    let count = positional.count
    var places: [ObjectSpec] = []
    let dealt = deal.places(for: count + 1)
    if dealt.count > count { places.append(dealt[count]) }
    let all = deal.specs
    if let next = all.indices.contains(count) ? all[count] : all.last(where: \.isRepeated),
      !places.contains(next)
    {
      places.append(next)
    }
    return places
  }
}

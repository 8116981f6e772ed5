/// What may stand at the cursor within a command.
struct CompletionSlot {
  private enum Expected {
    case optionName
    case value(OptionSpec, Word)
    case object
  }

  private let position: CompletionPosition
  private let pipedObject: String?
  private let words: CommandWords
  private var expected = Expected.object

  /// - Parameter pipedObject: what the command at the start of the pipeline works on.
  init(_ position: CompletionPosition, signature: CommandSignature, pipedObject: String?) {
    self.position = position
    self.pipedObject = pipedObject
    words = CommandWords(position.words, signature, isPiped: position.isPiped)
    expected = expectation()
  }

  private func expectation() -> Expected {
    let current = position.current
    if let pending = words.pending, !current.startsLongOption { return .value(pending, current) }
    guard !words.optionsEnded, current.startsOption else { return .object }
    if let (before, equals, after) = current.cut(at: "="), let before,
      let spec = words.signature.option(asTyped: before), spec.kind != .flag
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
    case .optionName: return filler.plain(optionNames, optionSummaries)
    case .value(let spec, let word):
      let wanted = CompletionWish(
        types: [spec.type], keywords: [], object: object, words: words, verbs: verbs)
      return filler.fill(word, wanted, isList: spec.kind == .list)
    case .object:
      let places = self.places
      let wanted = CompletionWish(
        types: places.map(\.type), keywords: places.flatMap(\.keywords), object: object,
        words: words, verbs: verbs)
      let completion = filler.fill(position.current, wanted, isList: false)
      let offersOptions =
        position.current.parts.isEmpty && !words.optionsEnded && completion.candidates.isEmpty
        && words.placement.missing(for: words.positional.count) == nil
      // A single one would be inserted, though nobody asked for it.
      return offersOptions && optionNames.count > 1
        ? filler.plain(optionNames, optionSummaries) : completion
    }
  }

  private var optionNames: [String] {
    let typed = position.current.bareText ?? ""
    return words.signature.optionNames
      .filter { !words.used.contains($0.value.spec.name) }
      .filter { !$0.value.isNegated || typed.hasPrefix("--no") }
      // Consent is typed, never offered.
      .filter { $0.value.spec.name != OptionKey.yes.name || typed.hasPrefix("-") }
      .map { "--\($0.key)" }
  }

  private var optionSummaries: [String: String] {
    Dictionary(
      words.signature.optionNames.map { ("--\($0.key)", $0.value.spec.help) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The object that tells which fields there are.
  private var object: String? {
    if let object = words.object { return object }
    if position.isPiped { return pipedObject }
    return words.signature.objects.contains(where: \.takesResult) ? "_" : nil
  }

  /// The places that the word at the cursor may take, whether or not optional ones are left out.
  private var places: [ObjectSpec] {
    let placement = words.placement
    let count = words.positional.count
    var places: [ObjectSpec] = []
    let placed = placement.places(for: count + 1)
    if placed.count > count { places.append(placed[count]) }
    let all = placement.specs
    if let next = all.indices.contains(count) ? all[count] : all.last(where: \.isRepeated),
      !places.contains(next)
    {
      places.append(next)
    }
    return places
  }
}

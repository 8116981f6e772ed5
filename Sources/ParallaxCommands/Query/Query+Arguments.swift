internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxSearch
private import ParallaxSystem
internal import ParallaxWorkbench

extension Query {
  /// What the options of `query` ask for.
  ///
  /// - Throws: what contradicts itself, about the option.
  init(_ arguments: Arguments) throws {
    let terms = try Self.terms(arguments)
    guard !terms.isEmpty else {
      throw arguments.error(
        .missingOption,
        "'query' needs something to look for: --text, --image or --like, or --queries or --each",
        usage: true)
    }
    self.init(terms: terms)
    try readOptions(arguments)
    try check()
  }

  /// What they ask for with each of many questions, which bring the terms.
  ///
  /// - Parameter source: the option that the questions are from.
  /// - Throws: what contradicts itself, about the option.
  init(ofMany arguments: Arguments, from source: any ArgumentKey) throws {
    self.init(terms: [])
    for option in Self.termOptions.map(\.key) where arguments.given(option) {
      throw arguments.error(
        at: option, .usage,
        "--\(source.name) brings what is looked for; --\(option.name) cannot be combined with it")
    }
    try readOptions(arguments)
    if dimensions.count > 1 {
      throw arguments.error(
        at: QueryCommand.dimensions, .usage,
        "--\(source.name) takes one dimension; got \(dimensions.count)",
        hint: "'compare --dims' compares several")
    }
    try checkOptions()
  }

  private mutating func readOptions(_ arguments: Arguments) throws {
    top = try arguments[QueryCommand.top]
    condition = try arguments[QueryCommand.condition]
    minimumScore = try arguments[QueryCommand.minimumScore].map { Float($0) }
    fusion = try arguments[QueryCommand.fusion]
    similarity = try arguments[QueryCommand.similarity]
    method = try Self.method(arguments)
    expansion = try arguments[QueryCommand.expansion]
    excludesOwn = try arguments[QueryCommand.excludesOwn]
    diversity = try arguments[QueryCommand.diversity]
    dimensions = try arguments[QueryCommand.dimensions]
  }

  private typealias TermOption = (
    key: OptionKey<[Arguments.Weighted]>, sign: Double, content: @Sendable (String) -> Term.Content
  )

  private static var termOptions: [TermOption] {
    let text = { @Sendable (text: String) in Term.Content.text(text) }
    let image = { @Sendable (path: String) in
      Term.Content.image(path: PathText.expandingHome(path))
    }
    let item = { @Sendable (id: String) in Term.Content.item(ItemID(id)) }
    return [
      (QueryCommand.text, 1, text), (QueryCommand.image, 1, image), (QueryCommand.like, 1, item),
      (QueryCommand.notText, -1, text), (QueryCommand.notImage, -1, image),
      (QueryCommand.notLike, -1, item),
    ]
  }

  /// What the options of `query` that ask look for.
  static func terms(_ arguments: Arguments) throws -> [Term] {
    try termOptions.flatMap { option, sign, content in
      try arguments[option].enumerated().map { index, typed in
        Term(
          content(typed.value), weight: sign * typed.weight,
          label: "\(option.name) \(Quoting.quoted(typed.value))",
          parameter: option.parameter(index))
      }
    }
  }

  private static func method(_ arguments: Arguments) throws -> Method {
    let (codes, oversample) = (QueryCommand.codes, QueryCommand.oversample)
    if try arguments[QueryCommand.isExact] {
      let others: [any ArgumentKey] = [codes, oversample, QueryCommand.expansion]
      for other in others where arguments.given(other) {
        throw arguments.error(
          at: other, .usage,
          "--exact compares every row in full; --\(other.name) cannot be combined with it")
      }
      return .exact
    }
    guard let codes = try arguments[codes] else {
      guard !arguments.given(oversample) else {
        throw arguments.error(
          at: oversample, .usage, "--oversample goes with --codes int8 or --codes binary")
      }
      return .best
    }
    return .codes(codes, oversample: try arguments[oversample] ?? codes.usualOversample)
  }
}

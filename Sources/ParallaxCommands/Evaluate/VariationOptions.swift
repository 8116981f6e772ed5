internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

/// What `compare` varies of one space.
struct VariationOptions: Sendable {
  static let dimensions = OptionKey.list(
    "dims", .text, placeholder: "N", help: "prefixes of the vectors, such as 64,128 or 64..768")
  static let tasks = OptionKey.list(
    "tasks", .text, placeholder: "NAME",
    help: "task types that texts are asked under, or 'all'; prefix:NAME puts words in front of them"
  )
  static let codes = OptionKey<[CodeChoice]>.list(
    "codes", .choice, placeholder: "TYPE", help: "short codes that are searched first")
  static let similarities = OptionKey<[Similarity]>.list(
    "similarity", .choice, placeholder: "HOW", help: "how vectors are compared")
  static let fusions = OptionKey<[Query.Fusion]>.list(
    "fuse", .choice, placeholder: "HOW", help: "how several terms become one ranking")
  static let indexes = OptionKey<[Variation.Index]>.list(
    "index", .choice, placeholder: "TYPE", help: "every row, or the approximate index")
  static let isGrid = OptionKey.flag(
    "grid", help: "vary several of them: all combinations are compared")

  static var all: [any OptionDeclaration] {
    [dimensions, tasks, codes, similarities, fusions, indexes, isGrid]
  }

  enum CodeChoice: String, Sendable, CaseIterable {
    case none, int8, binary

    fileprivate var codes: Query.Codes? { Query.Codes(rawValue: rawValue) }
  }

  let variation: Variation
  private let isGrid: Bool

  /// - Throws: what is wrong with the values, about their options.
  init(_ arguments: Arguments) throws {
    var variation = Variation()
    variation.dimensions = try arguments[Self.dimensions].enumerated().map { index, text in
      guard let dimension = Variation.Dimension(text) else {
        throw arguments.error(
          at: Self.dimensions, index: index, .invalidValue,
          "'dims' takes numbers from 1, or a range of them; got '\(text)'",
          hint: "such as 64,128 or 64..768")
      }
      return dimension
    }
    variation.tasks = try Self.tasks(arguments)
    variation.codes = try arguments[Self.codes].map(\.codes)
    variation.similarities = try arguments[Self.similarities]
    variation.fusions = try arguments[Self.fusions]
    variation.indexes = try arguments[Self.indexes]
    isGrid = try arguments[Self.isGrid]
    self.variation = variation
    let axes = variation.axes
    if axes.count > 1, !isGrid {
      throw arguments.error(
        .usage,
        "one thing varies at a time; got \(axes.map { "--\($0)" }.joined(separator: " and "))",
        hint: "--grid compares all combinations")
    }
    if isGrid, axes.count < 2 {
      throw arguments.error(
        at: Self.isGrid, .usage, "--grid goes with several of --dims, --tasks, --codes and the like"
      )
    }
  }

  private static func tasks(_ arguments: Arguments) throws -> Variation.Tasks? {
    let texts = try arguments[tasks]
    if texts.isEmpty { return nil }
    if texts == ["all"] { return .all }
    return .some(
      try texts.enumerated().map { index, text in
        try attributing(to: tasks, index: index) { try TaskForm(text) }
      })
  }

  /// Systems of a space that differ in what is varied, before anything is asked.
  @MainActor
  struct Systems {
    let space: Space
    /// How it was named.
    let name: String
    let questions: QuestionSet
    fileprivate let variants: [SystemVariant]
    /// How many there are, for a grid.
    let notes: [String]
    fileprivate let spares: Bool

    /// - Throws: what asking them throws.
    func runs(
      in session: Session, _ handler: @escaping EventHandler
    ) async throws -> [SystemRun] {
      try await session.bench.allRuns(
        questions, of: variants, in: space, name: name, spares: spares, budget: session.budget,
        handler)
    }

    /// What all of them would ask for together.
    func forecast(in session: Session) async throws -> RunForecast {
      try await session.bench.forecast(
        questions, of: variants, in: space, budget: session.budget)
    }
  }

  /// The systems of a space that differ in what is varied.
  ///
  /// - Throws: `unsupported` for what is no space; what the variation is refused for.
  @MainActor func systems(
    of reference: SystemReference, _ resolver: SystemResolver, in session: Session
  ) async throws -> Systems {
    guard case .space(let space) = try resolver.system(reference) else {
      throw ParallaxError(
        .unsupported, "'\(reference.text)' is no space, and only what a space is asked can vary",
        hint: "'compare photos@base --dims 64,128' compares the prefixes of a space's vectors")
    }
    let questions = try resolver.questions(for: space)
    let (variants, impossible) = try await session.bench.variants(
      of: variation, resolver.template, in: space, isGrid: isGrid)
    let left =
      impossible > 0
      ? "; \(Wording.count(impossible)) more left out, whose options exclude one another" : ""
    let size =
      "\(Wording.count(variants.count, "combination")) of "
      + variation.axes.joined(separator: " and ") + left
    return Systems(
      space: space, name: reference.text, questions: questions, variants: variants,
      notes: isGrid ? [size] : [], spares: resolver.spares)
  }
}

extension Workbench {
  /// The runs of several systems, off the main actor.
  @concurrent fileprivate func allRuns(
    _ questions: QuestionSet, of systems: [SystemVariant], in space: Space, name: String,
    spares: Bool, budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> [SystemRun] {
    var all: [SystemRun] = []
    try await runs(
      questions, of: systems, in: space, name: name, spares: spares, budget: budget, handler
    ) { all.append($0) }
    return all
  }
}

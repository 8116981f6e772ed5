internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

/// What `judge` takes where answers are graded.
struct GradingOptions: Sendable {
  static let set = OptionKey.single(
    "to", .name, placeholder: "NAME", help: "grade answers: the judgements that grades are kept in")
  private static let depth = OptionKey.single(
    "pool", .integer(1...1_000), placeholder: "N", help: "the first N answers of each system",
    default: JudgingRequest(seed: 0).depth)
  private static let questions = OptionKey.single(
    "queries", .path, placeholder: "FILE", help: "questions that spaces are asked")
  private static let model = OptionKey.single(
    "model", .reranker, placeholder: "NAME[:KEY=VALUE]",
    help: "have a model grade, as a judge of its own")
  private static let instruction = OptionKey.single(
    "instruction", .text, placeholder: "T", help: "what that is told beside the question")
  private static let isDryRun = OptionKey.flag(
    "dry-run", help: "show how many answers would be graded, and what a model costs")

  /// Those of it alone.
  static var own: [any OptionDeclaration & ArgumentKey] {
    [set, depth, questions, model, instruction, isDryRun]
  }

  /// Of the judgements.
  let name: String
  let systems: JudgedSystems
  /// `nil` for a person.
  let model: RerankRequest?
  let isDryRun: Bool
  private let judge: Judge
  private let most: Int?
  private let asksAgain: Bool

  /// - Parameters:
  ///   - references: the systems, the first of which is not named as the others.
  ///   - other: what does not go with grades.
  /// - Returns: `nil` where no answers are graded.
  /// - Throws: what is wrong with the values, about their options.
  init?(
    _ arguments: Arguments, _ references: [SystemReference],
    at place: (Int) -> ParallaxError.Parameter, by judge: OptionKey<String?>, most: Int?,
    asksAgain: Bool, besides other: [any ArgumentKey]
  ) throws {
    guard let name = try arguments[Self.set] else {
      let given = Self.own.first { arguments.given($0) }
      if let given {
        throw arguments.error(
          at: given, .usage, "--\(given.name) is for grading answers: it goes with --to NAME")
      }
      return nil
    }
    guard JudgementReference.isName(name) else {
      throw arguments.error(
        at: Self.set, .invalidValue, "'to' takes a name without a dot; got '\(name)'",
        hint:
          "grades are kept in the workspace; 'judgements NAME | export --to FILE.qrels' writes them"
      )
    }
    if let other = other.first(where: { arguments.given($0) }) {
      throw arguments.error(
        at: other, .usage, "--\(other.name) is for near-duplicates: --to cannot be combined with it"
      )
    }
    self.name = name
    systems = JudgedSystems(
      list: try SystemList(references, arguments, at: place),
      questions: try arguments[Self.questions].map(PathText.expandingHome),
      depth: try arguments[Self.depth])
    isDryRun = try arguments[Self.isDryRun]
    self.most = most
    self.asksAgain = asksAgain
    model = try Self.request(arguments)
    if let model {
      guard !arguments.given(judge) else {
        throw arguments.error(
          at: judge, .usage, "--\(judge.name) names a person; the judge is '\(model.model.text)'")
      }
      self.judge = try Judge(model.model.text, .model)
    } else {
      self.judge = try attributing(to: judge) {
        try Judge(arguments[judge] ?? Judge.usualName, .person)
      }
    }
  }

  private static func request(_ arguments: Arguments) throws -> RerankRequest? {
    let instruction = try arguments[instruction]
    guard let model = try arguments[model] else {
      guard instruction == nil else {
        throw arguments.error(
          at: Self.instruction, .usage, "--instruction is for a model: it goes with --model NAME")
      }
      return nil
    }
    var request = RerankRequest(model: model)
    request.instruction = instruction
    return request
  }

  /// - Throws: what will not be there.
  @MainActor func foresee(
    in scope: inout ScriptScope, at place: (Int) -> ParallaxError.Parameter
  ) throws {
    if let model {
      try attributing(to: Self.model) {
        _ = try RerankSystem(model.model, instruction: model.instruction)
      }
    }
    try systems.foresee(in: &scope, questions: Self.questions, at: place)
    scope.addJudgements(name)
  }

  /// What asking spaces would ask for, and a model.
  @MainActor func demand(in scope: PlanScope) async throws -> CallDemand {
    let session = scope.session
    let demand = try await systems.demand(in: scope)
    guard let model, !isDryRun else { return demand }
    guard try await systems.areThere(in: scope) else {
      throw ParallaxError(.unknownName, "what comes before makes what it works on")
    }
    let runs = try await systems.runs(in: session, at: { _ in Self.set.parameter() }) { _ in }
    let judging = try await session.bench.judging(
      of: runs, try await request(in: session), in: name, by: judge
    ) { _ in }
    return demand
      + CallDemand(
        try await session.bench.forecast(
          grading: judging, seeded(model, in: session), budget: session.budget))
  }

  @MainActor func seeded(_ model: RerankRequest, in session: Session) -> RerankRequest {
    var model = model
    model.seed = UInt64(session.settings[.seed])
    return model
  }

  @MainActor private func request(in session: Session) async throws -> JudgingRequest {
    var request = systems.request(in: session)
    request.most = most
    request.asksAgain = asksAgain
    if let model {
      request.identity = try await session.bench.identity(ofJudge: seeded(model, in: session))
    }
    return request
  }

  /// What is to be graded.
  @MainActor func judging(
    in session: Session, at place: (Int) -> ParallaxError.Parameter,
    _ handler: @escaping EventHandler
  ) async throws -> Judging {
    let runs = try await systems.runs(in: session, at: place, handler)
    return try await session.bench.judging(
      of: runs, try await request(in: session), in: name, by: judge, handler)
  }
}

internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxService
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

/// What 'serve' takes where answers are graded on its page.
struct ServedJudging: Sendable {
  private static let set = OptionKey.single(
    "judge", .name, placeholder: "NAME",
    help:
      "let people grade the answers of --run on the page, and keep the grades in these judgements")
  private static let runs = OptionKey.list(
    "run", .system, placeholder: "SYSTEM",
    help: "whose answers are graded: runs, spaces, files of runs")
  private static let depth = OptionKey.single(
    "pool", .integer(1...1_000), placeholder: "N",
    help: "with --judge: the first N answers of each system", default: JudgingRequest(seed: 0).depth
  )
  private static let questions = OptionKey.single(
    "queries", .path, placeholder: "FILE", help: "with --judge: questions that spaces are asked")

  static var declarations: [any OptionDeclaration] { [set, runs, depth, questions] }

  /// Of the judgements.
  let name: String
  private let systems: JudgedSystems

  /// - Returns: `nil` where nothing is graded.
  /// - Throws: what is wrong with the values, about their options.
  init?(_ arguments: Arguments) throws {
    guard let name = try arguments[Self.set] else {
      let others: [any ArgumentKey] = [Self.runs, Self.depth, Self.questions]
      if let given = others.first(where: { arguments.given($0) }) {
        throw arguments.error(
          at: given, .usage, "--\(given.name) is about grading answers: it goes with --judge NAME")
      }
      return nil
    }
    guard JudgementReference.isName(name) else {
      throw arguments.error(
        at: Self.set, .invalidValue, "'judge' takes a name without a dot; got '\(name)'")
    }
    let references = try arguments[Self.runs]
    guard !references.isEmpty else {
      throw arguments.error(
        at: Self.set, .missingOption, "--judge needs --run: whose answers are graded")
    }
    self.name = name
    systems = JudgedSystems(
      list: try SystemList(references, arguments, at: Self.place),
      questions: try arguments[Self.questions].map(PathText.expandingHome),
      depth: try arguments[Self.depth])
  }

  private static func place(_ index: Int) -> ParallaxError.Parameter { runs.parameter(index) }

  @MainActor func foresee(in scope: inout ScriptScope) throws {
    try checkWritable(scope.session)
    try systems.foresee(in: &scope, questions: Self.questions, at: Self.place)
    scope.addJudgements(name)
  }

  @MainActor func demand(in scope: PlanScope) async throws -> CallDemand {
    try await systems.demand(in: scope)
  }

  /// What is graded, asked of the systems now.
  @MainActor func offer(
    in session: Session, _ handler: @escaping EventHandler
  ) async throws -> JudgingOffer {
    try checkWritable(session)
    let named = systems.list.references.map(\.text)
    return JudgingOffer(
      name: name, runs: try await systems.runs(in: session, at: Self.place, handler),
      request: systems.request(in: session),
      command: (["judge"] + named + ["--to", name, "--pool", String(systems.depth)])
        .joined(separator: " "))
  }

  @MainActor private func checkWritable(_ session: Session) throws {
    guard session.workspace.mode == .readWrite else {
      throw ParallaxError(
        .readOnly, "'\(session.workspace.path)' is open for reading only: grades cannot be kept",
        hint:
          "'parallax WORKSPACE -c \"q = query …; serve SPACE --judge \(name) --run q\"' keeps them",
        parameter: Self.set.parameter())
    }
  }
}

internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage
internal import ParallaxWorkbench

/// Systems whose answers people or models grade.
struct JudgedSystems: Sendable {
  let list: SystemList
  /// A file of the questions that spaces are asked.
  let questions: String?
  /// Answers of each that are pooled.
  let depth: Int

  /// - Throws: what will not be there.
  @MainActor func foresee(
    in scope: inout ScriptScope, questions key: some ArgumentKey,
    at place: (Int) -> ParallaxError.Parameter
  ) throws {
    for (index, reference) in list.references.enumerated() {
      try attributing(to: place(index)) { try scope.require(reference) }
    }
    if let questions { try attributing(to: key) { try scope.requireFile(questions) } }
  }

  /// What asking spaces would ask for.
  @MainActor func demand(in scope: PlanScope) async throws -> CallDemand {
    try await list.demand(resolver(in: scope.session) { _ in }, in: scope)
  }

  /// Whether all that is named is there now.
  @MainActor func areThere(in scope: PlanScope) async throws -> Bool {
    let resolver = try await resolver(in: scope.session) { _ in }
    return try list.spaces(resolver, in: scope).isEmpty
      && list.references.allSatisfy { scope.isThere($0) }
  }

  /// - Parameter place: what names the system of an index in errors.
  @MainActor func runs(
    in session: Session, at place: (Int) -> ParallaxError.Parameter,
    _ handler: @escaping EventHandler
  ) async throws -> [SystemRun] {
    try await list.runs(resolver(in: session, handler), nil, at: place, handler)
  }

  @MainActor func request(in session: Session) -> JudgingRequest {
    var request = JudgingRequest(seed: UInt64(session.settings[.seed]))
    request.depth = depth
    return request
  }

  @MainActor private func resolver(
    in session: Session, _ handler: @escaping EventHandler
  ) async throws -> SystemResolver {
    var resolver = SystemResolver(session)
    if let questions { resolver.questions = try await QuestionSet.reading(questions, handler) }
    resolver.template.top = depth
    resolver.template.recallFloor = session.settings[.indexFloor]
    return resolver
  }
}

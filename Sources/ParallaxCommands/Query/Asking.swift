internal import CommandLanguage
internal import ParallaxConditions
internal import ParallaxCore
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

/// Who asks the many questions of a run.
enum Asking: Sendable {
  /// Those of a file.
  case file(String)
  /// The items that fulfil a condition, each by itself.
  case items(WhereExpression)

  /// - Returns: `nil` where one question is asked.
  /// - Throws: `usage` for both at once.
  init?(_ arguments: Arguments) throws {
    let file = try arguments[QueryCommand.questions].map(PathText.expandingHome)
    switch (file, try arguments[QueryCommand.each]) {
    case (nil, nil): return nil
    case (let file?, nil): self = .file(file)
    case (nil, let condition?): self = .items(condition)
    case (_?, _?):
      throw arguments.error(
        at: QueryCommand.each, .usage,
        "questions come from --queries or from --each, not from both")
    }
  }

  /// The option that says so.
  var option: any ArgumentKey {
    switch self {
    case .file: QueryCommand.questions
    case .items: QueryCommand.each
    }
  }

  /// - Parameter space: whose items ask.
  /// - Throws: what is wrong with the file or the condition; `unsupported` where no item asks.
  @MainActor func questions(
    of space: Space, in session: Session, _ handler: @escaping EventHandler
  ) async throws -> QuestionSet {
    switch self {
    case .file(let path): try await QuestionSet.reading(path, handler)
    case .items(let condition):
      try await session.bench.itemQuestions(
        of: [space], where: condition, atMost: .max, seed: 0, handler)
    }
  }
}

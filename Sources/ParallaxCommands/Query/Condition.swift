internal import CommandLanguage
internal import ParallaxConditions
internal import ParallaxCore
internal import ParallaxStorage
private import ParallaxSystem

/// The `--where` of a command, whose errors point into the quoted text.
struct Where {
  private let expression: WhereExpression
  private let arguments: Arguments
  private let workspace: Workspace

  /// `nil` when the command has none.
  init?(_ arguments: Arguments, _ workspace: Workspace) throws {
    guard let text = arguments.string("where") else { return nil }
    self.arguments = arguments
    self.workspace = workspace
    expression = try Self.parsed(text, arguments)
  }

  /// - Throws: what is wrong with the condition, for the fields that there are.
  func check(in collection: ItemCollection) throws {
    do { try workspace.check(expression, in: collection) } catch let error as ParallaxError {
      throw Self.relocated(error, arguments)
    }
  }

  func rowSet(in loaded: LoadedSpace) async throws -> RowSet {
    try await relocated { [workspace, expression] in
      try workspace.rowSet(in: loaded, matching: expression)
    }
  }

  func items(in collection: ItemCollection) async throws -> Set<ItemRecord.RowID> {
    try await relocated { [workspace, expression] in
      Set(try workspace.rows(in: collection, matching: expression))
    }
  }

  /// Off the prompt's thread.
  private func relocated<Result: Sendable>(
    _ body: @Sendable () throws -> Result
  ) async throws -> Result {
    do { return try await offMainActor(body) } catch let error as ParallaxError {
      throw Self.relocated(error, arguments)
    }
  }

  private static func relocated(_ error: ParallaxError, _ arguments: Arguments) -> ParallaxError {
    var error = error
    error.location = arguments.location(ofOption: "where", part: error.location?.range)
    return error
  }

  private static func parsed(_ text: String, _ arguments: Arguments) throws -> WhereExpression {
    do { return try WhereExpression(parsing: text) } catch {
      throw relocated(error, arguments)
    }
  }
}

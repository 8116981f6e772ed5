internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage

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
    expression = try Self.relocated(arguments) { try WhereExpression(parsing: text) }
  }

  /// Throws what is wrong with the `--where` of a command before any command runs; with variables
  /// in the line it can be known only when it runs.
  static func checkSyntax(of command: ParsedCommand) throws {
    guard command.options.contains(where: { $0.spec.name == "where" }),
      let arguments = try? command.bound(variables: { _ in nil }),
      let text = arguments.string("where")
    else { return }
    _ = try relocated(arguments) { try WhereExpression(parsing: text) }
  }

  func rowSet(in loaded: LoadedSpace) throws -> RowSet {
    try Self.relocated(arguments) { try workspace.rowSet(in: loaded, matching: expression) }
  }

  func items(in collection: ItemCollection) throws -> Set<ItemRecord.RowID> {
    try Self.relocated(arguments) { try workspace.rows(in: collection, matching: expression) }
  }

  private static func relocated<Result>(
    _ arguments: Arguments, _ body: () throws -> Result
  ) throws -> Result {
    do { return try body() } catch var error as ParallaxError {
      error.location = arguments.location(ofOption: "where", part: error.location?.range)
      throw error
    }
  }
}

internal import CommandLanguage
internal import ParallaxCore

/// A command that has been made from its arguments, and may run.
struct BuiltCommand: Sendable {
  let arguments: Arguments
  private let command: any Command

  /// - Throws: what is wrong with the words, located.
  init(_ parsed: ParsedCommand, variables: [String: String]) throws {
    guard let implementation = CommandRegistry.command(for: parsed.verb) else {
      throw InternalError("'\(parsed.verb)' has a signature but no command")
    }
    arguments = try parsed.bound { variables[$0] }
    do { command = try implementation.init(arguments) } catch let error as ParallaxError {
      throw arguments.located(error)
    }
  }

  /// - Throws: what would fail for certain, located.
  @MainActor func foresee(in scope: inout ScriptScope) throws {
    do { try command.foresee(in: &scope) } catch let error as ParallaxError {
      throw arguments.located(error)
    }
  }

  @MainActor func demand(in scope: PlanScope) async throws -> CallDemand {
    try await command.demand(in: scope)
  }

  /// - Throws: located.
  @MainActor func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    do { return try await command.run(in: session, input: input) } catch let error as ParallaxError
    {
      throw arguments.located(error)
    }
  }
}

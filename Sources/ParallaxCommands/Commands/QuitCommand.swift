package import CommandLanguage

package enum QuitCommand: Command {
  package static let signature = CommandSignature(
    verb: "quit", aliases: ["exit", "q"], group: "Session", summary: "leave",
    examples: ["quit"])

  package static func foresee(_ arguments: Arguments, in scope: inout ScriptScope) throws {
    scope.end()
  }

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    session.wantsToQuit = true
    return CommandOutput()
  }
}

package import CommandLanguage

package enum LetCommand: Command {
  package static let signature = CommandSignature(
    verb: "let", group: "Session", summary: "define a variable, used as $NAME",
    objects: [ObjectSpec("NAME", .variable), .keyword("="), ObjectSpec("VALUE", .text)],
    examples: ["let k = 50"])

  package static func foresee(_ arguments: Arguments, in scope: inout ScriptScope) throws {
    scope.define(arguments.object("NAME") ?? "", as: arguments.object("VALUE") ?? "")
  }

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    session.variables[arguments.object("NAME") ?? ""] = arguments.object("VALUE")
    return CommandOutput()
  }
}

package import CommandLanguage

package struct LetCommand: Command {
  private static let name = ObjectKey.required("NAME", .variable)
  private static let value = ObjectKey.required("VALUE", .text)

  package static let signature = CommandSignature(
    verb: "let", group: "Session", summary: "define a variable, used as $NAME",
    objects: [name, ObjectSpec.keyword("="), value],
    examples: ["let k = 50"])

  private let name: String
  private let value: String

  package init(_ arguments: Arguments) throws {
    name = try arguments[Self.name]
    value = try arguments[Self.value]
  }

  package func foresee(in scope: inout ScriptScope) throws {
    scope.define(name, as: value)
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    session.variables[name] = value
    return CommandOutput()
  }
}

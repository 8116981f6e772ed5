package import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage

package struct CreateCommand: Command {
  private static let name = ObjectKey.required("NAME", .name)
  private static let description = OptionKey.single(
    "desc", .text, placeholder: "TEXT", help: "what the collection holds")

  package static let signature = CommandSignature(
    verb: "create", group: "Objects", summary: "create an empty collection",
    objects: [ObjectSpec.keyword("collection"), name], options: [description],
    examples: ["create collection photos --desc \"Flickr night set\""])

  private let name: String
  private let description: String?

  package init(_ arguments: Arguments) throws {
    name = try arguments[Self.name]
    description = try arguments[Self.description]
  }

  package func foresee(in scope: inout ScriptScope) throws {
    try attributing(to: Self.name) { try scope.addCollection(name) }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    if session.result(named: name) != nil {
      throw ParallaxError(
        .alreadyExists, "a result is called '\(name)' already",
        hint: "'drop result \(name)' frees the name", parameter: Self.name.parameter())
    }
    return try attributing(to: Self.name) {
      let collection = try session.workspace.createCollection(
        named: name, description: description)
      return .note("created collection '\(collection.name)'")
    }
  }
}

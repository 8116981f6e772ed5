package import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage

package enum CreateCommand: Command {
  package static let signature = CommandSignature(
    verb: "create", group: "Objects", summary: "make an empty collection",
    objects: [.keyword("collection"), ObjectSpec("NAME", .name)],
    options: [.single("desc", .text, placeholder: "TEXT", help: "what the collection holds")],
    examples: ["create collection photos --desc \"Flickr night set\""])

  package static func foresee(_ arguments: Arguments, in scope: inout ScriptScope) throws {
    try scope.addCollection(
      arguments.object("NAME") ?? "", at: arguments.location(ofObject: "NAME"))
  }

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    let name = arguments.object("NAME") ?? ""
    if session.result(named: name) != nil {
      throw arguments.error(
        atObject: "NAME", .alreadyExists, "a result is called '\(name)' already",
        hint: "'drop result \(name)' frees the name")
    }
    do {
      let collection = try session.workspace.createCollection(
        named: name, description: arguments.string("desc"))
      return .note("created collection '\(collection.name)'")
    } catch let error as ParallaxError {
      throw error.located(at: arguments.location(ofObject: "NAME"))
    }
  }
}

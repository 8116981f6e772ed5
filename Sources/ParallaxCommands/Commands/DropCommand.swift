package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

package enum DropCommand: Command {
  package static let signature = CommandSignature(
    verb: "drop", group: "Objects", summary: "remove a collection, a space or a result",
    discussion: """
      What is dropped is gone from the workspace; image files are never touched. On a terminal \
      the command asks first; elsewhere it needs --yes.
      """,
    objects: [
      ObjectSpec("KIND", .choice(["collection", "space", "result"])), ObjectSpec("NAME", .named),
    ],
    options: [.yes],
    examples: ["drop space photos@base --yes", "drop collection photos --yes"])

  package static func foresee(_ arguments: Arguments, in scope: inout ScriptScope) throws {
    let reference = SpaceReference(arguments.object("NAME") ?? "")
    let location = arguments.location(ofObject: "NAME")
    switch arguments.object("KIND") {
    case "collection":
      guard reference.space == nil else { return }
      try scope.require(reference, at: location)
      try scope.session.checkConfirmation(
        arguments, hint: "it would drop collection '\(reference.collection)'")
      scope.removeCollection(reference.collection)
    case "space":
      do { _ = try space(arguments) } catch let error as ParallaxError {
        throw error.located(at: location)
      }
      try scope.require(reference, at: location)
      try scope.session.checkConfirmation(arguments, hint: "it would drop a space's vectors")
      if let name = arguments.object("NAME") { scope.removeSpace(name) }
    default: return
    }
  }

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    let name = arguments.object("NAME") ?? ""
    do {
      switch arguments.object("KIND") {
      case "collection": return try dropCollection(name, arguments, session)
      case "space": return try dropSpace(name, arguments, session)
      default:
        guard session.dropResult(named: name) else {
          throw ParallaxError(
            .unknownName, "no result is called '\(name)'",
            hint: Suggestion.hint(for: name, among: session.resultNames))
        }
        return .note("dropped result '\(name)'")
      }
    } catch let error as ParallaxError {
      throw error.located(at: arguments.location(ofObject: "NAME"))
    }
  }

  private static func dropCollection(
    _ name: String, _ arguments: Arguments, _ session: Session
  ) throws -> CommandOutput {
    let collection = try session.workspace.collection(named: name)
    let summary = try session.workspace.summary(of: collection)
    let loss =
      "\(Wording.count(summary.itemCount, "item")) and "
      + Wording.count(summary.spaces.count, "space")
    try session.confirm("drop collection '\(name)' with \(loss)", arguments)
    try session.workspace.dropCollection(named: name)
    for space in summary.spaces { IndexFiles.remove(space, in: session.workspace) }
    try CollectionSources.remove(of: collection, in: session.workspace)
    session.bench.spaces.unload(collection)
    session.forget(current: name)
    return .note("dropped collection '\(name)'")
  }

  private static func space(_ arguments: Arguments) throws -> SpaceReference {
    let name = arguments.object("NAME") ?? ""
    let reference = SpaceReference(name)
    guard reference.space != nil else {
      throw ParallaxError(
        .invalidValue, "'drop space' takes COLLECTION@SPACE; got '\(name)'",
        hint: "'list spaces' shows them")
    }
    return reference
  }

  private static func dropSpace(
    _ name: String, _ arguments: Arguments, _ session: Session
  ) throws -> CommandOutput {
    let space = try session.bench.space(space(arguments))
    try session.confirm("drop space '\(space.reference)' with its vectors", arguments)
    try session.workspace.dropSpace(named: space.name, in: space.collection)
    IndexFiles.remove(space, in: session.workspace)
    session.bench.spaces.unload(space)
    session.forget(current: name)
    return .note("dropped space '\(space.reference)'")
  }
}

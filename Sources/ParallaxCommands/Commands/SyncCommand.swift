package import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxStorage

package enum SyncCommand: Command {
  package static let signature = CommandSignature(
    verb: "sync", group: "Objects", summary: "bring a collection up to date with its folders",
    discussion: """
      Reads again what 'ingest' read: new and changed files come in, renamed ones keep their \
      vectors, items whose files are gone are removed. 'embed' then embeds what has no vector.
      """,
    objects: [ObjectSpec("COLLECTION", .collection, .optionalByHand)],
    options: [.flag("dry-run", help: "say what would change")],
    examples: ["sync photos", "sync photos --dry-run"], producesResult: true)

  package static func foresee(_ arguments: Arguments, in scope: inout ScriptScope) throws {
    scope.changeFields(of: arguments.object("COLLECTION") ?? "")
  }

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let collection = try session.collection(arguments, object: "COLLECTION")
    let commands = try CollectionSources.of(collection, in: session.workspace)
    guard !commands.isEmpty else {
      throw arguments.error(
        .noResult, "collection '\(collection.name)' has no source to read again",
        hint: "'ingest \(collection.name) FOLDER' reads one")
    }
    let requests = try commands.map { command in
      let statements = try Parser(CommandRegistry.signatures, style: .script)
        .parse(command, source: "source of \(collection.name)")
      guard let parsed = statements.first?.pipeline.first else {
        throw InternalError("a stored source is empty")
      }
      return try IngestRequest(parsed.bound { _ in nil }, collection: collection.name)
    }
    var ingester = Ingester(
      workspace: session.workspace, collection: collection, decoder: session.providers.decoder,
      progress: session.progress())
    ingester.removesMissing = true
    ingester.isDryRun = arguments.flag("dry-run")
    defer { session.spaces.invalidate(collection) }
    let outcome = try await ingester.run(requests)
    return CommandOutput(
      outcome, collection: collection.name, arguments: arguments,
      milliseconds: Clock.milliseconds(since: start))
  }
}

package import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct SyncCommand: Command {
  private static let collection = ObjectKey.byHand("COLLECTION", .collection)
  private static let verifies = OptionKey.flag(
    "verify", help: "read every file, whatever its size and times say")
  private static let removesMost = OptionKey.flag(
    "yes", help: "remove items even where most of a source is gone")
  private static let forgotten = OptionKey.single(
    "forget", .path, placeholder: "PATH", help: "drop a source with its images")
  private static let isDryRun = OptionKey.flag("dry-run", help: "say what would change")

  package static let signature = CommandSignature(
    verb: "sync", group: "Objects", summary: "bring a collection up to date with its folders",
    discussion: """
      Reads again what 'ingest' read: new and changed files come in, renamed ones keep their \
      vectors, items whose files are gone are removed. 'embed' then embeds what has no vector.

      A source that cannot be read keeps its images, and so does one that lost more than half of \
      them at once, as an unmounted drive does: --yes removes them, --forget PATH drops the source \
      with its images. The other sources are read, and the exit code is 1.

      A file whose size, modification time and time of status are as before is not read again; \
      --verify reads every file.
      """,
    objects: [collection],
    options: [verifies, removesMost, forgotten, isDryRun],
    examples: ["sync photos", "sync photos --dry-run", "sync photos --verify"],
    producesResult: true)

  private let collection: String
  private let verifies: Bool
  private let removesMost: Bool
  private let forgotten: String?
  private let isDryRun: Bool
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    collection = try arguments[Self.collection]
    verifies = try arguments[Self.verifies]
    removesMost = try arguments[Self.removesMost]
    forgotten = try arguments[Self.forgotten]
    isDryRun = try arguments[Self.isDryRun]
    canonical = arguments.canonical
  }

  package func foresee(in scope: inout ScriptScope) throws {
    scope.changeFields(of: collection)
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let collection = try attributing(to: Self.collection) {
      try session.workspace.collection(named: self.collection)
    }
    let forgotten = try self.forgotten.map {
      try Self.source(named: $0, of: collection, session)
    }
    var requests: [IngestRequest] = []
    var away: [UnreadableSource] = []
    for command in try CollectionSources.of(collection, in: session.workspace) {
      let path = try CollectionSources.path(command)
      guard path != forgotten else { continue }
      do {
        requests.append(try CollectionSources.request(command, collection: collection.name))
      } catch let error as ParallaxError where error.code == .unreadableFile {
        away.append(UnreadableSource(path: path, error: error))
      }
    }
    guard !requests.isEmpty || !away.isEmpty || forgotten != nil else {
      throw ParallaxError(
        .noResult, "collection '\(collection.name)' has no source to read again",
        hint: "'ingest \(collection.name) FOLDER' reads one")
    }
    var ingester = Ingester(
      workspace: session.workspace, collection: collection, decoder: session.providers.decoder,
      progress: session.progress())
    ingester.removesMissing = true
    ingester.removesMost = removesMost
    ingester.verifies = verifies
    ingester.isDryRun = isDryRun
    ingester.isStrict = session.settings[.strict]
    ingester.forgotten = forgotten
    defer { session.bench.spaces.unload(collection) }
    let outcome = try await ingester.run(requests, away: away)
    return CommandOutput(
      outcome, collection: collection.name, canonical: canonical, isDryRun: isDryRun,
      milliseconds: Clock.milliseconds(since: start))
  }

  /// The path of a source, as it was stored.
  @MainActor private static func source(
    named written: String, of collection: ItemCollection, _ session: Session
  ) throws -> String {
    let paths = try CollectionSources.of(collection, in: session.workspace).map {
      try CollectionSources.path($0)
    }
    // It may be gone: then no system call tells its canonical path.
    let wanted =
      (try? IngestRequest.absolute(written)) ?? PathText.absolute(written)
    if let path = paths.first(where: { $0 == written || $0 == wanted }) { return path }
    throw ParallaxError(
      .unknownName, "'\(written)' is no source of '\(collection.name)'",
      hint: Suggestion.hint(for: written, among: paths)
        ?? "sources: \(paths.joined(separator: ", "))", parameter: Self.forgotten.parameter())
  }
}

package import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct SyncCommand: Command {
  private static let collection = ObjectKey.byHand("COLLECTION", .collection)
  private static let verifies = OptionKey.flag(
    "verify", help: "read every file, even if its size and times are unchanged")
  private static let removesMost = OptionKey.flag(
    "yes", help: "remove items even if most of a source is gone")
  private static let forgotten = OptionKey.single(
    "forget", .path, placeholder: "PATH", help: "drop a source with its images")
  private static let isDryRun = OptionKey.flag("dry-run", help: "show what would change")

  package static let signature = CommandSignature(
    verb: "sync", group: "Objects", summary: "bring a collection up to date with its folders",
    discussion: """
      Reads the sources of 'ingest' again: it adds new and changed files, keeps the vectors of \
      renamed files, and removes items whose files are gone. 'embed' then embeds the items without \
      a vector; then the watches of the collection say which of them match ('help watch').

      A source that cannot be read keeps its images, and so does one that lost more than half of \
      them at once, such as an unmounted drive: --yes removes them, --forget PATH drops the source \
      with its images. The other sources are read, and the exit code is 1.

      A file with the same size, modification time and change time as before is not read again; \
      --verify reads every file. Pictures of the web, of buckets and of archives are read again \
      only if their server or archive says that they changed, or with --verify.
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
    var terms = SyncTerms()
    terms.ingest.isDryRun = isDryRun
    terms.ingest.isStrict = session.settings[.strict]
    terms.verifies = verifies
    terms.removesMost = removesMost
    terms.forgotten = forgotten
    let outcome = try await session.bench.sync(
      collection, terms, EventCollector(session.console).handler)
    var output = CommandOutput(
      outcome, collection: collection.name, canonical: canonical, isDryRun: isDryRun,
      milliseconds: Clock.milliseconds(since: start))
    guard !isDryRun else { return output }
    try await output.addWatchNews(in: collection, session)
    output.notes += try session.watchesWaiting(in: collection)
    return output
  }
}

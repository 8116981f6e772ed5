package import CommandLanguage
internal import ParallaxCore
private import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct ImportRunCommand: Command {
  private static let file = ObjectKey.required("FILE", .path)
  private static let collection = OptionKey.single(
    "collection", .collection, placeholder: "NAME", help: "the collection that its items are of")
  private static let questions = OptionKey.single(
    "queries", .path, placeholder: "FILE", help: "the questions that it answers")
  private static let columns = OptionKey.list(
    "columns", .column, placeholder: "NAME", help: "columns of the result")

  package static let signature = CommandSignature(
    verb: "import-run", group: "Search", summary: "read a run that was made elsewhere",
    discussion: """
      FILE is in TREC's form (question, Q0, item, rank, score, name), or ranx's JSON. Items are \
      ordered by score, equal ones by falling id, as trec_eval orders them; the rank in the file \
      does not count. Ids that 'export --to q.run' had to escape are read as they were.

      With --collection, columns of the items can be shown, and items that are not in it are \
      reported. With --queries, too, the items that are the question itself are known.
      """,
    objects: [file],
    options: [collection, questions, columns],
    examples: ["bm25 = import-run bm25.run --collection photos --queries queries.csv"],
    producesResult: true)

  private let path: String
  private let collection: String?
  private let questions: String?
  private let columns: [String]
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    path = PathText.expandingHome(try arguments[Self.file])
    collection = try arguments[Self.collection]
    questions = try arguments[Self.questions].map(PathText.expandingHome)
    columns = try arguments[Self.columns]
    canonical = arguments.canonical
  }

  package func foresee(in scope: inout ScriptScope) throws {
    try attributing(to: Self.file) { try scope.requireFile(path) }
    if let questions { try attributing(to: Self.questions) { try scope.requireFile(questions) } }
    scope.results.make(.init(collections: collection.map { [$0] } ?? [], kind: .run))
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let collection = try self.collection.map { name in
      try attributing(to: Self.collection) { try session.workspace.collection(named: name) }
    }
    let events = EventCollector(session.console)
    var set: QuestionSet?
    if let questions { set = try await QuestionSet.reading(questions, events.handler) }
    let run: SystemRun
    do {
      run = try await session.bench.importRun(
        at: path, name: PathText.name(of: path), of: collection, answering: set, events.handler)
    } catch let error as ParallaxError {
      throw error.about(Self.file.parameter())
    }
    return CommandOutput(
      .table(try await RunTable(session.workspace).table(of: run, columns)), content: .run(run),
      provenance: run.provenance(command: canonical), footer: run.footer, notes: events.notes,
      warnings: events.warnings)
  }
}

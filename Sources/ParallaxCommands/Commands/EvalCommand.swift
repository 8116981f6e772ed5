package import CommandLanguage
internal import ParallaxCore
internal import ParallaxWorkbench

package struct EvalCommand: Command {
  private static let systems = ObjectKey.repeated("SYSTEM", .system)

  package static let signature = CommandSignature(
    verb: "eval", group: "Experiments",
    summary: "measure how good the answers of runs and spaces are",
    discussion: """
      A SYSTEM is a run ('query --queries'), a space, which is asked the questions of --queries, or \
      the file of a run in TREC's form. Judgements say which items are relevant to a question: \
      those of a file, or, by --relevant-if, all items that fulfil a condition, such as \
      "class = :class" or "id = :item", where a name after a colon is a column of the question.

      Values are means over the judged questions, with trec_eval's definitions ('help metrics'). A \
      judged question without an answer counts 0, and so does one without a relevant item; \
      questions without judgements do not count. The item that is the question itself, by its id or \
      content, is left out on both sides. The line under the table has these numbers.

      'low' and 'high' are the ends of an interval of 95 % over the questions ('help statistics'). \
      'ceiling' is the best value that lists of this length can have. 'tie_low' and 'tie_high' are \
      what other orders of equal scores would give.
      """,
    objects: [systems], options: EvaluationOptions.sources + EvaluationOptions.others,
    examples: [
      "eval q --qrels qrels.tsv --metric ndcg@10,success@1,mrr",
      "eval photos@base q.run --queries queries.csv --relevant-if \"class = :class\" --by city",
      "eval q --qrels qrels.tsv --per-query",
    ], acceptsResult: true, producesResult: true)

  private let systems: SystemList
  private let options: EvaluationOptions
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    systems = try SystemList(arguments, Self.systems, least: 1)
    options = try EvaluationOptions(arguments)
    canonical = arguments.canonical
  }

  package func foresee(in scope: inout ScriptScope) throws {
    try systems.foresee(in: &scope, for: Self.systems)
    try options.foresee(in: &scope)
    scope.results.make(.init(collections: []))
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let events = EventCollector(session.console)
    let resolver = try await options.resolver(in: session, events.handler)
    let runs = try await systems.runs(resolver, input, for: Self.systems, events.handler)
    let (evaluation, set) = try await options.evaluation(of: runs, nil, in: session, events.handler)
    return CommandOutput(
      .table(try options.isPerQuestion ? evaluation.perQuestionTable() : evaluation.table),
      content: .evaluation(evaluation),
      provenance: evaluation.provenance(command: canonical, judgedBy: set.inputs),
      footer: evaluation.footer, notes: events.notes + evaluation.remarks,
      warnings: events.warnings)
  }
}

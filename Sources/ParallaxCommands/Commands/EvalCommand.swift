package import CommandLanguage
internal import ParallaxCore
internal import ParallaxWorkbench

package struct EvalCommand: Command {
  private static let systems = ObjectKey.repeated("SYSTEM", .system)
  private static let isAudit = OptionKey.flag(
    "audit", help: "look for what may be wrong with the evaluation")

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

      --audit shows in place of the values what may be wrong with them: ceilings and ties, what \
      hits that are the question itself and copies of relevant items change, questions and items \
      that do not match, and what systems would reach that know nothing.

      \(PairTruth.discussion)
      """,
    objects: [systems],
    options: EvaluationOptions.sources + EvaluationOptions.others + [isAudit]
      + PairTruth.declarations,
    examples: [
      "eval q --qrels qrels.tsv --metric ndcg@10,success@1,mrr",
      "eval photos@base q.run --queries queries.csv --relevant-if \"class = :class\" --by city",
      "eval q --qrels qrels.tsv --per-query", "eval q --qrels qrels.tsv --audit",
      "eval photos@base dups --truth pairs.csv", "eval photos@base --truth verdicts --curve",
    ], acceptsResult: true, producesResult: true)

  private enum Judge {
    case questions(EvaluationOptions)
    case pairs(PairTruth)
  }

  private let systems: SystemList
  private let judge: Judge
  private let isAudit: Bool
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    systems = try SystemList(arguments, Self.systems, least: 1)
    isAudit = try arguments[Self.isAudit]
    canonical = arguments.canonical
    let others = EvaluationOptions.sources + EvaluationOptions.others + [Self.isAudit]
    if let truth = try PairTruth(arguments, without: others) {
      judge = .pairs(truth)
      return
    }
    let options = try EvaluationOptions(arguments)
    judge = .questions(options)
    if isAudit, options.isPerQuestion {
      throw arguments.error(
        at: Self.isAudit, .usage,
        "--audit and --per-query are tables of their own: give one of them")
    }
  }

  package func foresee(in scope: inout ScriptScope) throws {
    try systems.foresee(in: &scope, for: Self.systems)
    switch judge {
    case .questions(let options):
      try options.foresee(in: &scope, for: systems.collections(in: scope))
    case .pairs(let truth): try truth.foresee(in: &scope)
    }
    scope.results.make(.init(collections: []))
  }

  package func demand(in scope: PlanScope) async throws -> CallDemand {
    guard case .questions(let options) = judge else { return .none }
    return try await systems.demand(options.resolver(in: scope.session) { _ in }, in: scope)
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let options: EvaluationOptions
    switch judge {
    case .questions(let given): options = given
    case .pairs(let truth):
      return try await truth.output(
        of: try systems.pairSystems(session, input, for: Self.systems), in: session,
        command: canonical)
    }
    let events = EventCollector(session.console)
    let resolver = try await options.resolver(in: session, events.handler)
    let runs = try await systems.runs(resolver, input, for: Self.systems, events.handler)
    let (evaluation, set) = try await options.evaluation(of: runs, nil, in: session, events.handler)
    let provenance = evaluation.provenance(command: canonical, judgedBy: set.inputs)
    if isAudit {
      let audit = try await session.bench.audit(evaluation, options.measures)
      return CommandOutput(
        .table(audit.table), content: .evaluation(evaluation), provenance: provenance,
        footer: audit.footer, notes: events.notes, warnings: events.warnings)
    }
    return CommandOutput(
      .table(try options.isPerQuestion ? evaluation.perQuestionTable() : evaluation.table),
      content: .evaluation(evaluation), provenance: provenance, footer: evaluation.footer,
      notes: events.notes + evaluation.remarks,
      warnings: events.warnings + evaluation.unevenness)
  }
}

package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct JudgementsCommand: Command {
  private static let set = ObjectKey<String?>.optional("SET[:JUDGE]", .named)
  private static let agreement = OptionKey.flag(
    "agreement", help: "how far each two judges agree, beyond chance")
  private static let disagreements = OptionKey.flag(
    "disagreements", help: "what people disagree about and nobody settled, the worst first")
  private static let settled = OptionKey.flag(
    "settled", help: "of --disagreements: what was settled, too")

  package static let signature = CommandSignature(
    verb: "judgements", group: "Experiments",
    summary: "show what judges said of answers, and how far they agree",
    discussion: """
      Without SET it shows all judgements that 'judge' keeps, a row for each judge. With SET it shows the \
      grade of each answer that counts, which 'export … --to FILE.qrels' writes in TREC's form: what was \
      settled; without that the median of the people's grades, and of an even number of them the lower of the two in the \
      middle. Grades of models do not count, unless one judge is named: SET:JUDGE takes the grades of that \
      one alone, as it does behind --qrels.

      --agreement has three measures for each two judges, of the answers that both graded: 'same' is the share with the \
      same grade, 'kappa' is Cohen's, 'weighted kappa' the same with the squares of the distances, so that 3 against 0 \
      weighs nine times 1 against 0. Of three people or more, 'alpha' is Krippendorff's, for grades that are ordered. \
      1 is full agreement, 0 what chance gives. 'low' and 'high' are the ends of an interval of 95 % over the questions.

      A result of --disagreements is what 'judge' settles; with --settled it also has what was settled, which \
      'judge RESULT --again' asks about once more.
      """,
    objects: [set], options: [agreement, disagreements, settled],
    examples: [
      "judgements", "judgements grades | export --to grades.qrels",
      "judgements grades --agreement", "d = judgements grades --disagreements ; judge d",
    ], producesResult: true)

  private let reference: JudgementReference?
  private let showsAgreement: Bool
  private let showsDisagreements: Bool
  private let showsSettled: Bool
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    reference = try arguments[Self.set].map { JudgementReference($0) }
    showsAgreement = try arguments[Self.agreement]
    showsDisagreements = try arguments[Self.disagreements]
    showsSettled = try arguments[Self.settled]
    canonical = arguments.canonical
    guard showsDisagreements || !showsSettled else {
      throw arguments.error(
        at: Self.settled, .usage, "--settled goes with --disagreements",
        hint: "'judgements SET' shows what counts, and by which rule")
    }
    guard showsAgreement || showsDisagreements else { return }
    let key = showsAgreement ? Self.agreement : Self.disagreements
    guard let reference else {
      throw arguments.error(
        at: key, .missingObject, "--\(key.name) is of one set: name it",
        hint: "'judgements' shows those there are")
    }
    if showsAgreement, showsDisagreements {
      throw arguments.error(
        at: Self.disagreements, .usage,
        "--agreement and --disagreements are tables of their own: give one of them")
    }
    if let judge = reference.judge {
      throw arguments.error(
        at: key, .usage, "--\(key.name) is between judges; '\(judge)' is one")
    }
  }

  package func foresee(in scope: inout ScriptScope) throws {
    scope.results.make(nil)
    guard let reference else { return }
    try attributing(to: Self.set) { try scope.requireSet(reference.set) }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    guard let reference else { return try summary(session) }
    let kept = try attributing(to: Self.set) {
      try session.bench.keptJudgements(named: reference.set)
    }
    let warnings = kept.changedSentence.map { [$0] } ?? []
    var provenance = Provenance(command: canonical, collection: kept.set.collection)
    if showsAgreement {
      let seed = UInt64(session.settings[.seed])
      let rows = try await offMainActor { try kept.agreement(seed: seed) }
      provenance.collection = nil
      provenance.seed = session.settings[.seed]
      return CommandOutput(
        .table(rows.table), provenance: provenance,
        footer: rows.isEmpty ? [] : ["intervals of 95 % over the questions, seed \(seed)"],
        notes: rows.remarks, warnings: warnings)
    }
    if showsDisagreements {
      let rows = kept.disagreements(withSettled: showsSettled)
      var output = CommandOutput(
        .table(kept.table(of: rows)),
        content: .judgements(.init(name: kept.set.name, rows: .disagreements(rows))),
        provenance: provenance,
        footer: [
          Wording.count(
            rows.count, "answer that people disagree about", "answers that people disagree about")
        ],
        warnings: warnings)
      let settled = kept.pairs.count { $0.settled != nil }
      if settled > 0 { output.footer.append("\(Wording.count(settled)) settled") }
      return output
    }
    let counted = try attributing(to: Self.set) { try kept.counted(by: reference.judge) }
    return CommandOutput(
      .table(kept.table(of: counted)),
      content: .judgements(.init(name: kept.set.name, rows: .counted(counted))),
      provenance: provenance, footer: Self.footer(counted),
      notes: Self.remarks(kept, counted, reference.judge), warnings: warnings)
  }

  private static func footer(_ counted: [KeptJudgements.Counted]) -> [String] {
    [
      Wording.count(counted.count, "grade"),
      Wording.count(Set(counted.map(\.question)).count, "question"),
    ]
  }

  /// What does not count, and why.
  private static func remarks(
    _ kept: KeptJudgements, _ counted: [KeptJudgements.Counted], _ judge: String?
  ) -> [String] {
    guard judge == nil else { return [] }
    let rest = kept.pairs.count - counted.count
    var remarks: [String] = []
    if rest > 0 {
      remarks.append(
        "\(Wording.count(rest, "answer")) with grades of models alone \(rest == 1 ? "does" : "do") not count; "
          + "'\(kept.set.name):JUDGE' takes those of one")
    }
    let medians = counted.count { $0.rule == .median }
    if medians > 0 {
      remarks.append(
        "people disagree about \(Wording.count(medians, "answer")): the lower median counts until "
          + "somebody settles \(medians == 1 ? "it" : "them") ('--disagreements')")
    }
    return remarks
  }

  @MainActor private func summary(_ session: Session) throws -> CommandOutput {
    let all = try session.workspace.judgementSets().map { set in
      try session.bench.keptJudgements(named: set.name)
    }
    return CommandOutput(
      .table(Table(columns: KeptJudgements.summaryColumns, rows: all.flatMap(\.summaryRows))),
      provenance: Provenance(command: canonical),
      footer: all.isEmpty ? ["no judgements yet"] : [],
      warnings: all.compactMap(\.changedSentence))
  }
}

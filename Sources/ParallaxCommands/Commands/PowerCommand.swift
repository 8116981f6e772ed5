package import CommandLanguage
internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxWorkbench

package struct PowerCommand: Command {
  private static let deviation = OptionKey.single(
    "sd", .number(0...1_000), placeholder: "X",
    help: "the standard deviation of the differences between two systems")
  private static let result = OptionKey.single(
    "from", .result, placeholder: "RESULT", help: "take it from a result of 'compare'")
  private static let metric = OptionKey.single(
    "metric", .metric, placeholder: "NAME", help: "with --from: one of its metrics",
    defaultNote: "all of them")
  private static let difference = OptionKey.single(
    "difference", .number(-1_000...1_000), placeholder: "X",
    help: "the difference that should be found", defaultNote: "with --from, the one that was found")
  private static let questions = OptionKey.single(
    "questions", .integer(2...10_000_000), placeholder: "N", help: "how many questions there are",
    defaultNote: "with --from, as many as it has")
  private static let chance = OptionKey.single(
    "power", .number(0.05...0.999), placeholder: "P", help: "the chance to find it", default: 0.8)

  package static let signature = CommandSignature(
    verb: "power", group: "Experiments",
    summary: "say how many questions a comparison needs",
    discussion: """
      A difference between two systems varies from question to question; its standard deviation \
      says how much. From that follows the smallest difference that so many questions find \
      ('detectable'), and how many questions a difference needs ('needed'), with a chance of 80 %, \
      by Student's t test at 5 %. Questions of a cluster count less than independent ones.
      """,
    options: [deviation, result, metric, difference, questions, chance],
    examples: [
      "power --sd 0.135 --difference 0.02", "power --sd 0.135 --questions 40",
      "power --from cmp --metric ndcg@10",
    ], producesResult: true)

  private enum Source {
    case deviation(Double)
    case result(String, NamedMetric?)
  }

  private let source: Source
  private let difference: Double?
  private let questions: Int?
  private let chance: Double
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    difference = try arguments[Self.difference]
    questions = try arguments[Self.questions]
    chance = try arguments[Self.chance]
    canonical = arguments.canonical
    let metric = try arguments[Self.metric].map { text in
      try attributing(to: Self.metric) { try NamedMetric(text) }
    }
    switch (try arguments[Self.deviation], try arguments[Self.result]) {
    case (let deviation?, nil):
      guard deviation > 0 else {
        throw arguments.error(
          at: Self.deviation, .invalidValue, "'sd' takes a number above 0; got '0'",
          hint: "where nothing varies, two questions tell")
      }
      guard metric == nil else {
        throw arguments.error(at: Self.metric, .usage, "--metric goes with --from")
      }
      guard difference != nil || questions != nil else {
        throw arguments.error(
          .missingOption, "'power' needs --difference, --questions or both", usage: true)
      }
      source = .deviation(deviation)
    case (nil, let name?): source = .result(name, metric)
    case (nil, nil):
      throw arguments.error(.missingOption, "'power' needs --sd or --from", usage: true)
    case (_?, _?):
      throw arguments.error(
        at: Self.deviation, .usage, "the deviation comes from --sd or from --from, not from both")
    }
    if difference == 0 {
      throw arguments.error(
        at: Self.difference, .invalidValue, "'difference' takes a number other than 0; got '0'",
        hint: "no number of questions finds nothing; 'compare --margin' shows that a loss is small")
    }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let provenance = Provenance(command: canonical)
    switch source {
    case .deviation(let deviation):
      guard
        let power = Power(
          standardDeviation: deviation, questions: questions, difference: difference,
          chance: chance)
      else { throw ParallaxError(.invalidValue, "'sd' takes a number above 0") }
      return CommandOutput(
        .table(Table(columns: Power.columns, rows: [power.values])), provenance: provenance,
        notes: [power.sentence])
    case .result(let name, let metric):
      let result = try attributing(to: Self.result) {
        try session.result(name, nil, for: Self.self)
      }
      return try output(of: result, metric, provenance)
    }
  }

  private func output(
    of result: NamedResult, _ metric: NamedMetric?, _ provenance: Provenance
  ) throws -> CommandOutput {
    guard case .evaluation(let evaluation) = result.content, evaluation.comparison != nil else {
      throw ParallaxError(
        .unsupported, "'\(result.name)' is no result of 'compare'",
        hint: "'cmp = compare …' gives one", parameter: Self.result.parameter())
    }
    if let metric, !evaluation.measures.contains(metric.name) {
      throw ParallaxError(
        .unknownName, "'\(result.name)' has no metric '\(metric.name)'",
        hint: "it has \(evaluation.measures.joined(separator: ", "))",
        parameter: Self.metric.parameter())
    }
    var rows: [[Value]] = []
    var notes: [String] = []
    for (number, name) in evaluation.measures.enumerated()
    where metric == nil || metric?.name == name {
      for system in evaluation.systems.indices.dropFirst() {
        guard
          let power = Power(
            of: evaluation, measure: number, system: system, difference: difference,
            questions: questions, chance: chance)
        else { continue }
        rows.append([.text(evaluation.systems[system].name), .text(name)] + power.values)
        notes.append("'\(evaluation.systems[system].name)', \(name): \(power.sentence)")
      }
    }
    guard !rows.isEmpty else {
      throw ParallaxError(
        .unsupported, "the differences of '\(result.name)' do not vary from question to question",
        hint: "metrics of whole runs have no differences of questions",
        parameter: Self.result.parameter())
    }
    if evaluation.clusterBy != nil {
      notes.append(
        "its questions are in clusters: independent ones are taken here, so more are needed")
    }
    let columns: [Table.Column] =
      [.init("system", .text, isKey: true), .init("metric", .text, isKey: true)] + Power.columns
    return CommandOutput(
      .table(Table(columns: columns, rows: rows)), provenance: provenance, notes: notes)
  }
}

internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxStatistics
internal import ParallaxWorkbench

extension Evaluation {
  /// A column with how its cells are found.
  private struct Field {
    var column: Table.Column
    var value: (Row) -> Value

    init(
      _ name: String, _ kind: ValueKind = .real, isKey: Bool = false, isMain: Bool = false,
      _ value: @escaping (Row) -> Value
    ) {
      column = Table.Column(name, kind, isKey: isKey, isMain: isMain)
      self.value = value
    }

    /// - Parameter isMain: shown on every terminal; a number near 0 is not cut to nothing.
    init(_ name: String, isMain: Bool = false, real value: @escaping (Row) -> Double?) {
      self.init(name, isMain: isMain) { row in value(row).map { .real($0) } ?? .null }
    }

    init(_ name: String, isKey: Bool = false, count value: @escaping (Row) -> Int?) {
      self.init(name, .integer, isKey: isKey) { row in value(row).map { Value($0) } ?? .null }
    }
  }

  /// A row for each system and metric, and for each slice.
  var table: Table {
    let fields = comparison == nil ? valueFields : comparedFields
    return Table(
      columns: fields.map(\.column), rows: rows.map { row in fields.map { $0.value(row) } })
  }

  // MARK: - eval

  private var valueFields: [Field] {
    var fields =
      names + value + [
        Field("ceiling", real: { $0.score.ceiling }),
        Field("tie_low", real: { $0.score.tieRange?.low }),
        Field("tie_high", real: { $0.score.tieRange?.high }), questionCount,
      ]
    if rows.contains(where: { $0.score.threshold != nil }) {
      fields.append(Field("threshold", real: { $0.score.threshold }))
    }
    return fields
  }

  private var names: [Field] {
    var fields = [Field("system", .text, isKey: true) { .text(systems[$0.system].name) }]
    if let by {
      fields.append(
        Field(by, .text, isKey: true) { Value(slices[$0.slice].label ?? Self.allQuestions) })
    }
    return fields + [Field("metric", .text, isKey: true) { .text(measures[$0.measure]) }]
  }

  /// Names the slice of all questions.
  private static let allQuestions = "all questions"

  private var value: [Field] {
    [
      Field("value", isMain: true, real: { $0.score.value }),
      Field("low", real: { $0.interval?.low }), Field("high", real: { $0.interval?.high }),
    ]
  }

  private var questionCount: Field {
    Field("questions", count: { slices[$0.slice].places.count })
  }

  // MARK: - compare

  private var comparedFields: [Field] {
    names + value + [
      Field("difference", isMain: true, real: { $0.difference?.value }),
      Field("diff_low", real: { $0.difference?.interval?.low }),
      Field("diff_high", real: { $0.difference?.interval?.high }),
      Field("p", real: { $0.difference?.evidence?.p }),
      Field("p_holm", isMain: true, real: { $0.difference?.correctedP }),
      Field("verdict", .text, isKey: true) { Value(verdict(of: $0)) },
      Field("wins", count: { $0.difference?.counts?.wins }),
      Field("ties", count: { $0.difference?.counts?.ties }),
      Field("losses", count: { $0.difference?.counts?.losses }),
      Field("ceiling", real: { $0.score.ceiling }), questionCount,
    ] + costs + rerankings + [
      Field("tie_low", real: { $0.score.tieRange?.low }),
      Field("tie_high", real: { $0.score.tieRange?.high }),
      Field("effect", real: { $0.difference?.effect }),
      Field("p_t", real: { $0.difference?.tP }),
    ]
  }

  private func verdict(of row: Row) -> String? {
    guard let difference = row.difference else { return nil }
    // Without a correction every conclusion is marked.
    let isMarked = comparison?.isExploratory == true && difference.evidence?.p != nil
    return difference.verdict.rawValue + (isMarked ? " (exploratory)" : "")
  }

  /// What each system needs; times are of one question.
  private var costs: [Field] {
    func time(_ name: String, _ path: KeyPath<SystemRun.Costs, Double?>) -> Field {
      Field(
        name,
        real: { row in
          let run = systems[row.system].run
          return run.costs[keyPath: path].map { $0 / Double(max(1, run.lists.count)) }
        })
    }
    func cost(of row: Row) -> SystemRun.Costs { systems[row.system].run.costs }
    return [
      Field("dimension", count: { cost(of: $0).dimension }),
      Field("bytes_per_vector", count: { cost(of: $0).bytesPerVector }),
      Field("index_bytes", count: { cost(of: $0).indexBytes }),
      time("embed_ms", \.embedding), time("search_ms", \.searching),
      time("rerank_ms", \.reranking),
      Field("cost", real: { cost(of: $0).money.map { Double($0) / 1e6 } }),
    ]
  }

  /// What a reranking changes and needs; times and money are of a question that gets better.
  private var rerankings: [Field] {
    guard rows.contains(where: { $0.oracle != nil }) else { return [] }
    func perRepair(_ row: Row, _ total: Double?) -> Double? {
      guard let wins = row.difference?.counts?.wins, wins > 0 else { return nil }
      return total.map { $0 / Double(wins) }
    }
    func run(_ row: Row) -> SystemRun { systems[row.system].run }
    return [
      Field("oracle", real: { $0.oracle }),
      Field("flips", real: { systems[$0.system].effect?.flips }),
      Field("first_changed", count: { systems[$0.system].effect?.firstChanged }),
      Field("ms_per_repair", real: { perRepair($0, run($0).costs.reranking) }),
      Field(
        "cost_per_repair",
        real: { row in
          perRepair(row, run(row).rerankings.last?.money.map { Double($0) / 1e6 })
        }),
    ]
  }

  // MARK: - Questions

  /// A row a question: `query`, `text` and the value of each system; compared ones with the difference,
  /// the largest first.
  ///
  /// - Throws: `unsupported` for a metric without values of questions.
  func perQuestionTable() throws -> Table {
    let shown = comparison == nil ? Array(measures.indices) : [0]
    for measure in shown where row(measure: measure, system: 0).score.byQuestion == nil {
      throw ParallaxError(
        .unsupported, "'\(measures[measure])' has no value for a question",
        hint: "it is a metric of all lists at once")
    }
    let series = shown.flatMap { measure in
      systems.indices.map { system in
        (
          name: columnName(measure, system, isMetricNamed: shown.count > 1),
          values: row(measure: measure, system: system).score.byQuestion ?? []
        )
      }
    }
    let texts = texts
    var columns: [Table.Column] = [.init("query", .text, isKey: true)]
    columns.append(.init("text", .text, isMain: true))
    columns += series.map { .init($0.name, .real, isKey: true) }
    var rows = questions.indices.map { place in
      [.text(questions[place]), Value(texts[place])] + series.map { .real($0.values[place]) }
    }
    guard comparison != nil else { return Table(columns: columns, rows: rows) }
    let differences = questions.indices.map { place in
      series.dropFirst().map { $0.values[place] - series[0].values[place] }
        .max { abs($0) < abs($1) } ?? 0
    }
    columns.append(.init("difference", .real, isKey: true))
    for place in rows.indices { rows[place].append(.real(differences[place])) }
    // Equal sizes stay in the order of the questions.
    let order = rows.indices.sorted {
      (abs(differences[$1]), $0) < (abs(differences[$0]), $1)
    }
    return Table(columns: columns, rows: order.map { rows[$0] })
  }

  private func columnName(_ measure: Int, _ system: Int, isMetricNamed: Bool) -> String {
    if !isMetricNamed { return systems[system].name }
    return systems.count == 1
      ? measures[measure] : "\(systems[system].name) \(measures[measure])"
  }
}

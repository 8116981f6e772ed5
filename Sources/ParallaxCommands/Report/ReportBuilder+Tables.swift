internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
private import ParallaxStorage
internal import ParallaxWorkbench

extension ReportBuilder {
  /// A table without any more meaning; what was said of it is its conclusion.
  mutating func section(ofTable result: NamedResult) throws -> TableSection {
    section(
      result.table, of: result, conclusion: result.remarks.notes,
      remarks: result.remarks(without: result.remarks.notes))
  }

  /// The tables of an evaluation, and the questions that its comparison changes the most.
  mutating func sections(
    of evaluation: Evaluation, _ result: NamedResult
  ) throws -> [any ReportSection] {
    let conclusion = evaluation.conclusion
    var sections: [any ReportSection] = [
      section(
        result.table, of: result, conclusion: conclusion,
        remarks: result.remarks(without: conclusion))
    ]
    guard evaluation.comparison != nil, evaluation.systems.count > 1 else { return sections }
    let measure = evaluation.measures[0]
    let changes = evaluation.largestChanges
    guard !changes.isEmpty else { return sections }
    let most = limits.top ?? ReportLimits.hitsOfQuestion
    let shown = changes.prefix(limits.questions)
    noteCut(
      shown.count, of: changes.count, ("changed question", "changed questions"), in: result.title,
      "questions", isUsual: true)
    let questions = try shown.map { change in
      let runs = (evaluation.systems[0].run, evaluation.systems[change.system].run)
      let side = try evaluation.sideBySide(change.question, (0, change.system), depth: most)
      let lists = try self.lists(of: side, runs, evaluation.relevanceLevel)
      let found = lists.map { list in String(list.hits.count { $0.isRelevant == true }) }
      return try question(
        change.question, of: evaluation.systems[0].run, lists,
        remark:
          "\(measure) \(number(change.first)) → \(number(change.second)); relevant hits shown "
          + found.joined(separator: " → "))
    }
    sections.append(
      ListsSection(
        title: "Questions that differ the most in \(result.title)", remarks: [Self.heads(most)],
        sources: [result.source()], questions: questions))
    return sections
  }

  /// The table of a difference, and the questions whose lists have the least in common.
  mutating func sections(
    of difference: SystemDifference, _ result: NamedResult
  ) throws -> [any ReportSection] {
    let conclusion = difference.conclusion
    let table = section(
      result.table, of: result, conclusion: conclusion,
      remarks: result.remarks(without: conclusion))
    let most = limits.top ?? ReportLimits.hitsOfQuestion
    let changed = difference.lists.lists.filter { $0.overlap.overlap < 1 }
    let order = changed.indices.sorted {
      (changed[$0].overlap.overlap, $0) < (changed[$1].overlap.overlap, $1)
    }
    guard !order.isEmpty else { return [table] }
    let shown = order.prefix(limits.questions)
    noteCut(
      shown.count, of: order.count, ("changed question", "changed questions"), in: result.title,
      "questions", isUsual: true)
    let level = difference.evaluation?.relevanceLevel ?? 1
    let questions = try shown.map { place in
      let lists = changed[place]
      let side = try difference.sideBySide(lists.question, depth: most)
      return try question(
        lists.question, of: difference.first,
        self.lists(of: side, (difference.first, difference.second), level),
        remark: "\(lists.overlap.common) of the first \(difference.top) hits are in both lists")
    }
    return [
      table,
      ListsSection(
        title: "Questions that differ the most in \(result.title)", remarks: [Self.heads(most)],
        sources: [result.source()], questions: questions),
    ]
  }

  // MARK: Parts

  private static func heads(_ most: Int) -> String {
    most == 1
      ? "Of each list, the first hit is shown (--top)."
      : "Of each list, the first \(Wording.count(most)) hits are shown (--top)."
  }

  private mutating func section(
    _ table: Table, of result: NamedResult, conclusion: [String], remarks: [String]
  ) -> TableSection {
    let shown = min(table.rows.count, limits.rows)
    noteCut(shown, of: table.rows.count, ("row", "rows"), in: result.title, "rows")
    let (drawings, notes) = Self.drawings(of: result)
    let title =
      switch result.content {
      case .evaluation(let evaluation):
        "\(evaluation.comparison == nil ? "Values" : "Comparison") \(result.title)"
      case .difference: "Difference \(result.title)"
      case .table, .ranking, .run, .gate, .groups, .judgements: "Table \(result.title)"
      }
    return TableSection(
      title: title, conclusion: conclusion, remarks: remarks + notes,
      sources: [result.source()],
      table: shown < table.rows.count
        ? table.replacing(rows: table.rows.keeping(Array(0..<shown))) : table,
      fractionDigits: fractionDigits, drawings: drawings)
  }

  /// Both lists of a question, with what moved marked.
  ///
  /// - Parameters:
  ///   - runs: of the first and of the second system.
  ///   - level: the grade from which an item is relevant.
  private func lists(
    of side: SideBySide, _ runs: (SystemRun, SystemRun), _ level: Int
  ) throws -> [ReportList] {
    [
      try list(of: side, \.first, runs.0, level) { $0.change == .left ? .left : nil },
      try list(of: side, \.second, runs.1, level) { entry in
        switch entry.change {
        case .entered: .entered
        case .left: .left
        case .kept: .kept
        case .up, .down: ReportMoves.move(from: entry.first?.rank, to: entry.second?.rank ?? 0)
        }
      },
    ]
  }

  private func list(
    of side: SideBySide, _ place: KeyPath<SideBySide.Entry, SideBySide.Place?>, _ run: SystemRun,
    _ level: Int, _ move: (SideBySide.Entry) -> ReportHit.Move?
  ) throws -> ReportList {
    let most = limits.top ?? ReportLimits.hitsOfQuestion
    let entries = side.entries.compactMap { entry in
      entry[keyPath: place].map { (entry: entry, place: $0) }
    }.filter { $0.place.rank <= most }.sorted { $0.place.rank < $1.place.rank }
    let records = try self.records(
      entries.map(\.entry.id), in: run.collection ?? run.spaces.first?.collection)
    // Where scores alone do not tell the order, a list has 1 / rank instead.
    let areWhole = entries.allSatisfy { Int64(exactly: $0.place.score) != nil }
    let kind = areWhole ? run.rerankings.scoreKind : .real
    let hits = entries.map { entry, place in
      let record = records[entry.id]
      return ReportHit(
        rank: place.rank, id: entry.id.rawValue, picture: record?.picture, caption: record?.text,
        scores: [ReportFact("score", score(place.score, kind))], move: move(entry),
        isRelevant: entry.grade.map { $0 >= level })
    }
    return ReportList(name: run.name, hits: hits)
  }

  /// What there is to draw of a result, and why not.
  private static func drawings(of result: NamedResult) -> ([Drawing], [String]) {
    guard case .evaluation(let evaluation) = result.content else { return ([], []) }
    let name = result.name.hasPrefix("_") ? nil : result.name
    var (drawings, notes) = ([Drawing](), [String]())
    for request in requests(for: result.table, evaluation) {
      do {
        let drawing = try Drawing(of: result.table, named: name, request)
        drawings.append(drawing)
        notes += drawing.notes
      } catch let error as ParallaxError {
        notes.append("not drawn: \(error.message)")
      } catch {}
    }
    return (drawings, notes)
  }

  private static func requests(for table: Table, _ evaluation: Evaluation) -> [PlotRequest] {
    func request(_ x: String?, _ y: String?) -> PlotRequest {
      var request = PlotRequest()
      (request.x, request.y) = (x, y)
      return request
    }
    let names = Set(table.columns.map(\.name))
    if names.contains("query") { return names.contains("difference") ? [request(nil, nil)] : [] }
    if names.contains("depth") { return evaluation.measures.map { request("depth", $0) } }
    guard names.contains("system"), names.contains("value") else { return [] }
    let values = evaluation.measures.prefix(1).map { request("system", $0) }
    return names.contains("difference") ? values + [request("system", "difference")] : values
  }
}

extension Evaluation {
  fileprivate struct Change {
    var question: String
    /// The place of the system that differs the most.
    var system: Int
    var first: Double
    var second: Double
  }

  /// The questions whose value of the first metric changes, the largest change first.
  fileprivate var largestChanges: [Change] {
    guard let first = row(measure: 0, system: 0).score.byQuestion else { return [] }
    let others = systems.indices.dropFirst().map { system in
      (system: system, values: row(measure: 0, system: system).score.byQuestion ?? [])
    }
    let changes = questions.indices.compactMap { place -> Change? in
      others.filter { $0.values.count == first.count }.map {
        Change(
          question: questions[place], system: $0.system, first: first[place],
          second: $0.values[place])
      }.max { abs($0.second - $0.first) < abs($1.second - $1.first) }
    }.filter { $0.first != $0.second }
    let sizes = changes.map { abs($0.second - $0.first) }
    return changes.indices.sorted { (-sizes[$0], $0) < (-sizes[$1], $1) }.map { changes[$0] }
  }
}

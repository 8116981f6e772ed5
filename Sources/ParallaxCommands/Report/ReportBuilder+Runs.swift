internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

extension ReportBuilder {
  /// Some questions of a run, or of several side by side.
  mutating func section(ofRuns runs: [(NamedResult, SystemRun)]) throws -> ListsSection {
    let most = limits.top ?? ReportLimits.hitsOfQuestion
    let (first, run) = runs[0]
    var chosen = run.lists.map(\.question)
    var conclusion: [String] = []
    if runs.count > 1 || run.rerankings.last != nil {
      chosen = Self.byChange(chosen, runs.map(\.1), most)
      conclusion = ["questions whose first \(most) hits change the most come first"]
    }
    let shown = chosen.prefix(limits.questions)
    noteCut(
      shown.count, of: chosen.count, ("question", "questions"), in: first.title, "questions",
      isUsual: true)
    noteHits(of: runs, most)
    let places = runs.map { _, run in
      Dictionary(
        run.lists.enumerated().map { ($1.question, $0) }, uniquingKeysWith: { first, _ in first })
    }
    let questions = try shown.map { question in
      var lists: [ReportList] = []
      for (place, (result, run)) in runs.enumerated() {
        guard let index = places[place][question] else {
          lists.append(ReportList(name: result.title, hits: []))
          continue
        }
        let hits = run.lists[index].hits.prefix(most)
        var list = try self.list(hits, of: run, named: result.title)
        if runs.count == 1, let record = run.rerankings.last {
          let stages = hits.map(\.stage)
          lists.append(before(list, stages, after: run.rerankings))
          list = ReportMoves.marked(list, stages)
          list.name = "After \(record.name)"
        } else if runs.count == 1 {
          list.name = nil
        }
        lists.append(list)
      }
      return try self.question(
        question, of: run, runs.count > 1 ? ReportMoves.marked(lists) : lists)
    }
    return ListsSection(
      title: runs.count == 1
        ? "Questions of \(first.title)"
        : "\(runs.map(\.0.title).joined(separator: ", ")) side by side",
      conclusion: conclusion, remarks: runs.flatMap { $0.0.remarks() },
      sources: runs.map { result, run in
        result.source(with: run.facts + Self.money(run.rerankings) + Self.money(run))
      }, questions: questions)
  }

  private mutating func noteHits(of runs: [(NamedResult, SystemRun)], _ most: Int) {
    for (result, run) in runs {
      let longest = run.lists.lazy.map(\.hits.count).max() ?? 0
      guard longest > most else { continue }
      cuts.add(
        "of each question of \(result.title), the first \(most) of up to "
          + "\(Wording.count(longest)) hits are shown (--top)", isAsked: true)
    }
  }

  private static func money(_ run: SystemRun) -> [(String, String)] {
    run.costs.money.flatMap { $0 > 0 ? [("cost", Wording.dollars($0))] : nil } ?? []
  }

  /// A question with what is asked and its lists.
  func question(
    _ id: String, of run: SystemRun, _ lists: [ReportList], remark: String? = nil
  ) throws -> ReportQuestion {
    let asked = run.questions?.questions.first { $0.id == id }
    return ReportQuestion(
      heading: id,
      terms: try terms(
        asked?.terms ?? [], in: run.collection ?? run.spaces.first?.collection, run.inputs),
      lists: lists, remark: remark ?? run.unanswered[id].map { "not asked: \($0)" })
  }

  private func list(
    _ hits: Slice<RunHits>, of run: SystemRun, named name: String
  ) throws -> ReportList {
    var records: [String: [ItemID: ItemRecord]] = [:]
    let shown = try hits.map { hit in
      let collection = run.collection(of: hit)
      let key = collection?.name ?? ""
      if records[key] == nil {
        records[key] = try self.records(hits.map(\.id), in: collection)
      }
      let record = records[key]?[hit.id]
      return ReportHit(
        rank: hit.rank, id: hit.id.rawValue, picture: record?.picture, caption: record?.text,
        scores: [ReportFact("score", score(hit.shownScore, run.rerankings.scoreKind))])
    }
    return ReportList(name: name, hits: shown)
  }

  /// Questions in the order of how many of their first hits are others than in the first run, or than
  /// before; as they were where that is equal.
  private static func byChange(_ questions: [String], _ runs: [SystemRun], _ most: Int) -> [String]
  {
    let heads = runs.map { run in
      Dictionary(
        run.lists.map { ($0.question, $0.hits.prefix(most)) },
        uniquingKeysWith: { first, _ in first })
    }
    let changes = questions.map { question -> Int in
      guard let first = heads[0][question] else { return 0 }
      guard runs.count > 1 else {
        return first.count { ($0.stage?.firstRank ?? $0.rank) > most }
      }
      let ids = Set(first.map(\.id))
      return heads.dropFirst().reduce(0) { sum, head in
        sum + (head[question]?.count { !ids.contains($0.id) } ?? most)
      }
    }
    let order = questions.indices.sorted { (-changes[$0], $0) < (-changes[$1], $1) }
    return order.map { questions[$0] }
  }
}

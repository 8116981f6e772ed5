internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

extension ReportBuilder {
  /// Answers to one question, or to several, one beside the other.
  mutating func section(ofAnswers answers: [(NamedResult, Answer)]) throws -> ListsSection {
    if answers.count == 1 { return try section(ofAnswer: answers[0].1, answers[0].0) }
    var lists: [ReportList] = []
    let (first, _) = answers[0]
    let asked = try answers.map { try terms($0.1) }
    let isOne = Set(asked).count == 1
    for ((result, answer), asked) in zip(answers, asked) {
      var own = try self.lists(of: answer, result)
      if !isOne { for place in own.indices { own[place].asked = asked } }
      lists += own
    }
    return ListsSection(
      title: "\(answers.map(\.0.title).joined(separator: ", ")) side by side",
      conclusion: lists.dropFirst().map {
        ReportMoves(from: lists[0], to: $0).sentence(first.title, $0.name ?? "")
      },
      remarks: answers.flatMap { $0.0.remarks() },
      sources: answers.map { result, _ in result.source() },
      questions: [
        ReportQuestion(
          terms: isOne ? asked[0] : [], lists: ReportMoves.marked(lists),
          remark: isOne ? nil : "The results answer different questions.")
      ])
  }

  private mutating func section(
    ofAnswer answer: Answer, _ result: NamedResult
  ) throws -> ListsSection {
    var lists = try self.lists(of: answer, result)
    var (title, conclusion) = ("What \(result.title) found", [String]())
    if answer.rankings.count == 1, let record = answer.rerankings.last {
      let stages = answer.rankings[0].hits.map(\.stage)
      let before = before(lists[0], stages, after: answer.rerankings)
      lists[0] = ReportMoves.marked(lists[0], stages)
      lists[0].name = "After \(record.name)"
      lists[0].asked = try terms(record.terms, in: answer.spaces.first?.collection, answer.inputs)
      title = "\(result.title), before and after \(record.name)"
      conclusion = [ReportMoves.sentence(lists[0], record.name)]
      lists.insert(before, at: 0)
    } else if lists.count == 1 {
      lists[0].name = nil
    }
    return ListsSection(
      title: title, conclusion: conclusion, remarks: result.remarks(),
      sources: [result.source(with: Self.money(answer.rerankings))],
      questions: [ReportQuestion(terms: try terms(answer), lists: lists)])
  }

  private func terms(_ answer: Answer) throws -> [ReportQuestion.Term] {
    try terms(answer.query.terms, in: answer.spaces.first?.collection, answer.inputs)
  }

  static func money(_ records: [RerankRecord]) -> [(String, String)] {
    records.compactMap { record in
      record.money.flatMap { $0 > 0 ? ("cost of \(record.name)", Wording.dollars($0)) : nil }
    }
  }

  /// A list a ranking, named after the result and the dimension.
  private mutating func lists(of answer: Answer, _ result: NamedResult) throws -> [ReportList] {
    let most = limits.top ?? ReportLimits.hits
    let fields = try ReportFields(result.table, fractionDigits)
    var (lists, start) = ([ReportList](), 0)
    for ranking in answer.rankings {
      let shown = ranking.hits.prefix(most)
      let name = ranking.dimension.map { "\(result.title), \($0) numbers" } ?? result.title
      noteCut(shown.count, of: ranking.hits.count, ("hit", "hits"), in: name, "top")
      var records: [[ItemID: ItemRecord]] = []
      for (place, space) in answer.spaces.enumerated() {
        let own = shown.filter { $0.space == place }.map(\.id)
        records.append(try self.records(own, in: space.collection))
      }
      let hits = shown.enumerated().map { place, hit in
        let record = records[hit.space][hit.id]
        let (caption, facts) = fields.row(start + place)
        return ReportHit(
          rank: hit.rank, id: hit.id.rawValue, picture: record?.picture,
          caption: caption ?? record?.text, scores: scores(of: hit, after: answer.rerankings),
          fields: (answer.spaces.count > 1
            ? [ReportFact("collection", answer.spaces[hit.space].collection.name)] : []) + facts)
      }
      lists.append(ReportList(name: name, hits: hits))
      start += ranking.hits.count
    }
    return lists
  }

  private func scores(of hit: Answer.Hit, after rerankings: [RerankRecord]) -> [ReportFact] {
    var scores = [ReportFact("score", score(hit.shownScore, rerankings.scoreKind))]
    guard let stage = hit.stage else { return scores }
    if let second = stage.secondScore, Float(second) != hit.score {
      scores.append(ReportFact("second stage", score(second, rerankings.last.scoreKind)))
    }
    let kind = rerankings.dropLast().scoreKind
    scores.append(ReportFact("first stage", score(stage.firstScore, kind)))
    return scores
  }
}

/// What a table of hits says of each besides its place.
struct ReportFields {
  private static let places: Set<String> =
    Set(["rank", "id", "score", "dimension", "collection"] + RerankColumn.allCases.map(\.rawValue))
  private static let captions = ["caption", "text", "title", "description"]

  private let columns: [Table.Column]
  private let texts: [[String?]]
  private let caption: Int?

  /// - Throws: `CancellationError`.
  init(_ table: Table, _ fractionDigits: Int) throws {
    columns = table.columns
    texts = try table.texts(fractionDigits: fractionDigits)
    caption =
      Self.captions.lazy.compactMap { name in
        table.columns.firstIndex { $0.name == name && $0.kind == .text }
      }.first
  }

  func row(_ index: Int) -> (caption: String?, fields: [ReportFact]) {
    guard texts.indices.contains(index) else { return (nil, []) }
    let row = texts[index]
    let fields = columns.indices.compactMap { place -> ReportFact? in
      guard place != caption, !Self.places.contains(columns[place].name) else { return nil }
      return row[place].map { ReportFact(columns[place].name, $0) }
    }
    return (caption.flatMap { row[$0] }, fields)
  }
}

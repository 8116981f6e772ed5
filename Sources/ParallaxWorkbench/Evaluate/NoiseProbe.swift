internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxSearch
internal import ParallaxStatistics
internal import ParallaxStorage
private import ParallaxDigest

/// Asks some questions of a run again, past what is kept, and searches with both vectors.
struct NoiseProbe {
  /// A question that one input stands for.
  private struct Subject: Sendable {
    var question: String
    var input: ModelInput
    var side: EmbeddingSide
    /// What the space holds; `nil` for one that is embedded.
    var vector: [Float]?
  }

  let bench: Workbench
  /// How the system is called.
  let name: String
  let top: Int
  private let entry: SearchableSpace
  private let subjects: [Subject]
  /// Questions drawn that cannot be asked again.
  let leftOut: Int
  private let again: AskingAgain

  /// - Parameters:
  ///   - questions: that the space is asked.
  ///   - share: of the questions; at least one is drawn.
  init(
    _ questions: [Question], of space: Space, named name: String, share: Double, top: Int,
    seed: UInt64, _ bench: Workbench, budget: Int?, isForEstimate: Bool
  ) async throws {
    self.bench = bench
    self.name = name
    self.top = top
    entry = try await bench.spaces.loading(space)
    again = try await AskingAgain(space, bench, budget: budget, isForEstimate: isForEstimate)
    let count = max(1, Int((Double(questions.count) * share).rounded(.up)))
    let drawn = RandomSample.places(count, of: questions.count, seed: seed).map { questions[$0] }
    let ids = drawn.compactMap { question -> ItemID? in
      if case .item(let id) = question.terms[0].content { id } else { nil }
    }
    let records = try bench.workspace.items(named: ids, in: space.collection)
    let loaded = entry.loaded
    subjects = drawn.compactMap { Self.subject(of: $0, records, loaded) }
    leftOut = drawn.count - subjects.count
  }

  private static func subject(
    of question: Question, _ records: [ItemID: ItemRecord], _ loaded: LoadedSpace
  ) -> Subject? {
    guard question.terms.count == 1, question.task == nil, question.terms[0].weight > 0 else {
      return nil
    }
    switch question.terms[0].content {
    case .text(let text):
      return Subject(question: question.id, input: .text(text), side: .query)
    case .image(let path):
      guard let hash = try? Digest.sha256(fileAt: path) else { return nil }
      return Subject(
        question: question.id,
        input: ModelInput(name: path, parts: [.image(path: path, hash: hash)]), side: .query)
    case .item(let id):
      guard let record = records[id], let row = loaded.row(of: id) else { return nil }
      return Subject(
        question: question.id, input: record.input(for: loaded.space.spec.content),
        side: .document, vector: loaded.matrix.row(row))
    }
  }

  var cost: RepeatedCost { again.cost(of: subjects.map(\.input)) }

  /// - Parameter run: what the space answered, for the items that are a question and the depth.
  /// - Returns: `nil` where nothing can be asked again.
  /// - Throws: what the model says; `cancelled`.
  func measured(
    _ run: SystemRun, _ handler: @escaping EventHandler
  ) async throws -> NoiseFloor.System? {
    if subjects.isEmpty { return nil }
    let kept = try await bench.models.embedder(for: entry.loaded.space, budget: again.budget)
    var pairs: [(question: String, first: [Float], second: [Float])] = []
    for side in [EmbeddingSide.document, .query] {
      let own = subjects.filter { $0.side == side }
      if own.isEmpty { continue }
      let unknown = own.filter { $0.vector == nil }
      var known =
        unknown.isEmpty
        ? [] : try await kept.embed(unknown.map(\.input), side: side)[...]
      let repeated = try await again.vectors(of: own.map(\.input), side: side, handler)
      for (subject, second) in zip(own, repeated) {
        let first = try subject.vector ?? known.popFirst()?.get()
        if let first { pairs.append((subject.question, first, try second.get())) }
      }
    }
    return try system(of: pairs, run)
  }

  private func system(
    of pairs: [(question: String, first: [Float], second: [Float])], _ run: SystemRun
  ) throws -> NoiseFloor.System {
    let first = try lists(pairs.map { ($0.question, $0.first) }, run)
    let second = try lists(pairs.map { ($0.question, $0.second) }, run)
    let distances = pairs.map { VectorDistance.cosine($0.first, $0.second) }
    let overlaps = pairs.map { pair in
      ListOverlap(
        (first.lists[pair.question] ?? []).map(\.id),
        (second.lists[pair.question] ?? []).map(\.id), depth: top)?.overlap ?? 1
    }
    let count = Double(max(1, pairs.count))
    return NoiseFloor.System(
      name: name, questions: pairs.count,
      meanDistance: distances.reduce(0, +) / count, largestDistance: distances.max() ?? 0,
      overlap: overlaps.reduce(0, +) / count, lists: first, repeated: second)
  }

  private func lists(
    _ vectors: [(question: String, vector: [Float])], _ run: SystemRun
  ) throws -> Run {
    let spare = vectors.map { run.own[$0.question]?.count ?? 0 }.max() ?? 0
    let depth = max(top, run.run.depth)
    let found = try entry.index.nearest(to: vectors.map(\.vector), count: depth + spare)
    var lists: [String: [RankedItem]] = [:]
    for ((question, _), hits) in zip(vectors, found) {
      let own = run.own[question] ?? []
      lists[question] = Array(
        hits.map { RankedItem(id: entry.loaded.ids[$0.row], score: Double($0.score)) }
          .filter { !own.contains($0.id) }.prefix(depth))
    }
    return try Run(lists)
  }
}

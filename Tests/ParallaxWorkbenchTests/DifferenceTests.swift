import ParallaxCore
import ParallaxDigest
import ParallaxEvaluation
import ParallaxImaging
import ParallaxProviders
import ParallaxStatistics
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

@Suite struct DifferenceTests {
  /// Two spaces of one collection, their items asking.
  private static func difference(
    _ bench: VectorBench, _ first: Space, _ second: Space,
    sample: Int = 1_000, _ change: (inout DifferenceRequest) throws -> Void = { _ in }
  ) async throws -> SystemDifference {
    let workbench = bench.bench
    let questions = try await workbench.itemQuestions(
      of: [first, second], atMost: sample, seed: 1
    ) { _ in }
    var template = Query(terms: [])
    template.top = 20
    var runs: [SystemRun] = []
    for space in [first, second] {
      runs.append(
        try await workbench.run(
          questions, template, in: [space], name: space.reference, spares: true, budget: nil
        ) { _ in })
    }
    var request = DifferenceRequest(runs[0], runs[1], seed: 1)
    request.spaces = .init(first, second)
    request.resamples = 500
    try change(&request)
    return try await workbench.difference(request) { _ in }
  }

  /// Another space of the same items; those without a vector are left out.
  private static func add(
    _ vectors: [(id: String, vector: [Float])], named name: String, beside space: Space,
    _ bench: VectorBench
  ) async throws -> Space {
    let workspace = bench.bench.workspace
    var spec = space.spec
    spec.dimension = vectors[0].vector.count
    let made = try workspace.createSpace(named: name, in: space.collection, spec: spec)
    let records = try workspace.items(
      named: vectors.map { ItemID($0.id) }, in: space.collection)
    try workspace.append(
      vectors.compactMap { id, vector in
        records[ItemID(id)].map { StoredVector(item: $0.rowID, hash: $0.hash, vector: vector) }
      }, to: made)
    return made
  }

  private static func vectors(
    _ numbers: [Double], dimension: Int
  ) -> [(id: String, vector: [Float])] {
    (0..<numbers.count / dimension).map { row in
      (
        "i\(100 + row)",
        numbers[row * dimension..<(row + 1) * dimension].map { Float($0) }
      )
    }
  }

  @Test func `spaces differ as NumPy and SciPy say`() async throws {
    for row in try NumberTable("differences.tsv", of: "ParallaxWorkbenchTests").rows {
      let name = try row.text("case")
      try await VectorBench.inNewFolder { bench in
        let first = try await bench.space(
          "p", Self.vectors(row.numbers("vectors"), dimension: row.count("dimension")))
        let second = try await Self.add(
          Self.vectors(row.numbers("others"), dimension: row.count("other_dimension")), named: "b",
          beside: first, bench)
        let classes = try row.numbers("classes")
        let judgements = Judgements(
          Dictionary(
            uniqueKeysWithValues: classes.indices.map { question in
              (
                "i\(100 + question)",
                Dictionary(
                  uniqueKeysWithValues: classes.indices
                    .filter { classes[$0] == classes[question] && $0 != question }
                    .map { (ItemID("i\(100 + $0)"), 1) })
              )
            }))
        let found = try await Self.difference(bench, first, second) {
          $0.top = 5
          $0.judging = .init(judgements, measures: [try NamedMetric("ndcg@10")])
        }
        #expect(try isNear(found.all.overlap.value, row.number("overlap")), "\(name)")
        #expect(try isNear(found.all.tau?.value, row.number("tau")), "\(name)")
        let spaces = try #require(found.spaces)
        #expect(try isNear(spaces.churnedShare, row.number("churned")), "\(name)")
        #expect(try isNear(spaces.churn[0].kept, row.number("least_kept")), "\(name)")
        #expect(try isNear(spaces.alignment, row.number("cka"), 1e-6), "\(name)")
        #expect(try isNear(spaces.firstHubness.skewness, row.number("hubness_a")), "\(name)")
        #expect(try isNear(spaces.secondHubness.skewness, row.number("hubness_b")), "\(name)")
        let atTop = try #require(found.scores.last)
        for (value, wanted) in zip(atTop.first, try row.numbers("scores_a")) {
          #expect(isNear(value, wanted, 1e-6), "\(name)")
        }
        for (value, wanted) in zip(atTop.second, try row.numbers("scores_b")) {
          #expect(isNear(value, wanted, 1e-6), "\(name)")
        }
        let acceptance = try #require(found.acceptance)
        #expect(try isNear(acceptance.first, row.number("threshold"), 1e-6), "\(name)")
        #expect(try acceptance.acceptedByFirst == row.count("accepted"), "\(name)")
        #expect(try isNear(acceptance.second, row.number("same_acceptance"), 1e-6), "\(name)")
        let precise = try row.number("same_precision")
        #expect(
          precise.isNaN
            ? found.precision == nil : isNear(found.precision?.second, precise, 1e-6), "\(name)")
      }
    }
  }

  // MARK: Verdicts

  private static func cloud(_ count: Int, seed: UInt64) -> [(id: String, vector: [Float])] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { row in
      ("i\(1_000 + row)", (0..<8).map { _ in Float.random(in: -1...1, using: &random) })
    }
  }

  @Test func `a rotated space is the same, and may be promoted`() async throws {
    try await VectorBench.inNewFolder { bench in
      let cloud = Self.cloud(60, seed: 1)
      let first = try await bench.space("p", cloud)
      let second = try await Self.add(
        cloud.map { ($0.id, [-$0.vector[7]] + $0.vector[..<7].map { $0 * 1 }) }, named: "turned",
        beside: first, bench)
      let found = try await Self.difference(bench, first, second)
      #expect(isNear(found.all.overlap.value, 1) && isNear(found.all.tauAP?.value, 1))
      #expect(isNear(found.spaces?.alignment, 1, 1e-6) && found.spaces?.churnedShare == 0)
      #expect(found.verdict.verdict == .promote && found.verdict.reasons == [.alike])
      #expect(found.leftOut == 120 && found.areItems)
    }
  }

  @Test func `without judgements much change is no verdict`() async throws {
    try await VectorBench.inNewFolder { bench in
      let first = try await bench.space("p", Self.cloud(60, seed: 1))
      let second = try await Self.add(
        Self.cloud(60, seed: 2), named: "other", beside: first, bench)
      let found = try await Self.difference(bench, first, second)
      #expect(found.all.overlap.value < 0.4)
      #expect(found.verdict.verdict == .notEnoughEvidence)
      #expect(found.verdict.reasons == [.unjudgedChange])
      // The question that keeps the least is first.
      let kept = try #require(found.spaces).churn.map(\.kept)
      #expect(kept == kept.sorted())
    }
  }

  @Test func `a space that lacks items, or has hubs, is held`() async throws {
    try await VectorBench.inNewFolder { bench in
      var random = SeededGenerator(seed: 5)
      let cloud = Self.cloud(120, seed: 1)
      let first = try await bench.space("p", cloud)
      let part = try await Self.add(
        Array(cloud.dropLast(10)), named: "part", beside: first, bench)
      let lacking = try await Self.difference(bench, first, part)
      #expect(lacking.verdict.verdict == .hold)
      #expect(lacking.verdict.reasons[0] == .missingItems(10))
      #expect(lacking.lists.lists.count == 110 && lacking.spaces?.common == 110)

      var hubs = cloud.map { item in
        (
          id: item.id,
          vector: (0..<24).map { _ in Float.random(in: -1...1, using: &random) + 0.4 }
        )
      }
      hubs[3].vector = (0..<24).map { place in
        hubs.reduce(Float(0)) { $0 + $1.vector[place] } / 120
      }
      let hubby = try await Self.add(hubs, named: "hubs", beside: first, bench)
      let held = try await Self.difference(bench, first, hubby)
      #expect(held.verdict.verdict == .hold && held.verdict.reasons[0] == .hubs)
    }
  }

  /// Runs of 24 questions, in which the first relevant item has the ranks that are given.
  private func runs(_ first: [Int], _ second: [Int]) throws -> (SystemRun, SystemRun, Judgements) {
    let names = first.indices.map { "q\(10 + $0)" }
    func system(_ name: String, _ ranks: [Int]) throws -> SystemRun {
      try .ranked(
        name,
        Dictionary(
          uniqueKeysWithValues: zip(names, ranks).map { question, rank in
            (question, (1...10).map { $0 == rank ? "good" : "bad\($0)" })
          }),
        asked: names.enumerated().map {
          Question($1, text: "text", ["kind": .text($0 % 2 == 0 ? "even" : "odd")])
        })
    }
    return (
      try system("a", first), try system("b", second),
      Judgements(Dictionary(uniqueKeysWithValues: names.map { ($0, ["good": 1]) }))
    )
  }

  private func verdict(
    _ first: [Int], _ second: [Int], margin: Double? = nil, by: String? = nil
  ) async throws -> (verdict: DifferenceVerdict, reasons: [SystemDifference.Reason]) {
    let (one, other, judgements) = try runs(first, second)
    var request = DifferenceRequest(one, other, seed: 1)
    request.resamples = 500
    request.by = by
    request.judging = .init(judgements, measures: [try NamedMetric("mrr")])
    request.judging?.margin = margin
    return try await withTemporaryDirectory { folder in
      let bench = Workbench(
        workspace: try Workspace(path: folder + "/w.parallax"),
        providers: .init(
          decoder: .init(workers: 1, executable: "/nowhere"), threads: 1, miniFolder: nil,
          transport: TextVectors(answers: [:])))
      defer { bench.close() }
      return try await bench.difference(request) { _ in }.verdict
    }
  }

  @Test func `judgements decide, within the margin`() async throws {
    let ones = [Int](repeating: 1, count: 24)
    let twos = [Int](repeating: 2, count: 24)
    let better = try await verdict(twos, ones)
    #expect(better.verdict == .promote && better.reasons[0] == .better)
    let worse = try await verdict(ones, twos)
    #expect(worse.verdict == .hold && worse.reasons == [.worse, .change])
    // A third of the questions loses a little, for certain.
    let ninths = (0..<24).map { $0 % 3 == 0 ? 10 : 9 }
    let little = try await verdict([Int](repeating: 9, count: 24), ninths, margin: 0.1)
    #expect(little.verdict == .promote && little.reasons[0] == .notWorseThanMargin)
    let same = try await verdict(
      (0..<24).map { $0 % 2 + 1 }, (0..<24).map { ($0 + 1) % 2 + 1 })
    #expect(same.verdict == .notEnoughEvidence && same.reasons[0] == .notDistinguishable)
    var few = ones
    few[0] = 2
    let tooFew = try await verdict(ones, few)
    #expect(tooFew.verdict == .notEnoughEvidence && tooFew.reasons[0] == .tooFewQuestions)
  }

  @Test func `what is better on the whole is held where a slice is worse`() async throws {
    // Odd questions gain much, even ones lose.
    let first = (0..<60).map { $0 % 2 == 0 ? 1 : 10 }
    let second = (0..<60).map { $0 % 2 == 0 ? 2 : 1 }
    let found = try await verdict(first, second, by: "kind")
    #expect(found.verdict == .hold && found.reasons[0] == .worseOn(slice: "even"))
    #expect(found.reasons.contains(.better))
  }

  @Test func `systems without a common question are refused`() async throws {
    let one = try SystemRun.ranked("a", ["q1": ["x"]])
    let other = try SystemRun.ranked("b", ["q2": ["x"]])
    let error = #expect(throws: ParallaxError.self) {
      try Differ(DifferenceRequest(one, other, seed: 1))
    }
    #expect(error?.message == "no question is answered by both: 'a' has 'q1', 'b' has 'q2'")
  }

  @Test func `lists side by side say what moved, and by their neighbours why`() async throws {
    try await VectorBench.inNewFolder { bench in
      let first = try await bench.space("p", Self.cloud(60, seed: 1))
      let second = try await Self.add(
        Self.cloud(60, seed: 2), named: "other", beside: first, bench)
      let found = try await Self.difference(bench, first, second) { $0.top = 5 }
      let lists = try found.sideBySide("i1007", depth: 5)
      #expect(
        lists.entries.count { $0.change == .entered } == lists.entries.count { $0.change == .left })
      #expect(!lists.entries.contains { $0.id == "i1007" })
      let ids = lists.entries.map(\.id)
      let kept = try await bench.bench.neighboursKept(of: ids, in: found) { _ in }
      #expect(Set(kept.keys) == Set(ids))
      let churn = Dictionary(
        uniqueKeysWithValues: try #require(found.spaces).churn.map { ($0.item, $0.kept) })
      #expect(ids.allSatisfy { kept[$0] == churn[$0] })
      let error = #expect(throws: ParallaxError.self) { try found.sideBySide("i1", depth: 5) }
      #expect(error?.code == .unknownName)
    }
  }
}

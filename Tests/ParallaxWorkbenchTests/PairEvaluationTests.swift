import ParallaxCore
import ParallaxDigest
import ParallaxStatistics
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

/// What labels say of cosines and of groups, held against other programs.
@Suite struct PairEvaluationTests {
  private static func lines(_ kind: String) throws -> [[String]] {
    let path = "\(TestData.packageRoot)/Tests/ParallaxWorkbenchTests/Fixtures/pair-truth.tsv"
    return try TestFiles.lines(of: path).map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }.filter { $0[0] == kind }
  }

  private static func space(_ bench: VectorBench) async throws -> Space {
    try await bench.space(
      "p", try lines("vector").map { ($0[1], $0[2].split(separator: ",").compactMap { Float($0) }) }
    )
  }

  private static func labels() throws -> LabelledPairs {
    var labels = LabelledPairs(isClosed: true)
    for line in try lines("pair") {
      labels.duplicates.insert(
        try #require(ContentPair(Digest.sha256(line[1]), Digest.sha256(line[2]))))
    }
    return labels
  }

  @Test func `cosines are measured as other programs measure them`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await Self.space(bench)
      let request = PairEvaluationRequest(seed: 7)
      let found = try await bench.bench.evaluation(of: space, by: Self.labels(), request) { _ in }
      let wanted = try Self.lines("value")
      #expect(found.measures.map(\.name) == wanted.map { $0[1] })
      for (measure, line) in zip(found.measures, wanted) {
        #expect(isNear(measure.value, Double(line[2]) ?? -1), "\(line)")
        if let threshold = Double(line[3]) {
          #expect(abs((measure.threshold ?? -1) - threshold) < 1e-6, "\(line)")
        }
        let interval = try #require(measure.interval)
        let value = try #require(measure.value)
        #expect(interval.low <= value && value <= interval.high && interval.low < interval.high)
      }
      #expect(found.duplicates == 60 && found.missing == 0 && found.distinct == nil)
      #expect(found.trueGroups == 20 && found.curve.count == 60)
      // Nothing is kept of pairs that are below what anybody asks for.
      #expect(try bench.bench.workspace.pairs(of: space) == nil)
      let again = try await bench.bench.evaluation(of: space, by: Self.labels(), request) { _ in }
      #expect(again.measures == found.measures)
    }
  }

  @Test func `groups are measured as other programs measure them`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await Self.space(bench)
      let groups = try await bench.bench.groups(of: space, GroupRequest(minimumScore: 0.78)) { _ in
      }
      let found = try await bench.bench.evaluation(
        of: groups, named: "g", by: Self.labels(), PairEvaluationRequest(seed: 7)
      ) { _ in }
      let wanted = try Self.lines("group")
      #expect(found.measures.map(\.name) == wanted.map { $0[1] })
      for (measure, line) in zip(found.measures, wanted) {
        #expect(isNear(measure.value, Double(line[2]) ?? -1), "\(line)")
        #expect(measure.threshold == 0.78)
      }
    }
  }

  @Test func `a duplicate without a vector or below the floor is missed, and labels alone count`()
    async throws
  {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space(
        "p", [("a", [1, 0]), ("b", [1, 0.1]), ("c", [0.5, 1]), ("d", [0, 1])])
      try bench.bench.workspace.apply(
        [
          .insert(
            NewItem(
              id: "late",
              file: FileState(path: "/late", hash: Digest.sha256("late"), size: 1, modified: 0)))
        ], to: space.collection)
      func pair(_ one: String, _ other: String) throws -> ContentPair {
        try #require(ContentPair(Digest.sha256(one), Digest.sha256(other)))
      }
      var labels = LabelledPairs(
        duplicates: [try pair("a", "b"), try pair("c", "d"), try pair("a", "late")],
        distinct: [try pair("b", "d")])
      var request = PairEvaluationRequest(seed: 1)
      let open = try await bench.bench.evaluation(of: space, by: labels, request) { _ in }
      #expect(open.missing == 1 && open.distinct == 1 && open.measures[0].value == 2 / 3.0)
      request.floor = 0.95
      let high = try await bench.bench.evaluation(of: space, by: labels, request) { _ in }
      #expect(high.missing == 2 && high.measures[0].value == 1 / 3.0)
      labels.distinct.insert(try pair("b", "late"))
      await #expect(throws: ParallaxError.self) {
        try await bench.bench.evaluation(of: space, by: labels, request) { _ in }
      }
    }
  }
}

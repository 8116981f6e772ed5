import ParallaxCore
import ParallaxDigest
import ParallaxEvaluation
import ParallaxSearch
import ParallaxStorage
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxWorkbench

/// Groups of a space, from vectors that are written down.
@Suite struct SpaceGroupTests {
  /// Unit vectors at angles in degrees.
  private static func arc(_ angles: [Double]) -> [(id: String, vector: [Float])] {
    angles.enumerated().map { place, angle in
      let radians = angle / 180 * 3.141592653589793
      return (
        "i\(place)", [Float(cosine(radians)), Float(cosine(radians - 3.141592653589793 / 2))]
      )
    }
  }

  /// Of a small angle, by its series: the tests need no more.
  private static func cosine(_ x: Double) -> Double {
    var (sum, term) = (1.0, 1.0)
    for n in 1...20 {
      term *= -x * x / Double((2 * n - 1) * (2 * n))
      sum += term
    }
    return sum
  }

  private static func groups(
    _ bench: VectorBench, _ space: Space, _ request: GroupRequest
  ) async throws -> ItemGroups {
    try await bench.bench.groups(of: space, request) { _ in }
  }

  @Test func `bridges tell what hangs on them, and each linkage what it would do`() async throws {
    try await VectorBench.inNewFolder { bench in
      // Three together, three together, and one pair that joins them.
      let space = try await bench.space("p", Self.arc([0, 2, 4, 13, 15, 17]))
      var request = GroupRequest(minimumScore: Self.cosine(9.5 / 180 * 3.141592653589793))
      request.linkage = .components
      let found = try await Self.groups(bench, space, request)
      #expect(found.groups.map(\.members.count) == [6])
      let told = try await bench.bench.explanation(of: 1, in: found) { _ in }
      #expect(told.bridges.map(\.pair.left) == ["i2"] && told.bridges.map(\.pair.right) == ["i3"])
      #expect(told.bridges[0].side == ["i0", "i1", "i2"])
      #expect(told.least.map { [$0.left, $0.right] } == ["i2", "i3"])
      #expect(told.farthest.map { [$0.left, $0.right] } == ["i0", "i5"])
      let divisions = Dictionary(
        uniqueKeysWithValues: told.divisions.map { ($0.linkage, $0.groups.map(\.inside)) })
      #expect(divisions[.components] == [6] && divisions[.complete] == [3, 3])
      #expect(divisions[.leader] == [3, 3] && divisions[.star] == [4, 2])
      let numbers = told.members.sorted { $0.member.item.id < $1.member.item.id }
        .map { $0.groups[.complete] }
      #expect(numbers == [1, 1, 1, 2, 2, 2])
      #expect(told.members.allSatisfy { $0.isAnchor == $0.isRepresentative })

      // What lies outside of a group counts for what a linkage would make of it.
      request.linkage = .complete
      let apart = try await Self.groups(bench, space, request)
      let one = try await bench.bench.explanation(of: 1, in: apart) { _ in }
      let components = try #require(one.divisions.first { $0.linkage == .components })
      #expect(components.groups.map(\.inside) == [3] && components.groups.map(\.outside) == [3])
      #expect(one.bridges.isEmpty)

      try bench.bench.workspace.apply([.remove("i5")], to: space.collection)
      bench.bench.spaces.unload(space)
      let error = await #expect(throws: ParallaxError.self) {
        try await bench.bench.explanation(of: 1, in: apart) { _ in }
      }
      #expect(error?.message == "'p@base' has changed since the groups were made")
    }
  }

  @Test func `a long chain is told of by its links, and can be cancelled`() async throws {
    try await VectorBench.inNewFolder { bench in
      // Too many to be compared with one another: what is known are the links.
      let count = 1_020
      let space = try await bench.space("p", Self.arc((0..<count).map { Double($0) * 0.3 }))
      var request = GroupRequest(minimumScore: Self.cosine(0.45 / 180 * 3.141592653589793))
      request.linkage = .components
      let found = try await Self.groups(bench, space, request)
      #expect(found.groups.map(\.members.count) == [count])
      let told = try await bench.bench.explanation(of: 1, in: found) { _ in }
      #expect(told.bridgeCount == count - 1 && told.bridges.count == 5)
      #expect(told.bridges.allSatisfy { $0.side.count <= count / 2 })
      let ends = told.members.filter {
        ["i0", "i\(count - 1)"].contains($0.member.item.id.rawValue)
      }
      #expect(Set(ends.map(\.nearest?.id.rawValue)) == ["i1", "i\(count - 2)"])
      #expect(told.members.allSatisfy { $0.farthest == nil })

      let base = try await bench.bench.base(of: found) { _ in }
      let explainer = GroupExplainer(found: found, base: base)
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return try explainer.explanation(of: 1)
      }
      await #expect(throws: CancellationError.self) { try await task.value }
    }
  }

  @Test func `verdicts count in what is told of a group`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.arc([0, 2, 4, 60]))
      func say(_ answer: Verdict.Answer, _ one: String, _ other: String) throws {
        let pair = try #require(ContentPair(Digest.sha256(one), Digest.sha256(other)))
        try bench.bench.workspace.keep([Verdict(pair, answer, at: "2026-11-26T00:00:00Z")])
      }
      try say(.duplicate, "i0", "i3")
      try say(.distinct, "i1", "i2")
      var request = GroupRequest(minimumScore: 0.99)
      request.linkage = .components
      let found = try await Self.groups(bench, space, request)
      let number = try #require(
        found.groups.firstIndex { $0.members.contains { $0.item.id == "i3" } })
      let told = try await bench.bench.explanation(of: number + 1, in: found) { _ in }
      #expect(told.joined == [["i0", "i3"]])
      #expect(told.least.map { [$0.left, $0.right] } == ["i0", "i3"])
      let curve = try await bench.bench.curve(of: found, steps: 4) { _ in }
      #expect(
        curve.last?.groups == 1 && curve.last?.images == 2, "what a verdict joins stays joined")
      for division in told.divisions {
        #expect(division.alone == 0 || division.linkage == .complete, "\(division)")
      }
      // Groups that a verdict since then changes are stale.
      try say(.distinct, "i0", "i3")
      await #expect(throws: ParallaxError.self) {
        try await bench.bench.explanation(of: number + 1, in: found) { _ in }
      }
    }
  }

  @Test func `a score that is shown is a threshold that its pair reaches`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.arc((0..<12).map { Double($0 * $0) }))
      let all = try await bench.bench.pairs(of: space, minimumScore: -1) { _ in }
      #expect(all.pairs.count == 66)
      for pair in all.pairs {
        let shown = pair.score.shown
        let found = try await bench.bench.pairs(of: space, minimumScore: shown) { _ in }
        #expect(found.pairs.contains(pair) && found.pairs.allSatisfy { $0.score >= pair.score })
        var request = GroupRequest(minimumScore: shown)
        request.linkage = .components
        let groups = try await Self.groups(bench, space, request).groups
        let ends = [pair.left, pair.right].map { all.ids[Int($0)] }
        #expect(groups.contains { Set(ends).isSubset(of: $0.members.map(\.item.id)) }, "\(shown)")
      }
    }
  }

  @Test func `where nothing can be decoded, vectors still make groups`() async throws {
    try await VectorBench.inNewFolder { bench in
      // There is no worker that decodes.
      let space = try await bench.space("p", Self.arc([0, 1, 60]))
      var request = GroupRequest(minimumScore: 0.99)
      request.comparesPixels = true
      let warnings = Mutex<[String]>([])
      let found = try await bench.bench.groups(of: space, request) {
        if case .warning(let text) = $0 { warnings.withLock { $0.append(text) } }
      }
      #expect(found.groups.map(\.members.count) == [2])
      #expect(found.groups[0].members.allSatisfy { !$0.hasSamePixels })
      // What is made from the groups does not say so again.
      _ = try await bench.bench.explanation(of: 1, in: found) {
        if case .warning(let text) = $0 { warnings.withLock { $0.append(text) } }
      }
      let told = warnings.withLock { $0 }
      #expect(
        told.count == 1 && told[0].hasPrefix("pictures with the same pixels are not told from"),
        "\(told)")
      let error = await #expect(throws: ParallaxError.self) {
        try await bench.bench.groups(of: space, GroupRequest(.pixels)) { _ in }
      }
      #expect(error?.code == .missingComponent)
    }
  }

  @Test func `a curve is what the groups would be`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.arc([0, 2, 4, 20, 21, 40]))
      for linkage in Linkage.allCases {
        var request = GroupRequest(minimumScore: 0.9)
        request.linkage = linkage
        let curve = try await bench.bench.curve(
          of: try await Self.groups(bench, space, request), steps: 5
        ) { _ in }
        #expect(curve.count == 6 && curve.first?.threshold == 0.9 && curve.last?.threshold == 1)
        for point in curve {
          request.basis = .cosine(point.threshold)
          let anew = try await Self.groups(bench, space, request)
          #expect(anew.groups.count == point.groups, "\(linkage), \(point)")
          #expect(anew.groups.map(\.members.count).reduce(0, +) == point.images)
        }
      }
    }
  }

  @Test func `what is usual is the mean of the nearest below the threshold`() async throws {
    var random = SeededGenerator(seed: 5)
    let vectors = (0..<80).map { _ in
      (0..<6).map { _ in Float.random(in: -1...1, using: &random) }
    }
    let matrix = VectorMatrix(rowCount: 80, dimension: 6) { values in
      for (place, value) in vectors.joined().enumerated() { values[place] = value }
    }
    let index = ExactIndex(matrix: matrix, similarity: .cosine, threads: 1)
    for (ranks, threshold) in [
      (1...3, 0.5), (2...2, 0.9), (1...40, -0.2), (70...90, 2), (5...9, -2),
    ] {
      let means = try BackgroundScores(
        index: index, ranks: ranks, threshold: threshold, stop: ScanStop(), step: { _ in }
      ).means(of: 80) { vectors[$0] }
      for (row, mean) in means.enumerated() {
        let below = vectors.compactMap { Vector.cosine(vectors[row], $0).map { Double(Float($0)) } }
          .filter { $0 < threshold }.sorted(by: >)
        let chosen = below.prefix(ranks.upperBound).dropFirst(ranks.lowerBound - 1)
        let wanted = chosen.isEmpty ? nil : chosen.reduce(0, +) / Double(chosen.count)
        #expect(
          mean == nil && wanted == nil || abs((mean ?? 9) - (wanted ?? -9)) < 1e-6,
          "\(ranks), \(row)")
      }
    }
    #expect(ScoreNormalization.normalized(0.9, 0.5, 0.7).map { abs($0 - 0.3) < 1e-12 } == true)
    #expect(ScoreNormalization.normalized(0.9, nil, 0.7) == nil)
  }

  @Test func `a normalised threshold parts what is usual from what is not`() async throws {
    try await VectorBench.inNewFolder { bench in
      // A crowd in which everything is similar, and two alone that are as similar to one another.
      let space = try await bench.space("p", Self.arc([0, 1, 2, 3, 4, 5, 6, 80, 81.5]))
      var request = GroupRequest(minimumScore: Self.cosine(1.6 / 180 * 3.141592653589793))
      request.linkage = .components
      #expect(try await Self.groups(bench, space, request).groups.map(\.members.count) == [7, 2])
      request.normalization = ScoreNormalization(ranks: 1...2, minimum: 0.3)
      let found = try await Self.groups(bench, space, request)
      #expect(found.groups.map { $0.members.map(\.item.id) } == [["i7", "i8"]])
      let normalized = try #require(found.groups[0].members.compactMap(\.normalized).first)
      let score = try #require(found.groups[0].members.compactMap(\.score).first)
      // Around both, what is usual are the cosines to the end of the crowd.
      let usual = [74, 75, 75.5, 76.5].map { Self.cosine($0 / 180 * 3.141592653589793) }
      #expect(abs(normalized - (score - usual.reduce(0, +) / 4)) < 1e-5)
      // The crowd as the background of a space that does not hold it.
      let other = try await bench.space("q", Self.arc([80, 81.5]))
      request.normalization?.background = space
      let crossed = try await Self.groups(bench, other, request)
      #expect(
        abs((crossed.groups[0].members.compactMap(\.normalized).first ?? 0) - normalized) < 1e-5)
      request.normalization = ScoreNormalization()
      let alone = try await Self.groups(bench, other, request)
      #expect(alone.groups[0].members.allSatisfy { $0.normalized == nil })
    }
  }
}

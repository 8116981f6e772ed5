import ParallaxCore
import ParallaxProviders
import ParallaxSearch
import ParallaxStatistics
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

@Suite struct AlignTests {
  private static let dimension = 12

  /// Points of a few directions with noise, unlike one another.
  private static func points(_ count: Int, seed: UInt64 = 3) -> [[Float]] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { row in
      (0..<dimension).map { place in
        Float.random(in: -1...1, using: &random) * (place < 4 ? 2 : 0.7)
          + (place == row % 5 ? 1 : 0)
      }
    }
  }

  /// What makes the new model's vectors: other directions count in it.
  private static func stretched(_ points: [[Float]]) -> [[Float]] {
    points.map { point in
      (0..<dimension).map { place in
        let next = point[(place + 1) % dimension]
        return (point[place] * 0.8 + next * 0.6) * (place % 3 == 0 ? 3 : 0.5) + 0.2
      }
    }
  }

  private static func named(_ vectors: [[Float]]) -> [(id: String, vector: [Float])] {
    vectors.enumerated().map { ("i\($0 + 1000)", $1) }
  }

  /// A collection with both spaces; the new one is of the provider that answers texts.
  private static func spaces(
    _ bench: VectorBench, old: [[Float]], new: [[Float]]
  ) async throws -> (old: Space, new: Space) {
    let made = try await bench.space("p", named: "new", named(new))
    return (try add("old", named(old), beside: made, bench), made)
  }

  private static func add(
    _ name: String, _ vectors: [(id: String, vector: [Float])], beside other: Space,
    _ bench: VectorBench, _ change: (inout EmbeddingSpec) -> Void = { $0.version = "old" }
  ) throws -> Space {
    var spec = other.spec
    spec.dimension = vectors[0].vector.count
    change(&spec)
    let space = try bench.bench.workspace.createSpace(
      named: name, in: other.collection, spec: spec)
    let items = try bench.bench.workspace.items(in: other.collection)
    let byID = Dictionary(uniqueKeysWithValues: items.map { ($0.id.rawValue, $0) })
    try bench.bench.workspace.append(
      vectors.compactMap { id, vector in
        byID[id].map { StoredVector(item: $0.rowID, hash: $0.hash, vector: vector) }
      }, to: space)
    return space
  }

  private static func request(
    sample: Int? = nil, name: String? = nil, seed: UInt64 = 1
  ) -> AlignRequest {
    var request = AlignRequest(seed: seed)
    (request.sample, request.name) = (sample, name)
    return request
  }

  @Test func `a map that the pairs determine keeps what the new model finds`() async throws {
    try await VectorBench.inNewFolder { bench in
      let points = Self.points(300)
      let (old, new) = try await Self.spaces(bench, old: points, new: Self.stretched(points))
      let found = try await bench.bench.align(old, to: new, Self.request(sample: 200)) { _ in }
      #expect(found.sample == 200 && found.gallery == 100 && found.queries == 100)
      #expect(found.verdict == .better)
      #expect(found.mapped.overlap > 0.8 && found.staying.overlap < 0.7)
      #expect(
        abs(found.comparison.difference - (found.mapped.overlap - found.staying.overlap)) < 1e-12)
      #expect(found.chance == 10.0 / 99)
      if case .orthogonal = found.method { Issue.record("a stretch is no rotation") }
      #expect(found.made == nil)
      #expect(try bench.bench.workspace.spaces(in: old.collection).count == 2)
    }
  }

  @Test func `a rotation is found, and changes no neighbours`() async throws {
    try await VectorBench.inNewFolder { bench in
      let points = Self.points(120)
      // The axes change places, one of them its sign.
      let turned = points.map { point in
        (0..<Self.dimension).map { $0 == 3 ? -point[7] : point[($0 + 4) % Self.dimension] }
      }
      let (old, new) = try await Self.spaces(bench, old: points, new: turned)
      let found = try await bench.bench.align(old, to: new, Self.request(sample: 80)) { _ in }
      #expect(found.method == .orthogonal)
      #expect(found.mapped.overlap == 1 && found.staying.overlap == 1)
      #expect(found.verdict == .notDistinguishable)
    }
  }

  @Test func `a map of too little is said to be worse`() async throws {
    try await VectorBench.inNewFolder { bench in
      // The new model hardly differs; what does is noise that no map knows.
      var random = SeededGenerator(seed: 9)
      let points = (0..<600).map { _ in
        (0..<240).map { _ in Float.random(in: -1...1, using: &random) }
      }
      let moved = points.map { point in
        point.map { $0 + Float.random(in: -0.4...0.4, using: &random) }
      }
      let (old, new) = try await Self.spaces(bench, old: points, new: moved)
      let found = try await bench.bench.align(old, to: new, Self.request(sample: 30)) { _ in }
      #expect(found.verdict == .worse)
      #expect(found.comparison.interval.map { $0.high < 0 } == true)
    }
  }

  @Test func `a mapped space is asked by the new model`() async throws {
    let points = Self.points(200)
    let targets = Self.stretched(points)
    try await VectorBench.inNewFolder(answers: ["the seventh": targets[7]]) { bench in
      // Two thirds are embedded with the new model.
      let (_, partly) = try await Self.spaces(bench, old: points, new: targets)
      let new = try Self.add("v2", Self.named(Array(targets[..<130])), beside: partly, bench) {
        $0.task = partly.spec.task
      }
      let old = try bench.bench.workspace.space(named: "old", in: new.collection)
      try bench.bench.workspace.dropSpace(named: "new", in: new.collection)
      let found = try await bench.bench.align(
        old, to: new, Self.request(sample: 90, name: "aligned")
      ) { _ in }
      let made = try #require(found.made)
      #expect(made.added == 200 && made.before == 0 && made.dropped == 0)
      #expect(found.gallery == 40 && found.items == 200)
      #expect(made.space.spec.unmapped == new.spec && made.space.spec.isMapped)
      #expect(made.space.spec.preprocessing.contains("pairs=90, seed=1, from="))
      let loaded = try await bench.bench.spaces.loading(made.space).loaded
      #expect((0..<200).allSatisfy { abs(Vector.length(loaded.matrix.row($0)) - 1) < 1e-6 })
      let answer = try await bench.answer(Query(text: "the seventh"), in: made.space)
      #expect(answer.ids.first == "i1007")
      // An image that the new model never saw.
      #expect(loaded.row(of: ItemID("i1190")) != nil)

      let again = try await bench.bench.align(
        old, to: new, Self.request(sample: 90, name: "aligned")
      ) { _ in }
      #expect(again.made?.added == 0 && again.made?.before == 200)
      let error = try await #require(throws: ParallaxError.self) {
        try await bench.bench.align(
          old, to: new, Self.request(sample: 90, name: "aligned", seed: 2)
        ) { _ in }
      }
      #expect(error.code == .alreadyExists && error.parameter?.name == "as")
    }
  }

  @Test func `no model's answers are added to mapped vectors`() async throws {
    try await VectorBench.inNewFolder { bench in
      let points = Self.points(100)
      let (old, new) = try await Self.spaces(bench, old: points, new: Self.stretched(points))
      _ = try await bench.bench.align(old, to: new, Self.request(name: "aligned")) { _ in }
      for insists in [false, true] {
        var request = EmbedRequest(name: "aligned", model: .init(model: "openai:test"))
        request.insistsOnModel = insists
        let error = try await #require(throws: ParallaxError.self) {
          try await bench.bench.embed(request, of: old.collection, budget: nil) { _ in }
        }
        #expect(
          error.message
            == "'p@aligned' holds vectors that 'align' mapped; its model embeds only the queries")
      }
    }
  }

  @Test func `the seed alone decides what is drawn`() async throws {
    try await VectorBench.inNewFolder { bench in
      let points = Self.points(150)
      let (old, new) = try await Self.spaces(bench, old: points, new: Self.stretched(points))
      let bench = bench.bench
      let first = try await bench.align(old, to: new, Self.request()) { _ in }
      let second = try await bench.align(old, to: new, Self.request()) { _ in }
      let other = try await bench.align(old, to: new, Self.request(seed: 2)) { _ in }
      #expect(first.trials == second.trials && first.comparison == second.comparison)
      #expect(first.trials != other.trials)
      #expect(first.sample == 112 && first.gallery == 38)
      var small = Self.request()
      small.gallery = 31
      #expect(try await bench.align(old, to: new, small) { _ in }.gallery == 31)
    }
  }

  @Test func `copies count once, so that none is both fitted to and measured`() async throws {
    try await VectorBench.inNewFolder { bench in
      let points = Self.points(100)
      let (old, new) = try await Self.spaces(bench, old: points, new: Self.stretched(points))
      let workspace = bench.bench.workspace
      let items = try workspace.items(in: old.collection).sorted { $0.id.rawValue < $1.id.rawValue }
      let hash = items[0].hash
      for space in [old, new] {
        try workspace.apply(
          items[1...3].map {
            .update($0.id, FileState(path: $0.path, hash: hash, size: 1, modified: 0))
          }, to: space.collection)
        let vector = (space == old ? points : Self.stretched(points))[0]
        try workspace.append(
          items[1...3].map { StoredVector(item: $0.rowID, hash: hash, vector: vector) }, to: space)
      }
      let found = try await bench.bench.align(old, to: new, Self.request()) { _ in }
      #expect(found.pairs == 97 && found.copies == 3)
    }
  }

  @Test func `spaces that cannot be mapped are refused`() async throws {
    try await VectorBench.inNewFolder { bench in
      let points = Self.points(70)
      let (old, new) = try await Self.spaces(bench, old: points, new: Self.stretched(points))
      let few = try Self.add("few", Self.named(Array(points[..<59])), beside: new, bench) {
        $0.version = "few"
      }
      let texts = try Self.add("texts", Self.named(points), beside: new, bench) {
        $0.content = .text
      }
      let twin = try Self.add("twin", Self.named(points), beside: new, bench) { _ in }
      let elsewhere = try await bench.space("q", named: "new", Self.named(points))
      let cases: [(Space, Space, AlignRequest, String)] = [
        (new, new, Self.request(), "'p@new' cannot be mapped onto itself"),
        (
          old, elsewhere, Self.request(),
          "'p@old' and 'q@new' are of different collections; a map is fitted to images that both "
            + "spaces hold"
        ),
        (
          old, texts, Self.request(),
          "'p@old' holds vectors of image content and 'p@texts' of text content"
        ),
        (
          twin, new, Self.request(),
          "'p@twin' and 'p@new' have the same identity: there is nothing to map"
        ),
        (
          few, new, Self.request(),
          "'p@few' and 'p@new' have 59 different images in common; a map from 12 to 12 dimensions "
            + "needs 30 to be fitted to and 30 to be measured on"
        ),
        (
          old, new, Self.request(sample: 29),
          "'sample' takes a whole number from 30 (for 12 and 12 dimensions) to 40 (all but 30 of the "
            + "pairs); got 29"
        ),
        (
          old, new, Self.request(sample: 41),
          "'sample' takes a whole number from 30 (for 12 and 12 dimensions) to 40 (all but 30 of the "
            + "pairs); got 41"
        ),
        (
          old, new, Self.request(name: "twin"),
          "'p@twin' exists, and holds what its model answered"
        ),
      ]
      for (first, second, request, message) in cases {
        let error = try await #require(throws: ParallaxError.self) {
          try await bench.bench.align(first, to: second, request) { _ in }
        }
        #expect(error.message == message)
      }
    }
  }

  @Test func `a map that is cancelled makes nothing`() async throws {
    try await VectorBench.inNewFolder { bench in
      let points = Self.points(100)
      let (old, new) = try await Self.spaces(bench, old: points, new: Self.stretched(points))
      let bench = bench.bench
      let work = Task {
        _ = try await bench.align(old, to: new, Self.request(name: "aligned")) { event in
          guard case .progress(let progress) = event, progress.activity == "fitting" else { return }
          withUnsafeCurrentTask { $0?.cancel() }
        }
      }
      await #expect(throws: (any Error).self) { try await work.value }
      #expect(try bench.workspace.spaces(in: old.collection).map(\.name) == ["new", "old"])
    }
  }
}

import ParallaxConditions
import ParallaxCore
import ParallaxSearch
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

@Suite struct QueryTests {
  /// The cosines with a: 1, 0.8, 0.6, 0.6, 0, -1.
  private static let plane: [(id: String, vector: [Float])] = [
    ("a", [1, 0, 0, 0]), ("b", [0.8, 0.6, 0, 0]), ("d", [0.6, 0, 0.8, 0]),
    ("c", [0.6, 0.8, 0, 0]), ("e", [0, 0, 0, 1]), ("f", [-1, 0, 0, 0]),
  ]

  @Test func `hits come by score, equal ones by id`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.plane)
      let answer = try await bench.answer(Query(like: "a"), in: space)
      #expect(answer.ids == ["a", "b", "c", "d", "e", "f"])
      #expect(
        answer.rankings[0].hits.map(\.score).map { ($0 * 10).rounded() / 10 }
          == [1, 0.8, 0.6, 0.6, 0, -1])
      #expect((answer.candidates, answer.method) == (6, "exact"))
      #expect(answer.scores == -1...1)
      let provenance = answer.provenance(command: "query p --like a")
      #expect(provenance.collection == "p")
      #expect(provenance.spaces == [.init(name: "p@base", value: space.spec.identity)])
    }
  }

  @Test func `one question of many is answered as one alone, by codes with proof`() async throws {
    try await VectorBench.inNewFolder { bench in
      var random = SeededGenerator(seed: 8)
      // Around a few places, as real vectors are: those in all directions prove nothing.
      let places = (0..<12).map { _ in
        (0..<1_024).map { _ in Float.random(in: -1...1, using: &random) }
      }
      let space = try await bench.space(
        "p",
        (0..<2_100).map { number in
          (
            "i\(number)",
            places[number % 12].map { $0 + Float.random(in: -0.2...0.2, using: &random) }
          )
        })
      try await bench.bench.prepareForMany(space) { _ in }
      for id in ["i0", "i777", "i2099"] {
        var query = Query(like: id)
        query.top = 25
        let alone = try await bench.answer(query, in: space)
        query.isOneOfMany = true
        let ofMany = try await bench.answer(query, in: space)
        #expect(alone.method == "exact")
        #expect(ofMany.method.hasPrefix("exact, proven on "), "\(ofMany.method)")
        #expect(ofMany.rankings[0].hits == alone.rankings[0].hits)
      }
    }
  }

  @Test func `what is asked for narrows the answer`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.plane)
      var query = Query(like: "a")
      query.top = 2
      #expect(try await bench.answer(query, in: space).ids == ["a", "b"])
      query.excludesOwn = true
      #expect(try await bench.answer(query, in: space).ids == ["b", "c"])
      query.minimumScore = 0.7
      #expect(try await bench.answer(query, in: space).ids == ["b"])
      query = Query(like: "a")
      query.condition = try WhereExpression(parsing: "n >= 2")
      let answer = try await bench.answer(query, in: space)
      #expect(answer.ids == ["c", "d", "e", "f"])
      #expect(answer.candidates == 4)
      query.diversity = 0
      query.top = 2
      #expect(try await bench.answer(query, in: space).ids.first == "c")
    }
  }

  @Test func `terms add up, and each is told what it gave`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.plane)
      var query = Query(like: "a", "e")
      query.terms[1].weight = -1
      let answer = try await bench.answer(query, in: space)
      #expect(answer.ids.first == "a")
      #expect(answer.ids.last == "f" || answer.ids.last == "e")
      let given = try #require(answer.rankings[0].contributions)
      #expect(given.terms == ["like a", "like e"])
      #expect(given.weights == [1, -1])
      for (hit, row) in zip(answer.rankings[0].hits, given.rows) {
        #expect(abs(row.reduce(0, +) - Double(hit.score)) < 1e-6)
      }
      query.fusion = .reciprocalRank
      let fused = try await bench.answer(query, in: space)
      #expect(fused.method == "rank fusion")
      #expect(fused.rankings[0].contributions == nil)
    }
  }

  @Test(arguments: [
    (Similarity.dot, "exact, scores are dot products"),
    (.euclidean, "exact, scores are negated distances"),
  ])
  func `lengths count where they are asked for`(
    similarity: Similarity, method: String
  ) async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", [("a", [1, 0]), ("b", [3, 0]), ("c", [0, 1])])
      var query = Query(like: "a")
      query.similarity = similarity
      let answer = try await bench.answer(query, in: space)
      #expect(answer.method == method)
      #expect(answer.rankings[0].hits[0].score == (similarity == .dot ? 3 : 0))
    }
  }

  @Test func `codes look first and compare in full`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.plane)
      for codes in Query.Codes.allCases {
        var query = Query(like: "a")
        query.method = .codes(codes, oversample: codes.usualOversample)
        for _ in 0..<2 {
          let answer = try await bench.answer(query, in: space)
          #expect(answer.ids.first == "a")
          #expect(answer.method.hasPrefix("\(codes.rawValue) codes, recall@10 "))
        }
      }
    }
  }

  @Test func `spaces are merged by score, then in their order`() async throws {
    try await VectorBench.inNewFolder { bench in
      let first = try await bench.space("p", [("a", [1, 0]), ("b", [0, 1])])
      let second = try await bench.space("q", [("a", [1, 0]), ("z", [0.8, 0.6])])
      var query = Query(like: "a")
      query.top = 3
      let answer = try await bench.answer(query, in: first, second)
      #expect(answer.rankings[0].hits.map { "\($0.space)\($0.id)" } == ["0a", "1a", "1z"])
      #expect(answer.candidates == 4)
      #expect(answer.rankings[0].contributions?.rows.count == 3)
      #expect(answer.provenance(command: "").collection == nil)
    }
  }

  @Test func `spaces that differ are not asked together`() async throws {
    try await VectorBench.inNewFolder { bench in
      let first = try await bench.space("p", [("a", [1, 0])])
      let other = try await bench.space("q", [("a", [1, 0, 0])])
      for (spaces, words) in [
        ([first, first], "'p@base' is searched already"),
        ([first, other], "'q@base' has another identity than 'p@base': dimension"),
      ] {
        let error = await #expect(throws: ParallaxError.self) {
          try await bench.bench.answer(Query(like: "a"), in: spaces, budget: nil) { _ in }
        }
        #expect(error?.message == words)
        #expect(error?.parameter == "also")
      }
    }
  }

  @Test func `each dimension has a ranking of its own`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space(
        "p", [("a", [1, 0, 0, 0]), ("b", [1, 0, 5, 5]), ("c", [1, 1, 0, 0])])
      var query = Query(like: "a")
      query.dimensions = [4, 2]
      let answer = try await bench.answer(query, in: space)
      #expect(answer.rankings.map(\.dimension) == [2, 4])
      #expect(answer.rankings[0].hits.map(\.id) == ["a", "b", "c"].map { ItemID($0) })
      #expect(answer.rankings[1].hits.map(\.id) == ["a", "c", "b"].map { ItemID($0) })
      #expect(answer.candidates == 3)
      query.dimensions = [5]
      let error = await #expect(throws: ParallaxError.self) {
        try await bench.answer(query, in: space)
      }
      #expect(error?.parameter == "dims")
    }
  }

  @Test func `an error names what is at fault`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", [("a", [1, 0]), ("b", [0, 1])])
      func error(_ change: (inout Query) throws -> Void) async throws -> ParallaxError? {
        var query = Query(like: "a")
        try change(&query)
        return await #expect(throws: ParallaxError.self) {
          try await bench.answer(query, in: space)
        }
      }
      let unknown = try await error { $0 = Query(like: "a", "x") }
      #expect(unknown?.code == .unknownName)
      #expect(unknown?.parameter == .init(name: "like", index: 1))
      let field = try await error { $0.condition = try WhereExpression(parsing: "n > 1 and m = 2") }
      #expect(field?.parameter == .init(name: "where", part: 10..<11))
      #expect(field?.location == nil)
      let joint = try await error {
        $0 = Query(text: "t")
        $0.terms.append(.init(.image(path: "/x"), label: "image", parameter: "image"))
        $0.fusion = .joint
      }
      #expect(joint?.parameter == "fuse")
      let file = try await error {
        $0.terms[0].content = .image(path: "/nowhere.jpg")
        $0.terms[0].parameter = "image"
      }
      #expect(file?.code == .unreadableFile)
      #expect(file?.parameter == "image")
      let cancelling = try await error {
        $0 = Query(like: "a", "a")
        $0.terms[1].weight = -1
      }
      #expect(cancelling?.message == "the terms of the query cancel out")
    }
  }

  @Test(arguments: [
    ("codes", "--codes compares directions: it goes with --similarity cosine"),
    ("dims", "--dims compares directions: it goes with --similarity cosine"),
    ("ef", "--ef compares directions: it goes with --similarity cosine"),
    ("mmr", "--mmr compares directions: it goes with --similarity cosine"),
  ])
  func `methods of directions refuse lengths`(name: String, message: String) throws {
    var query = Query(like: "a")
    query.similarity = .dot
    switch name {
    case "codes": query.method = .codes(.int8, oversample: 4)
    case "dims": query.dimensions = [2]
    case "ef": query.expansion = 10
    default: query.diversity = 0.5
    }
    let error = #expect(throws: ParallaxError.self) { try query.check() }
    #expect(error?.message == message)
    #expect(error?.parameter?.name == name)
    #expect(error?.code == .usage)
  }

  @Test func `a query that contradicts itself is refused`() throws {
    func refusal(_ change: (inout Query) -> Void) -> ParallaxError? {
      var query = Query(like: "a")
      change(&query)
      return #expect(throws: ParallaxError.self) { try query.check() }
    }
    #expect(refusal { $0.terms[0].weight = 0 }?.code == .invalidValue)
    #expect(refusal { $0 = Query(text: " \n") }?.parameter == "text")
    #expect(refusal { $0.fusion = .joint }?.parameter == "fuse")
    #expect(
      refusal {
        $0.dimensions = [2]
        $0.diversity = 1
      }?.parameter == "mmr")
    #expect(
      refusal {
        $0.dimensions = [2]
        $0.fusion = .reciprocalRank
      }?.parameter == "fuse")
    #expect(
      refusal {
        $0.method = .codes(.binary, oversample: 20)
        $0.expansion = 4
      }?.parameter == "ef")
    let weighted = refusal {
      $0 = Query(text: "t")
      $0.terms.append(.init(.image(path: "/x"), weight: 0.5, label: "image", parameter: "image"))
      $0.fusion = .joint
    }
    #expect(weighted?.parameter == "image")
  }

  @Test(.timeLimit(.minutes(10)))
  func `two questions are under way at the same time`() async throws {
    let barrier = Barrier(of: 2)
    try await VectorBench.inNewFolder(
      answers: ["red": [1, 0], "blue": [0, 1]], arrival: { await barrier.pass() }
    ) { bench in
      let space = try await bench.space("p", [("a", [1, 0]), ("b", [0, 1])])
      async let red = bench.answer(Query(text: "red"), in: space)
      async let blue = bench.answer(Query(text: "blue"), in: space)
      let answers = try await (red, blue)
      #expect(answers.0.ids == ["a", "b"])
      #expect(answers.1.ids == ["b", "a"])
    }
  }
}

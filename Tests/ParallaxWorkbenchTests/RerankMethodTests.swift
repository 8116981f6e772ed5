import ParallaxCore
import ParallaxProviders
import ParallaxSearch
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxWorkbench

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// Methods that rank lists anew from vectors: what they are asked, and what they give back.
@Suite struct RerankMethodTests {
  private static func vector(_ dimension: Int, _ seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<dimension).map { _ in Float.random(in: -1...1, using: &generator) }
  }

  /// Some questions, and for each the rows of a space, nearest first.
  private static func side(questions: Int = 6, dimension: Int = 5, seed: UInt64 = 1)
    throws -> RerankInput.Side
  {
    let matrix = VectorMatrix(rowCount: 30, dimension: dimension) { values in
      for (place, value) in vector(30 * dimension, seed).enumerated() { values[place] = value }
    }
    let asked = (0..<questions).map { vector(dimension, seed + 100 + UInt64($0)) }
    let rows = try asked.map {
      try RankedVectors(question: $0, rows: Array(0..<30), of: matrix).nearestFirst
    }
    return .init(matrix: matrix, questions: asked, rows: rows.map { $0.prefix(20).map { $0 } })
  }

  private static func input(_ side: RerankInput.Side, other: RerankInput.Side? = nil) throws
    -> RerankInput
  {
    RerankInput(
      space: side, other: other,
      scores: side.rows.map { rows in rows.indices.map { 1 - Double($0) / 100 } })
  }

  private static func method(_ text: String) throws -> any RerankMethod {
    guard case .method(let method) = try RerankSystem(RerankModel(text)) else {
      throw ParallaxError(.internalError, "'\(text)' is no method")
    }
    return method
  }

  private static func scores(_ text: String, _ input: RerankInput) async throws -> [[Double?]] {
    try await method(text).scores(input) { _ in }
  }

  private static let every = [
    "aqe", "k-reciprocal", "inverted-softmax", "csls", "rrf:space=c@other", "mmr",
  ]

  @Test func `every method says what it does, when it helps and when it harms`() {
    #expect(
      RerankMethodRegistry.all.map { $0.id } == [
        "aqe", "k-reciprocal", "inverted-softmax", "csls", "rrf", "mmr",
      ])
    for method in RerankMethodRegistry.all {
      let names = method.facts.map(\.name)
      for name in ["how", "helps", "harms", "source"] { #expect(names.contains(name)) }
    }
  }

  @Test(arguments: every)
  func `a candidate without a vector has no score, and changes no other`(text: String) async throws
  {
    let (whole, other) = try (Self.side(), Self.side(dimension: 3, seed: 7))
    // Of another space, the same candidates in an order of its own.
    var second = whole
    (second.matrix, second.questions) = (other.matrix, other.questions)
    let full = try await Self.scores(text, Self.input(whole, other: second))
    #expect(full.map(\.count) == whole.rows.map(\.count))
    #expect(full.allSatisfy { !$0.contains(nil) })
    var less = whole
    for question in less.rows.indices { less.rows[question].insert(nil, at: 4) }
    second.rows = less.rows
    let found = try await Self.scores(text, Self.input(less, other: second))
    if text.hasPrefix("rrf") {
      // It has a rank in the list all the same, and takes it from those behind it.
      #expect(found.allSatisfy { !$0.contains(nil) })
      return
    }
    #expect(found.allSatisfy { $0[4] == nil })
    // MMR weighs the scores of the first stage, which are others here.
    guard text != "mmr" else { return }
    #expect(found.map { $0.filter { $0 != nil } } == full)
  }

  @Test(arguments: every)
  func `progress is told, and questions in another order change nothing`(text: String) async throws
  {
    let side = try Self.side()
    let input = try Self.input(side, other: side)
    let done = Mutex([Int]())
    let scores = try await Self.method(text).scores(input) { count in
      done.withLock { $0.append(count) }
    }
    #expect(done.withLock { $0 } == Array(1...6))
    var turned = side
    turned.questions.reverse()
    turned.rows.reverse()
    let others = try await Self.scores(text, Self.input(turned, other: turned))
    for (one, two) in zip(scores, others.reversed()) {
      for (left, right) in zip(one, two) { #expect(isNear(left, right ?? .nan, 1e-12)) }
    }
  }

  @Test func `parameters reach the arithmetic`() async throws {
    let side = try Self.side(questions: 3)
    let input = try Self.input(side)
    let list = try RankedVectors(
      question: side.questions[1], rows: side.rows[1].compactMap(\.self), of: side.matrix)
    #expect(
      try await Self.scores("aqe:n=4:alpha=0", input)[1]
        == QueryExpansion.scores(of: list, count: 4, alpha: 0))
    #expect(
      try await Self.scores("k-reciprocal:k1=5:k2=2:lambda=0.6", input)[1]
        == ReciprocalNeighbours.scores(of: list, k1: 5, k2: 2, lambda: 0.6))
    let bank = try QuestionBank(side.questions, dimension: 5)
    let near = bank.nearness(of: list.rows, in: side.matrix, beta: 7, neighbours: 2)
    #expect(
      try await Self.scores("csls:k=1", input)[1]
        == CrossDomainScaling.scores(of: list, nearness: near, without: 1, count: 1))
    // Twenty first answers of the others are nearly all there is.
    #expect(
      try await Self.scores("inverted-softmax:beta=7:depth=20", input)[1]
        == InvertedSoftmax.scores(of: list, nearness: near, beta: 7) { _ in true })
    // Nobody else finds the nearest of these first: the cosines stay.
    let apart = RerankInput.Side(
      matrix: side.matrix, questions: side.questions, rows: [[1, 2], [3, 4], [5, 6]])
    let plain = try apart.rows.enumerated().map { question, rows in
      try RankedVectors(
        question: side.questions[question], rows: rows.compactMap(\.self), of: side.matrix
      ).cosines
    }
    #expect(try await Self.scores("inverted-softmax", Self.input(apart)) == plain)
  }

  /// Questions that are items, as NumPy ranks them: see `Fixtures/make_own_items.py`.
  private struct OwnItemsCase: Decodable {
    struct Parameters: Decodable {
      var n: Int
      var alpha: Double
      var k1: Int
      var k2: Int
      var lambda: Double
      var beta: Double
      var depth: Int
      var k: Int
    }
    var items: [[Float]]
    var questions: [[Float]]
    var own: [Int?]
    var lists: [[Int]]
    var parameters: Parameters
    var scores: [String: [[Double]]]
  }

  @Test func `the item that is the question is no answer, no neighbour and no hub of its own`()
    async throws
  {
    let path =
      "\(TestData.packageRoot)/Tests/ParallaxWorkbenchTests/Fixtures/own_items.json"
    let one = try JSONDecoder().decode(OwnItemsCase.self, from: Data(TestFiles.bytes(of: path)))
    let side = RerankInput.Side(
      matrix: VectorMatrix(rowCount: one.items.count, dimension: one.items[0].count) { values in
        for (place, value) in one.items.joined().enumerated() { values[place] = value }
      }, questions: one.questions, rows: one.lists,
      own: one.own.map { Set([$0].compactMap(\.self)) })
    let p = one.parameters
    for (method, name) in [
      ("aqe:n=\(p.n):alpha=\(p.alpha)", "aqe"),
      ("k-reciprocal:k1=\(p.k1):k2=\(p.k2):lambda=\(p.lambda)", "k_reciprocal"),
      ("csls:k=\(p.k)", "csls"),
      ("inverted-softmax:beta=\(p.beta):depth=\(p.depth)", "inverted_softmax"),
    ] {
      let found = try await Self.scores(method, Self.input(side))
      let wanted = try #require(one.scores[name])
      for (question, (scores, numbers)) in zip(found, wanted).enumerated() {
        for (score, number) in zip(scores, numbers) {
          #expect(isNear(score, number, 1e-10), "\(method), question \(question)")
        }
      }
      // It is not what is found with the items in.
      var blind = side
      blind.own = []
      let others = try await Self.scores(method, Self.input(blind))
      #expect(others != found, "\(method)")
    }
  }

  @Test func `another space's ranks are added`() async throws {
    let side = try Self.side(questions: 1)
    var other = side
    // Away from the question: the order of the list turned round, and one that is not there.
    other.questions = side.questions.map { $0.map { -$0 } }
    other.rows[0][19] = nil
    let scores = try await Self.scores(
      "rrf:space=c@o:k=10:weight=0.5", Self.input(side, other: other))[0]
    for place in 0..<19 {
      #expect(scores[place] == 1 / Double(11 + place) + 0.5 / Double(29 - place))
    }
    #expect(scores[19] == 1.0 / 30)
  }

  @Test(arguments: ["inverted-softmax", "csls"])
  func `one question has no bank`(text: String) async throws {
    let input = try Self.input(Self.side(questions: 1))
    let error = await #expect(throws: ParallaxError.self) { try await Self.scores(text, input) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("by the other questions of a run") == true)
    #expect(error?.hint?.contains("| rerank --model \(text)'") == true)
  }

  @Test(arguments: ["inverted-softmax:beta=5", "csls"])
  func `a bank may be drawn from the questions, and that is said`(text: String) async throws {
    let input = try Self.input(Self.side(questions: 12))
    let whole = try await Self.scores(text, input)
    let drawn = try await Self.scores("\(text):bank=4", input)
    #expect(drawn != whole)
    #expect(try await Self.scores("\(text):bank=4", input) == drawn)
    #expect(try await Self.scores("\(text):bank=12", input) == whole)
    #expect(try Self.method(text).warnings(about: input).isEmpty)
    let warning = try #require(try Self.method("\(text):bank=4").warnings(about: input).first)
    #expect(warning.hasPrefix("4 of the 12 questions are the bank of '"))
    #expect(warning.hasSuffix(":bank=12 takes all of them"))
  }

  @Test func `a hub goes down`() async throws {
    // Rows 0 to 3 answer a question each; row 4 is near to all of them, and nearest to the last.
    let matrix = VectorMatrix(rowCount: 5, dimension: 4) { values in
      for row in 0..<4 { values[row * 4 + row] = 1 }
      for index in 16..<20 { values[index] = 0.5 }
    }
    let questions: [[Float]] = [
      [1, 0.4, 0.4, 0.4], [0.4, 1, 0.4, 0.4], [0.4, 0.4, 1, 0.4], [0.4, 0.4, 0.4, 1],
    ]
    let rows = try questions.map {
      try RankedVectors(question: $0, rows: Array(0..<5), of: matrix).nearestFirst
    }
    #expect(rows.allSatisfy { $0[0] == 4 })
    let input = RerankInput(
      space: .init(matrix: matrix, questions: questions, rows: rows),
      scores: rows.map { $0.map { _ in 0 } })
    for text in ["inverted-softmax", "csls:k=3"] {
      for (question, scores) in try await Self.scores(text, input).enumerated() {
        let best = scores.indices.max { (scores[$0] ?? 0) < (scores[$1] ?? 0) }
        #expect(best.map { rows[question][$0] } == question, "\(text)")
      }
    }
  }
}

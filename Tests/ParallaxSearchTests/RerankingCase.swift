import FoundationEssentials
import ParallaxCore
import ParallaxTestSupport

@testable import ParallaxSearch

/// A list that NumPy ranked anew: see `Fixtures/Rerank/make_reranking_cases.py`.
struct RerankingCase: Decodable, Sendable, CustomStringConvertible {
  struct Parameters: Decodable, Sendable {
    var n: Int
    var alpha: Double
    var k1: Int
    var k2: Int
    var lambda: Double
    var beta: Double
    var depth: Int
    var k: Int
  }

  struct Wanted: Decodable, Sendable {
    var scores: [Double]
    /// Places in the list, best first.
    var order: [Int]
  }

  private struct File: Decodable { var cases: [RerankingCase] }

  var kind: String
  var rows: [[Float]]
  var question: [Float]
  /// Rows in the order of the first stage.
  var list: [Int]
  var bank: [[Float]]
  /// The question's place in the bank.
  var own: Int?
  /// The rows that each question of the bank finds first.
  var firsts: [[Int]]
  var is_active: Bool
  var parameters: Parameters
  var wanted: [String: Wanted]

  var description: String { "\(kind), \(list.count) candidates" }

  static func all() throws -> [RerankingCase] {
    let path =
      "\(TestData.packageRoot)/Tests/ParallaxSearchTests/Fixtures/Rerank/reranking_cases.json"
    return try JSONDecoder().decode(File.self, from: Data(TestFiles.bytes(of: path))).cases
  }

  var matrix: VectorMatrix {
    VectorMatrix(rowCount: rows.count, dimension: question.count) { buffer in
      for (place, value) in rows.joined().enumerated() { buffer[place] = value }
    }
  }

  /// The scores of every method.
  func scores(threads: Int? = nil) throws -> [String: [Double]] {
    let matrix = matrix
    let ranked = try RankedVectors(question: question, rows: list, of: matrix)
    let near = try QuestionBank(bank, dimension: matrix.dimension).nearness(
      of: list, in: matrix, beta: parameters.beta, neighbours: parameters.k + 1, threads: threads)
    let activation = ActivationSet(firsts, depth: parameters.depth)
    return [
      "aqe": try QueryExpansion.scores(
        of: ranked, count: parameters.n, alpha: parameters.alpha),
      "k_reciprocal": ReciprocalNeighbours.scores(
        of: ranked, k1: parameters.k1, k2: parameters.k2, lambda: parameters.lambda),
      "inverted_softmax": InvertedSoftmax.scores(
        of: ranked, nearness: near, beta: parameters.beta
      ) { activation.contains($0, without: own.map { firsts[$0] } ?? []) },
      "csls": CrossDomainScaling.scores(
        of: ranked, nearness: near, without: own, count: parameters.k),
    ]
  }
}

/// Places of a list, best first; equal scores keep their order.
func places(_ scores: [Double]) -> [Int] {
  scores.indices.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
}

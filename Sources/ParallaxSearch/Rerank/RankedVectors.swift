package import ParallaxCore

/// What a list is ranked anew from: its question and its candidates, as stored vectors.
///
/// Cosines of these are in double precision, summed in a fixed order. The functions that rank anew return
/// a score for each candidate, in the order of the first stage; a larger one is better, and equal ones keep
/// that order.
package struct RankedVectors: Sendable {
  /// The candidates' rows, in the order of the first stage.
  package let rows: [Int]
  /// The question's cosine with each candidate; 0 for a candidate without a direction.
  package let cosines: [Double]
  /// The question, then the candidates.
  let points: VectorLanes

  /// - Throws: `invalid-value` for a question of another dimension, with a number that is not finite,
  ///   or without a direction.
  package init(question: [Float], rows: [Int], of matrix: VectorMatrix) throws {
    try Self.check(question, dimension: matrix.dimension)
    self.rows = rows
    points = VectorLanes([question] + rows.map { matrix.row($0) })
    cosines = Array(points.cosines(with: points[0]).dropFirst())
  }

  package var count: Int { rows.count }

  /// The candidates' places by their cosines, the greatest first, equal ones in the order of the list.
  package var nearestFirst: [Int] {
    rows.indices.sorted {
      cosines[$0] != cosines[$1] ? cosines[$0] > cosines[$1] : $0 < $1
    }
  }

  /// - Throws: `invalid-value` for a question that has no cosine with rows of that dimension.
  static func check(_ question: [Float], dimension: Int) throws {
    guard question.count == dimension else {
      throw ParallaxError(
        .invalidValue,
        "a question for this space has \(dimension) dimensions; got \(question.count)")
    }
    guard question.allSatisfy(\.isFinite), question.contains(where: { $0 != 0 }) else {
      throw ParallaxError(
        .invalidValue, "a question that is zero or not finite has no direction to compare")
    }
  }
}

package import ParallaxStatistics

/// How often two judges gave each pair of grades, by question, and how far they agree beyond chance.
///
/// Cohen's κ = 1 - Σ w o / Σ w e, where o is how often a pair of grades was given, e how often it would be if
/// the two judged independently with their own habits, and w is 1 for different grades (J. Cohen, "A coefficient of
/// agreement for nominal scales", 1960) or the square of their distance, so that 3 against 0 weighs nine times
/// 1 against 0 (J. Cohen, "Weighted kappa", 1968). 1 is full agreement, 0 what chance gives.
package struct GradeTable: Sendable, Hashable {
  /// Grades that there are, from 0.
  package static let grades = 4

  package enum Weights: Sendable, Hashable { case equal, quadratic }

  /// By question, cells of the first judge's grade and then the second's.
  private var counts: [[Double]] = []
  private var places: [String: Int] = [:]

  package init() {}

  /// Counts a pair that both judged; grades lie from 0 to 3.
  package mutating func add(_ one: Int, _ other: Int, for question: String) {
    let place = places[question] ?? counts.count
    if place == counts.count {
      places[question] = place
      counts.append([Double](repeating: 0, count: Self.grades * Self.grades))
    }
    counts[place][one * Self.grades + other] += 1
  }

  package var questionCount: Int { counts.count }
  package var count: Int { Int(total(nil).reduce(0, +)) }

  /// The share of pairs with the same grade; `nil` without pairs.
  package var same: Double? { Self.same(total(nil)) }

  /// `nil` where it is not defined: without pairs, and where both judges gave one and the same grade.
  package func kappa(_ weights: Weights) -> Double? { Self.kappa(total(nil), weights) }

  /// An interval of 95 % over the questions.
  ///
  /// - Returns: `nil` below two questions.
  /// - Throws: `CancellationError`.
  package func interval(of weights: Weights, seed: UInt64) throws -> Interval? {
    try Bootstrap(seed: seed).interval(units: counts.count) { times in
      Self.kappa(total(times), weights)
    }
  }

  /// The same of the share of equal grades.
  package func intervalOfSame(seed: UInt64) throws -> Interval? {
    try Bootstrap(seed: seed).interval(units: counts.count) { Self.same(total($0)) }
  }

  /// - Parameter times: how often each question counts; `nil` for once.
  private func total(_ times: [Int]?) -> [Double] { counts.total(times, Self.grades * Self.grades) }

  private static func same(_ cells: [Double]) -> Double? {
    let total = cells.reduce(0, +)
    guard total > 0 else { return nil }
    return (0..<grades).reduce(0) { $0 + cells[$1 * grades + $1] } / total
  }

  private static func kappa(_ cells: [Double], _ weights: Weights) -> Double? {
    let total = cells.reduce(0, +)
    var rows = [Double](repeating: 0, count: grades)
    var columns = rows
    for row in 0..<grades {
      for column in 0..<grades {
        rows[row] += cells[row * grades + column]
        columns[column] += cells[row * grades + column]
      }
    }
    var (observed, expected) = (0.0, 0.0)
    for row in 0..<grades {
      for column in 0..<grades where row != column {
        let distance = Double(row - column)
        let weight = weights == .equal ? 1 : distance * distance
        observed += weight * cells[row * grades + column]
        expected += weight * rows[row] * columns[column]
      }
    }
    guard expected > 0 else { return nil }
    return 1 - observed * total / expected
  }
}

extension [[Double]] {
  /// The sum of tables with `cells` numbers.
  ///
  /// - Parameter times: how often each counts; `nil` for once.
  func total(_ times: [Int]?, _ cells: Int) -> [Double] {
    var sum = [Double](repeating: 0, count: cells)
    for (place, table) in enumerated() {
      let count = times.map { Double($0[place]) } ?? 1
      if count == 0 { continue }
      for cell in 0..<cells { sum[cell] += count * table[cell] }
    }
    return sum
  }
}

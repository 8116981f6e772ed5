package import ParallaxStatistics

/// How far several judges agree who need not all have judged the same: Krippendorff's α for grades that
/// are ordered (K. Krippendorff, "Content analysis", 2004, chapter 11).
///
/// α = 1 - Dₒ / Dₑ over the pairs of grades within a judged item; the distance of two grades is the
/// number of grades between them, half of their own counted. 1 is full agreement, 0 what chance gives.
package struct GradeReliability: Sendable, Hashable {
  private static let grades = GradeTable.grades

  /// By question, coincidences of grades within items.
  private var coincidences: [[Double]] = []
  private var places: [String: Int] = [:]
  /// Items that two judges or more graded.
  package private(set) var count = 0

  package init() {}

  /// Counts an item that was judged; below two grades it says nothing.
  package mutating func add(_ given: [Int], for question: String) {
    guard given.count > 1 else { return }
    count += 1
    let place = places[question] ?? coincidences.count
    if place == coincidences.count {
      places[question] = place
      coincidences.append([Double](repeating: 0, count: Self.grades * Self.grades))
    }
    let share = 1 / Double(given.count - 1)
    for (index, one) in given.enumerated() {
      for (other, grade) in given.enumerated() where other != index {
        coincidences[place][one * Self.grades + grade] += share
      }
    }
  }

  package var questionCount: Int { coincidences.count }

  /// `nil` where it is not defined: without pairs, and where all grades are the same.
  package var alpha: Double? { Self.alpha(coincidences.total(nil, Self.grades * Self.grades)) }

  /// An interval of 95 % over the questions.
  ///
  /// - Returns: `nil` below two questions.
  /// - Throws: `CancellationError`.
  package func interval(seed: UInt64) throws -> Interval? {
    try Bootstrap(seed: seed).interval(units: coincidences.count) { times in
      Self.alpha(coincidences.total(times, Self.grades * Self.grades))
    }
  }

  private static func alpha(_ cells: [Double]) -> Double? {
    let counts = (0..<grades).map { row in
      (0..<grades).reduce(0.0) { $0 + cells[row * grades + $1] }
    }
    let total = counts.reduce(0, +)
    var (observed, expected) = (0.0, 0.0)
    for one in 0..<grades {
      for other in 0..<grades where one != other {
        let between = counts[min(one, other)...max(one, other)].reduce(0, +)
        let distance = between - (counts[one] + counts[other]) / 2
        observed += distance * distance * cells[one * grades + other]
        expected += distance * distance * counts[one] * counts[other]
      }
    }
    guard expected > 0 else { return nil }
    return 1 - (total - 1) * observed / expected
  }
}

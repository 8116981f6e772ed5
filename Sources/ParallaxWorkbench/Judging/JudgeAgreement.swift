internal import ParallaxCore
internal import ParallaxEvaluation
package import ParallaxStatistics
internal import ParallaxStorage

/// How far judges agree, by one measure.
package struct JudgeAgreement: Sendable, Hashable {
  package enum Measure: String, Sendable, Hashable {
    /// The share of pairs with the same grade.
    case same
    /// Cohen's.
    case kappa
    /// Cohen's, with the squares of the distances.
    case weightedKappa = "weighted kappa"
    /// Krippendorff's, of all people together.
    case alpha
  }

  package var measure: Measure
  /// `nil` for all people together.
  package var one: Judge?
  package var other: Judge?
  /// `nil` where it is not defined.
  package var value: Double?
  /// Over the questions; `nil` below two.
  package var interval: Interval?
  /// That two judges or more graded.
  package var pairs: Int
  package var questions: Int
}

extension KeptJudgements {
  /// How far each two judges agree on what both graded, and all people together where there are three or
  /// more. What was settled does not count: it is nobody's first word.
  ///
  /// - Throws: `CancellationError`.
  package func agreement(seed: UInt64) throws -> [JudgeAgreement] {
    var rows: [JudgeAgreement] = []
    for (place, one) in judges.enumerated() {
      for other in judges[(place + 1)...] {
        let table = table(of: one, other)
        guard table.count > 0 else { continue }
        func row(
          _ measure: JudgeAgreement.Measure, _ value: Double?, _ interval: Interval?
        ) -> JudgeAgreement {
          JudgeAgreement(
            measure: measure, one: one, other: other, value: value, interval: interval,
            pairs: table.count, questions: table.questionCount)
        }
        rows += [
          row(.same, table.same, try table.intervalOfSame(seed: seed)),
          row(.kappa, table.kappa(.equal), try table.interval(of: .equal, seed: seed)),
          row(
            .weightedKappa, table.kappa(.quadratic), try table.interval(of: .quadratic, seed: seed)),
        ]
      }
    }
    guard judges.count(where: { $0.kind == .person }) > 2 else { return rows }
    var reliability = GradeReliability()
    for pair in pairs { reliability.add(pair.people.map(\.grade), for: pair.question) }
    return rows + [
      JudgeAgreement(
        measure: .alpha, value: reliability.alpha,
        interval: try reliability.interval(seed: seed), pairs: reliability.count,
        questions: reliability.questionCount)
    ]
  }

  private func table(of one: Judge, _ other: Judge) -> GradeTable {
    var table = GradeTable()
    for pair in pairs {
      guard let left = pair.grade(of: one), let right = pair.grade(of: other) else { continue }
      table.add(left, right, for: pair.question)
    }
    return table
  }
}

extension KeptJudgements.Pair {
  fileprivate func grade(of judge: Judge) -> Int? {
    grades.first { $0.judge == judge.name && $0.kind == judge.kind }?.grade
  }
}

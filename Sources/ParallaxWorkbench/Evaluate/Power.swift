private import ParallaxStatistics

/// What a comparison of so many questions can find.
package struct Power: Sendable, Hashable {
  /// Of the differences between two systems.
  package var standardDeviation: Double
  /// The chance to find a difference that exists.
  package var chance: Double
  /// `nil` where no number of questions was given.
  package var questions: Int?
  /// The smallest difference that so many questions find.
  package var detectable: Double?
  /// The difference that is looked for.
  package var difference: Double?
  /// The fewest questions that find it; `nil` when 10,000,000 are not enough.
  package var needed: Int?

  /// - Returns: `nil` for a deviation that is not above 0.
  package init?(
    standardDeviation: Double, questions: Int?, difference: Double?, chance: Double = 0.8
  ) {
    guard var power = PairedPower(standardDeviation: standardDeviation) else { return nil }
    power.power = chance
    self.standardDeviation = standardDeviation
    self.chance = chance
    self.questions = questions
    self.difference = difference.map(abs)
    detectable = questions.flatMap { power.detectableDifference(units: $0) }
    needed = difference.flatMap { power.units(for: $0) }
  }

  /// Of a system compared with the baseline; the difference is the one that was found.
  ///
  /// - Returns: `nil` for a metric of whole runs, and where nothing varies.
  package init?(
    of evaluation: Evaluation, measure: Int, system: Int, difference: Double? = nil,
    questions: Int? = nil, chance: Double = 0.8
  ) {
    guard let found = evaluation.row(measure: measure, system: system).difference,
      let deviation = found.standardDeviation
    else { return nil }
    self.init(
      standardDeviation: deviation, questions: questions ?? evaluation.questions.count,
      difference: difference ?? found.value, chance: chance)
  }
}

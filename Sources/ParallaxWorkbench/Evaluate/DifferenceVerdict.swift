internal import ParallaxStatistics

/// What follows from how two systems differ.
package enum DifferenceVerdict: String, Sendable, Hashable, CaseIterable {
  /// The second may take the place of the first.
  case promote
  /// The first should stay.
  case hold
  case notEnoughEvidence = "not enough evidence"
}

extension SystemDifference {
  /// Lists of which so much is kept hardly differ.
  static let alike = 0.95
  /// Skewness of the lists that items are in, above which hubs harm searches.
  static let hubness = 2.0
  /// The share of items without a vector from which a space is not complete.
  static let missing = 0.01

  /// Why a verdict is what it is; the strongest reasons come first.
  package enum Reason: Sendable, Hashable {
    /// By the first metric, on all questions.
    case better, worse, notWorseThanMargin, notDistinguishable, tooFewQuestions
    /// By the first metric, on a slice.
    case worseOn(slice: String)
    /// The second space lacks items that the first has.
    case missingItems(Int)
    /// The second space has hubs that the first has not.
    case hubs
    /// What differs is what asking again differs by.
    case withinNoise
    /// Almost nothing changes.
    case alike
    /// Much changes, and nobody knows whether for the better.
    case unjudgedChange
    /// How the lists differ, beside what judgements say.
    case change
  }

  /// What follows, with the reasons for it, the strongest first.
  ///
  /// Without judgements it is about change alone: what hardly changes may be promoted, and what is broken
  /// should not be; nothing else follows.
  package var verdict: (verdict: DifferenceVerdict, reasons: [Reason]) {
    let faults = faults
    if let judged = judgedVerdict {
      let worse = worseSlices.map { Reason.worseOn(slice: $0) }
      let isHeld = judged.verdict == .hold || !faults.isEmpty || !worse.isEmpty
      let order =
        judged.verdict == .hold
        ? [judged.reason] + worse + faults : worse + faults + [judged.reason]
      return (
        isHeld ? .hold : judged.verdict, order + (isWithinNoise ? [.withinNoise] : []) + [.change]
      )
    }
    if !faults.isEmpty { return (.hold, faults + [changeReason]) }
    return isAlike || isWithinNoise
      ? (.promote, (isWithinNoise ? [.withinNoise] : []) + [.alike])
      : (.notEnoughEvidence, [.unjudgedChange])
  }

  private var judgedVerdict: (verdict: DifferenceVerdict, reason: Reason)? {
    guard let difference = evaluation?.row(measure: 0, system: 1).difference else { return nil }
    // A loss for certain that does not matter is none.
    if difference.verdict == .worse, let test = difference.nonInferiority, test.isShown,
      let interval = difference.interval, interval.low > -test.margin
    {
      return (.promote, .notWorseThanMargin)
    }
    return switch difference.verdict {
    case .better: (.promote, .better)
    case .worse: (.hold, .worse)
    case .notWorseThanMargin: (.promote, .notWorseThanMargin)
    case .notDistinguishable: (.notEnoughEvidence, .notDistinguishable)
    case .tooFewQuestions: (.notEnoughEvidence, .tooFewQuestions)
    }
  }

  /// Slices on which the second system is worse by the first metric.
  private var worseSlices: [String] {
    guard let evaluation else { return [] }
    return evaluation.slices.indices.dropFirst().compactMap { slice in
      evaluation.row(slice: slice, measure: 0, system: 1).difference?.verdict == .worse
        ? evaluation.slices[slice].label : nil
    }
  }

  /// What is wrong with the second space whatever is relevant.
  private var faults: [Reason] {
    guard let spaces else { return [] }
    var faults: [Reason] = []
    if Double(spaces.onlyInFirst) > Self.missing * Double(spaces.common + spaces.onlyInFirst) {
      faults.append(.missingItems(spaces.onlyInFirst))
    }
    let (before, after) = (spaces.firstHubness.skewness ?? 0, spaces.secondHubness.skewness ?? 0)
    if after > Self.hubness, after > before + 1 { faults.append(.hubs) }
    return faults
  }

  private var isAlike: Bool { (all.overlap.interval?.low ?? all.overlap.value) >= Self.alike }

  private var changeReason: Reason { isAlike ? .alike : .unjudgedChange }

  /// Whether the lists differ by no more than those of one system asked twice.
  package var isWithinNoise: Bool {
    guard let noise = noise?.overlap else { return false }
    return all.overlap.value >= noise
  }
}

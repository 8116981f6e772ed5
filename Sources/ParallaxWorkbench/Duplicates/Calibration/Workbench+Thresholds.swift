package import ParallaxCore
internal import ParallaxReporting
package import ParallaxStorage

extension ParallaxError.Code {
  package static let notCalibrated = Self("not-calibrated")
}

extension Workbench {
  /// The thresholds of a gate: those that are given, else those of the space's calibration.
  ///
  /// - Returns: the thresholds, with what is to be said of them.
  /// - Throws: `not-calibrated` where none are given and none are kept for the identity of the space, naming
  ///   both identities where they are kept for another; `usage` about `review` above the calibrated threshold.
  package func thresholds(
    on space: Space, bits: Int?, reject: Double?, review: Double?
  ) throws -> (thresholds: GateThresholds, notes: [String], warnings: [String]) {
    let known = try workspace.calibrations(of: space.collection)
    let own = known.first { $0.fits(space, bits: bits) }
    guard let own else {
      let others = known.filter { $0.identity != space.spec.identity }
      guard let reject else { throw Self.notCalibrated(space, bits, others.first) }
      let unused = others.first.map {
        "; the thresholds of \($0.created.prefix(10)) are for another identity and not used"
      }
      return (
        GateThresholds(reject: reject, review: review ?? reject),
        [
          "uncalibrated: how many new pictures these thresholds reject wrongly is not known "
            + "('calibrate \(space.reference)' measures it)\(unused ?? "")"
        ], []
      )
    }
    let limit = reject ?? own.reject
    if let review, review > limit {
      throw ParallaxError(
        .usage,
        "--review is at most the threshold of the calibration, \(Wording.number(limit)): got "
          + Wording.number(review), hint: "--max-score sets another", parameter: "review")
    }
    let thresholds = GateThresholds(reject: limit, review: review ?? min(own.review, limit))
    return (thresholds, [own.note(on: thresholds)], try growth(of: space, since: own))
  }

  /// That a space has become larger, by which false alarms become more.
  private func growth(of space: Space, since calibration: Calibration) throws -> [String] {
    let vectors = try workspace.summaries(of: [space]).first?.vectorCount ?? 0
    guard vectors * 10 > calibration.vectors * 11 else { return [] }
    return [
      "'\(space.reference)' had \(Wording.count(calibration.vectors, "vector")) when it was calibrated "
        + "and has \(Wording.count(vectors)): more false alarms are to be expected; calibrate it again"
    ]
  }

  private static func notCalibrated(
    _ space: Space, _ bits: Int?, _ other: Calibration?
  ) -> ParallaxError {
    let with = bits.map { " --also-hash --hash-bits \($0)" } ?? ""
    let remedy =
      "'calibrate \(space.reference) --false-alarms 0.01\(with)' finds thresholds; --max-score sets one by hand"
    guard let other else {
      return ParallaxError(
        .notCalibrated,
        "'\(space.reference)' is not calibrated\(bits == nil ? "" : " for these hashes"), and --max-score is "
          + "not given",
        hint: remedy)
    }
    let differences = IdentityText.differences(from: space.spec.identity, to: other.identity)
      .map { "\($0.name) '\($0.own)', not '\($0.other)'" }.joined(separator: ", ")
    return ParallaxError(
      .notCalibrated,
      "the calibration of '\(other.reference)' of \(other.created.prefix(10)) is for another identity than "
        + "that of '\(space.reference)', which has \(differences): scores of the two do not compare",
      hint: remedy)
  }
}

/// The identity of a space as it is written down.
enum IdentityText {
  /// The fields in which two differ, in the order of the first.
  static func differences(
    from own: String, to other: String
  ) -> [(name: String, own: String, other: String)] {
    let (mine, theirs) = (fields(own), fields(other))
    let names =
      mine.map(\.name)
      + theirs.map(\.name).filter { name in
        !mine.contains { $0.name == name }
      }
    return names.compactMap { name in
      let (left, right) = (
        mine.first { $0.name == name }?.value ?? "", theirs.first { $0.name == name }?.value ?? ""
      )
      return left == right ? nil : (name, left, right)
    }
  }

  private static func fields(_ identity: String) -> [(name: String, value: String)] {
    identity.split(separator: ";").map { field in
      let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
    }
  }
}

extension Calibration {
  /// Whether its thresholds are for the vectors of a space, compared with those of pictures.
  ///
  /// - Parameter bits: in which perceptual hashes may differ; `nil` where only vectors count.
  package func fits(_ space: Space, bits: Int? = nil) -> Bool {
    identity == space.spec.identity && modality == Self.image && self.bits == bits
  }

  /// What thresholds promise.
  fileprivate func note(on thresholds: GateThresholds) -> String {
    guard thresholds.reject == reject, thresholds.review == review else {
      return
        "the calibrated thresholds are \(Wording.number(reject)) and \(Wording.number(review)); "
        + "how many new pictures others reject wrongly is not promised"
    }
    return
      "calibrated on \(created.prefix(10)): rejects from \(Wording.number(reject)) on (at most "
      + "\(Wording.percent(falseAlarms)) of new distinct pictures), review from \(Wording.number(review)) on (at most "
      + "\(Wording.percent(reviewAlarms)))"
  }
}

internal import ParallaxImaging
internal import ParallaxEvaluation
internal import ParallaxStatistics
internal import ParallaxStorage

/// Scores of pairs that are known to show the same, and of others, as shares at thresholds.
struct CalibrationMeasures {
  private let alarms: FalseAlarms
  private let random: [Double]
  private let copies: CopyScores
  private let duplicates: JudgedScores
  private let distinct: JudgedScores

  /// - Parameter random: of independent pairs.
  init(
    _ alarms: FalseAlarms, random: [Double], _ copies: CopyScores, duplicates: JudgedScores,
    distinct: JudgedScores
  ) {
    self.alarms = alarms
    self.random = random
    self.copies = copies
    self.duplicates = duplicates
    self.distinct = distinct
  }

  // MARK: Rows

  func rows(at thresholds: GateThresholds) -> [CalibrationReport.Row] {
    typealias Subject = CalibrationReport.Row.Subject
    func row(_ subject: Subject, _ share: (Double) -> ClusteredShare) -> CalibrationReport.Row {
      let wrong = share(thresholds.reject)
      return .init(
        subject: subject, tried: wrong.trials, wrong: .init(wrong),
        wrongInReview: .init(share(thresholds.review)))
    }
    var rows = [row(.nearest) { alarms.share(at: $0) }]
    rows.append(
      row(.random) { threshold in
        ClusteredShare(
          successes: random.count { $0 >= threshold }, trials: random.count, effect: 1)
      })
    for (subject, judged) in [
      (Subject.labelledDistinct, distinct), (.labelledDuplicates, duplicates),
    ] where !judged.scores.isEmpty {
      rows.append(
        row(subject) { threshold in
          ClusteredShare(
            of: judged.scores.map { ($0 >= threshold) == (subject == .labelledDistinct) },
            in: judged.clusters)
        })
    }
    rows.append(row(.copies) { missed(copies.copies, $0) })
    for (place, change) in copies.changes.enumerated() {
      let own = copies.copies.filter { $0.change == place }
      guard !own.isEmpty else { continue }
      rows.append(
        row(.change(id: change.id, kind: change.kind, strength: change.strength)) {
          missed(own, $0)
        })
    }
    return rows
  }

  // MARK: Curves

  /// How far below the lower threshold curves go, and in which steps.
  private static let (depth, step) = (20, 100.0)

  /// False alarms, all copies missed, and those of each kind, at round thresholds and at those that count.
  ///
  /// - Parameter isWhole: whether they begin at -1, where every cosine will do and another sign decides alone.
  func curves(through thresholds: GateThresholds, isWhole: Bool) -> [Calibration.Rate] {
    let lowest = -Int(Self.step)
    let first =
      isWhole
      ? lowest : max(lowest, Int((thresholds.review * Self.step).rounded(.down)) - Self.depth)
    let grid = Set((first...Int(Self.step)).map { Double($0) / Self.step })
      .union([thresholds.reject, thresholds.review]).sorted()
    var series: [(name: String, share: (Double) -> ClusteredShare)] = [
      (Calibration.falseAlarmSeries, { alarms.share(at: $0) }),
      (Calibration.missedSeries, { missed(copies.copies, $0) }),
    ]
    var kinds: [String] = []
    for change in copies.changes where kinds.last != change.kind { kinds.append(change.kind) }
    for kind in kinds {
      let own = copies.copies.filter { copies.changes[$0.change].kind == kind }
      if !own.isEmpty { series.append((kind, { missed(own, $0) })) }
    }
    return series.flatMap { name, share in
      grid.map { threshold in
        let share = share(threshold)
        let interval = share.interval()
        return Calibration.Rate(
          series: name, threshold: threshold, tried: share.trials, wrong: share.successes,
          low: interval.low, high: interval.high)
      }
    }
  }

  // MARK: Shares

  /// Copies of one picture are not independent.
  private func missed(_ copies: [CopyScores.Copy], _ threshold: Double) -> ClusteredShare {
    ClusteredShare(
      of: copies.map { $0.score < threshold }, in: Clusters(copies.map(\.picture)))
  }
}

extension CalibrationReport.Share {
  fileprivate init(_ share: ClusteredShare) {
    let interval = share.interval()
    self.init(value: share.value, low: interval.low, high: interval.high)
  }
}

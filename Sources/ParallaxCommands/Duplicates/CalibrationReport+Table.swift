internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

extension CalibrationReport {
  /// A row for each kind of pairs, and for each change.
  var table: Table {
    Table(
      columns: [
        .init("pairs", .text, isKey: true), .init("change", .text, isKey: true),
        .init("tried", .integer), .init("error", .real, fractionDigits: 4, isMain: true),
        .init("low", .real, fractionDigits: 4), .init("high", .real, fractionDigits: 4),
        .init("review_error", .real, fractionDigits: 4),
        .init("review_low", .real, fractionDigits: 4),
        .init("review_high", .real, fractionDigits: 4), .init("strength", .text),
      ],
      rows: rows.map { row in
        let (name, change, strength) = row.subject.names
        return [.text(name), change, Value(row.tried)] + row.wrong.values
          + row.wrongInReview.values + [strength]
      })
  }

  var footer: [String] {
    [
      "rejects from \(Wording.number(calibration.reject))",
      "review from \(Wording.number(calibration.review))",
      Wording.count(calibration.pictures, "distinct picture"),
      "copies of \(Wording.count(sample, "picture"))",
    ] + (cost.micros == 0 ? [] : cost.footer)
  }

  /// What is promised, from which pairs, and what was replaced.
  var notes: [String] {
    var notes = [
      "of new distinct pictures like those of '\(space.reference)', at most "
        + "\(Wording.percent(calibration.falseAlarms)) are rejected and "
        + "\(Wording.percent(calibration.reviewAlarms)) looked at (95 % confidence, "
        + "\(Wording.count(calibration.pictures, "picture")) tried)"
    ]
    if !hardest.isEmpty {
      let pairs = hardest.map {
        "\($0.left) and \($0.right) (\(Wording.fixed($0.score, digits: 4)))"
      }
      notes.append(
        "taken for distinct, and the nearest: \(pairs.joined(separator: ", ")); where they show the "
          + "same, thresholds are higher than they need to be")
    }
    if let replaced {
      notes.append(
        "replaces the calibration of \(replaced.created.prefix(10)), with thresholds of "
          + "\(Wording.number(replaced.reject)) and \(Wording.number(replaced.review))")
    }
    return notes
  }
}

extension CalibrationReport.Row.Subject {
  fileprivate var names: (name: String, change: Value, strength: Value) {
    switch self {
    case .nearest: ("distinct, nearest", .null, .null)
    case .random: ("distinct, at random", .null, .null)
    case .labelledDuplicates: ("judged duplicates", .null, .null)
    case .labelledDistinct: ("judged distinct", .null, .null)
    case .copies: ("all copies", .null, .null)
    case .change(let id, _, let strength): ("copies", .text(id), .text(strength))
    }
  }
}

extension CalibrationReport.Share {
  fileprivate var values: [Value] { [.real(value), .real(low), .real(high)] }
}

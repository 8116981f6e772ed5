internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStatistics
internal import ParallaxStorage
internal import ParallaxWorkbench

extension Alignment {
  private static let metric = "overlap@\(AlignRequest.depth)"

  /// The mapped vectors, by the name of their space if they have one.
  private var mappedName: String { made?.space.reference ?? "\(old.reference) mapped" }

  /// As `compare` names its columns: the old space first, then the map.
  var table: Table {
    let rows: [[Value]] = [
      [.text(old.reference), .text(Self.metric)] + Self.values(staying)
        + [.null, .null, .null, .null, .null] + [Value(queries)],
      [.text(mappedName), .text(Self.metric)] + Self.values(mapped)
        + [
          .real(comparison.difference), .init(comparison.interval?.low),
          .init(comparison.interval?.high), .init(comparison.signFlips.evidence.p),
          .text(verdict.rawValue),
        ] + [Value(queries)],
    ]
    return Table(
      columns: [
        .init("system", .text, isKey: true), .init("metric", .text), .init("value", .real),
        .init("low", .real), .init("high", .real), .init("difference", .real),
        .init("diff_low", .real), .init("diff_high", .real), .init("p", .real),
        .init("verdict", .text), .init("images", .integer),
      ], rows: rows)
  }

  private static func values(_ agreement: Agreement) -> [Value] {
    [
      .real(agreement.overlap), .init(agreement.interval?.low), .init(agreement.interval?.high),
    ]
  }

  /// How the map was made, what was made of it, and the conclusion unless it is bad.
  var notes: [String] {
    var notes = [
      "fitted to \(Wording.count(sample)) of \(Wording.count(pairs, "image")) in both spaces: "
        + "\(method.words), rank \(rank); \(trialWords)"
    ]
    if copies > 0 {
      notes.append(
        "\(Wording.count(copies, "image is a copy", "images are copies")) of others: each content "
          + "counts once")
    }
    if verdict != .worse { notes.append(conclusion) }
    if items > gallery * 2, mapped.overlap < 1 {
      notes.append(
        "these are shares among \(Wording.count(gallery)) images; among all \(Wording.count(items)) of "
          + "\(old.reference), which has more that are alike, both keep less")
    }
    if let made {
      let before = made.before > 0 ? ", \(Wording.count(made.before)) as before" : ""
      notes.append(
        "made \(made.space.reference): \(Wording.count(made.added, "vector")) of "
          + "\(made.space.spec.dimension)\(before); queries are embedded with \(made.space.spec.model)"
      )
    } else {
      notes.append("nothing was made: --as SPACE makes a space of the mapped vectors")
    }
    return notes
  }

  var warnings: [String] {
    var warnings = verdict == .worse ? [conclusion] : []
    if let made, made.dropped > 0 {
      warnings.append(
        "\(Wording.count(made.dropped, "vector of \(old.reference) has", "vectors of \(old.reference) have")) "
          + "no direction and \(made.dropped == 1 ? "was" : "were") not mapped")
    }
    return warnings
  }

  var footer: [String] {
    [
      "\(Self.metric) with \(new.reference)",
      "\(Wording.count(queries, "image")) asked for among \(Wording.count(gallery)) that the map was "
        + "not fitted to", "by chance \(Wording.fixed(chance, digits: 3))",
    ]
  }

  /// What the map keeps and loses, and whether it is better than leaving all as it is.
  private var conclusion: String {
    let keeps = { (agreement: Agreement) in
      Wording.fixed(agreement.overlap, digits: 3)
        + (agreement.interval.map { " [\(Self.words($0))]" } ?? "")
    }
    let difference = Wording.fixed(abs(comparison.difference), digits: 3)
    let interval = comparison.interval.map { interval in
      let ends =
        comparison.difference < 0 ? (-interval.high, -interval.low) : (interval.low, interval.high)
      return " [\(Self.words(.init(low: ends.0, high: ends.1)))]"
    }
    let verdict =
      switch verdict {
      case .better: "the map is better by \(difference)\(interval ?? "")"
      case .worse:
        "the map is worse by \(difference)\(interval ?? ""): search \(old.reference) as it is, or "
          + "embed more images with the new model"
      case .tooFewQuestions: "too few images differ to tell which is better"
      case .notDistinguishable, .notWorseThanMargin:
        comparison.differences.losses + comparison.differences.wins == 0
          ? "they give the same lists" : "the two cannot be told apart"
      }
    return "of the \(AlignRequest.depth) nearest images in \(new.reference), the map keeps "
      + "\(keeps(mapped)) and \(old.reference) as it is \(keeps(staying)); \(verdict)"
  }

  private static func words(_ interval: Interval) -> String {
    "\(Wording.fixed(interval.low, digits: 3)), \(Wording.fixed(interval.high, digits: 3))"
  }

  /// What the best map of each kind kept within the sample.
  private var trialWords: String {
    let best = trials[0]
    let other = trials.first { $0.method.isOrthogonal != best.method.isOrthogonal }
    let kept = "within the sample it kept \(Wording.fixed(best.overlap, digits: 3))"
    return kept
      + (other.map { ", the best \($0.method.kind) map \(Wording.fixed($0.overlap, digits: 3))" }
        ?? "")
  }
}

extension Alignment.Method {
  fileprivate var isOrthogonal: Bool { self == .orthogonal }

  fileprivate var kind: String { isOrthogonal ? "orthogonal" : "linear" }

  fileprivate var words: String {
    switch self {
    case .orthogonal: "orthogonal map"
    case .ridge(let strength, _): "linear map, ridge strength \(Wording.number(strength))"
    }
  }
}

extension Value {
  fileprivate init(_ number: Double?) { self = number.map(Value.real) ?? .null }
}

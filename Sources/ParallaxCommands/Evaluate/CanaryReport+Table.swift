internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

extension CanaryReport {
  private static let digits = 8

  /// A distance as people read it.
  static func text(_ distance: Double) -> String {
    let text = Wording.fixed(distance, digits: digits)
    let cut = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
    return cut.isEmpty || distance == 0 ? "0" : String(cut.reversed())
  }

  private static func finding(_ check: CanaryCheck) -> Value {
    .text(check.drifted > 0 ? "drifted" : "as before")
  }

  /// One row: what came of it.
  var table: Table {
    Table(
      columns: [
        .init("space", .text, isKey: true), .init("finding", .text, isKey: true),
        .init("probes", .integer), .init("asked", .integer), .init("drifted", .integer),
        .init("mean", .real, fractionDigits: Self.digits),
        .init("largest", .real, fractionDigits: Self.digits),
        .init("tolerance", .real, fractionDigits: Self.digits),
        .init("noise", .real, fractionDigits: Self.digits),
      ],
      rows: [
        [
          .text(canary.space.reference), Self.finding(check), Value(canary.probes.count),
          Value(check.asked), Value(check.drifted), .real(check.mean), .real(check.largest),
          .real(check.tolerance), .real(canary.noise),
        ]
      ])
  }

  /// A row for each probe, the farthest first.
  var probeTable: Table {
    let order = outcomes.indices.sorted {
      (-(outcomes[$0].distance ?? .infinity), $0) < (-(outcomes[$1].distance ?? .infinity), $1)
    }
    return Table(
      columns: [
        .init("probe", .text, isKey: true), .init("kind", .text),
        .init("distance", .real, fractionDigits: Self.digits, isKey: true),
        .init("finding", .text, isMain: true, wraps: true),
      ],
      rows: order.map { outcomes[$0] }.map { outcome in
        let isText = if case .text = outcome.probe.subject { true } else { false }
        let isFar = outcome.distance.map { $0 > check.tolerance }
        return [
          .text(outcome.probe.name), .text(isText ? "text" : "item"),
          outcome.distance.map { .real($0) } ?? .null,
          .text(
            isFar.map { $0 ? "drifted" : "as before" } ?? "no answer: \(outcome.problem ?? "")"),
        ]
      })
  }

  static func table(_ checks: [CanaryCheck]) -> Table {
    Table(
      columns: [
        .init("at", .text, isKey: true), .init("finding", .text, isKey: true),
        .init("asked", .integer), .init("drifted", .integer),
        .init("mean", .real, fractionDigits: digits),
        .init("largest", .real, fractionDigits: digits),
        .init("tolerance", .real, fractionDigits: digits),
      ],
      rows: checks.map {
        [
          .text($0.at), finding($0), Value($0.asked), Value($0.drifted), .real($0.mean),
          .real($0.largest), .real($0.tolerance),
        ]
      })
  }

  static func table(_ summaries: [CanarySummary]) -> Table {
    Table(
      columns: [
        .init("space", .text, isKey: true), .init("probes", .integer), .init("created", .text),
        .init("noise", .real, fractionDigits: digits), .init("last check", .text),
        .init("finding", .text, isKey: true), .init("mean", .real, fractionDigits: digits),
        .init("largest", .real, fractionDigits: digits),
      ],
      rows: summaries.map { summary in
        let last = summary.lastCheck
        return [
          .text(summary.space.reference), Value(summary.probes), .text(summary.created),
          .real(summary.noise), Value(last?.at), last.map { finding($0) } ?? .null,
          last.map { .real($0.mean) } ?? .null, last.map { .real($0.largest) } ?? .null,
        ]
      })
  }
}

extension RepeatedCost {
  /// What would be asked for, a fact in each row.
  func table(of space: Space) -> Table {
    let facts = [(name: "space", value: space.reference), ("model", space.spec.model)] + rows
    return Table(
      columns: [.init("what", .text, isKey: true), .init("value", .text)],
      rows: facts.map { [.text($0.name), .text($0.value)] })
  }

  var rows: [(name: String, value: String)] {
    [
      ("inputs to ask for", String(inputs)),
      (
        "cost, about",
        micros.map { $0 == 0 ? "0.00 (local model)" : Wording.dollars($0) } ?? "not known"
      ),
    ]
  }

  /// Parts of the line under a table.
  var footer: [String] {
    let asked = "asked for \(Wording.count(inputs, "input"))"
    guard let micros else { return [asked, "price not known"] }
    return micros == 0 ? [asked] : [asked, "about \(Wording.dollars(micros))"]
  }
}

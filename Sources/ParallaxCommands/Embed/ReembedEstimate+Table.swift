internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStatistics
internal import ParallaxWorkbench

extension ReembedEstimate {
  /// What changes on the sample, and what the rest takes.
  var table: Table {
    Table(
      columns: [
        .init("measure", .text, isKey: true), .init("value", .real, fractionDigits: 4),
        .init("low", .real, fractionDigits: 4), .init("high", .real, fractionDigits: 4),
        .init("meaning", .text, isMain: true, wraps: true),
      ], rows: changes + remainder)
  }

  private var changes: [[Value]] {
    guard let change else { return [] }
    return [
      Self.row(
        "overlap@\(change.top)", change.overlap,
        "the share of its \(change.top) nearest sampled items that an item keeps, mean of "
          + Wording.count(change.items, "item")),
      Self.row(
        "same nearest", change.sameNearest,
        "the share of items whose nearest sampled item stays the same"),
    ]
  }

  private static func row(
    _ name: String, _ measured: NeighbourChange.Measured, _ meaning: String
  ) -> [Value] {
    [
      .text(name), .real(measured.value), measured.interval.map { .real($0.low) } ?? .null,
      measured.interval.map { .real($0.high) } ?? .null, .text(meaning),
    ]
  }

  private var remainder: [[Value]] {
    func row(_ name: String, _ value: Value, _ meaning: String) -> [Value] {
      [.text(name), value, .null, .null, .text(meaning)]
    }
    var rows = [
      row("contents left", Value(rest.toEmbed), "different contents that are not embedded yet")
    ]
    if let remote = rest.remote {
      rows.append(row("requests left", Value(remote.requests), "about"))
      rows.append(
        row("tokens left", Value(remote.tokens), remote.isExact ? "as counted" : "about"))
    }
    rows.append(
      row(
        "dollars left", dollars.map { .real($0) } ?? .null,
        rest.remote?.costInWords ?? "nothing: a local model"))
    rows.append(
      row(
        "seconds left", time.map { .real($0 / 1_000) } ?? .null,
        time == nil ? "not known: no vector was computed" : "at the speed of the sample"))
    return rows
  }

  private var dollars: Double? {
    guard let remote = rest.remote else { return 0 }
    return remote.cost.map { Double($0.micros) / 1e6 }
  }

  /// The numbers in a sentence.
  var conclusion: String {
    let left = Wording.count(rest.toEmbed, rest.spec.content.noun)
    let cost = rest.remote.map { ", cost \($0.costInWords)" } ?? ""
    let duration = time.map { ", about \(Wording.milliseconds($0))" } ?? ""
    let end =
      rest.toEmbed == 0
      ? "nothing is left to embed"
      : "left to embed: \(left)\(duration)\(cost) (the same command without --sample)"
    return "\(finding); \(end)"
  }

  private var finding: String {
    guard let change else { return "too few items have a vector in both spaces to compare them" }
    let noun = rest.spec.content.noun
    if change.isNone {
      return
        "every \(noun) of the sample has the same vector in both spaces: only questions in words "
        + "can have other answers"
    }
    let range = change.overlap.interval.map {
      " (\(Self.percent($0.low)) to \(Self.percent($0.high)) %)"
    }
    return
      "of its \(change.top) nearest in the sample, \(noun == "image" ? "an image" : "a text") keeps "
      + "\(Self.percent(change.overlap.value)) %\(range ?? "")"
  }

  private static func percent(_ share: Double) -> String {
    Wording.fixed(share * 100, digits: 0)
  }

  /// Items of the sample that have no vector in the new space.
  var warnings: [String] {
    let noun = rest.spec.content.noun
    let count = outcome.failures.count
    if count == 0 { return [] }
    return [
      "\(Wording.count(count, "\(noun) has", "\(noun)s have")) no vector in \(rest.reference) (the same "
        + "command without --sample lists \(count == 1 ? "it" : "them"))"
    ]
  }
}

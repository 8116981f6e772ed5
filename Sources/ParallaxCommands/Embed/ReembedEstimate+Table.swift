internal import ParallaxCore
private import ParallaxEvaluation
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
      ], rows: judged + changes + remainder)
  }

  /// How good both spaces answer the questions, and the difference.
  private var judged: [[Value]] {
    guard let evaluation else { return [] }
    let count = Wording.count(evaluation.questions.count, "question")
    let among = "mean of \(count) with a relevant item in the sample"
    return evaluation.measures.indices.flatMap { measure -> [[Value]] in
      let name = evaluation.measures[measure]
      let rows = evaluation.systems.indices.map { evaluation.row(measure: measure, system: $0) }
      let values = zip(evaluation.systems, rows).map { system, row in
        Self.row("\(name), \(system.name)", row.score.value, row.interval, among)
      }
      let difference = rows.last?.difference.map {
        Self.row("\(name), difference", $0.value, $0.interval, Self.meaning(of: $0))
      }
      return values + [difference].compactMap(\.self)
    }
  }

  /// `better: p 0.012, better on 12 questions, worse on 3`.
  private static func meaning(of difference: Evaluation.Difference) -> String {
    let p = (difference.correctedP ?? difference.evidence?.p).map {
      "p \(Wording.fixed($0, digits: 4))"
    }
    let counts = difference.counts.map {
      "better on \(Wording.count($0.wins, "question")), worse on \(Wording.count($0.losses))"
    }
    let facts = [p, counts].compactMap(\.self)
    return difference.verdict.rawValue + (facts.isEmpty ? "" : ": ")
      + facts.joined(separator: ", ")
  }

  private static func row(
    _ name: String, _ value: Double?, _ interval: Interval?, _ meaning: String
  ) -> [Value] {
    [
      .text(name), value.map { .real($0) } ?? .null, interval.map { .real($0.low) } ?? .null,
      interval.map { .real($0.high) } ?? .null, .text(meaning),
    ]
  }

  private var changes: [[Value]] {
    guard let change else { return [] }
    return [
      Self.row(
        "overlap@\(change.top)", change.overlap.value, change.overlap.interval,
        "the share of its \(change.top) nearest sampled items that an item keeps, mean of "
          + Wording.count(change.items, "item")),
      Self.row(
        "same nearest", change.sameNearest.value, change.sameNearest.interval,
        "the share of items whose nearest sampled item stays the same"),
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

extension SampleForecast {
  /// What the sample takes, before the rest.
  var facts: [(String, String)] {
    [
      ("items of the sample", String(items.items)),
      ("different contents of it to embed", String(items.toEmbed)),
      ("cost of the sample", items.remote?.costInWords ?? Forecast.free),
    ]
      + (questions.first.map { [("questions to ask both spaces", String($0.questions))] } ?? [])
      + questions.map {
        ("cost of the questions in \($0.reference)", $0.remote?.costInWords ?? Forecast.free)
      }
  }
}

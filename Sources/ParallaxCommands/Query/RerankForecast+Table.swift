internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxWorkbench

extension RerankForecast {
  /// The facts, a row each.
  var table: Table {
    var facts = [("reranker", name)]
    if let spec {
      facts += [("identity", spec.identity), ("scores", spec.scale.plural)]
    }
    facts += [("questions", Wording.count(questions)), ("candidates", Wording.count(pairs))]
    if unreadable > 0 { facts.append(("with nothing to read", Wording.count(unreadable))) }
    if spec != nil {
      facts += [
        ("kept scores", Wording.count(known)),
        ("to score", Wording.count(pairs - known - unreadable)),
      ]
    }
    if isRemote {
      facts += [
        ("requests", Wording.count(requests)),
        ("tokens read", "about \(Wording.count(tokensRead))"),
        ("tokens written", "at most \(Wording.count(tokensWritten))"),
      ]
    }
    facts.append(
      (
        "cost",
        isRemote
          ? micros.map { "about \(Wording.dollars($0))" } ?? "not known" : "0.00 (on this machine)"
      ))
    return Table(
      columns: [.init("what", .text, isKey: true), .init("value", .text)],
      rows: facts.map { [.text($0.0), .text($0.1)] })
  }

  /// That nothing was done, and what there is to know.
  var remarks: [String] {
    [missing.map { "nothing was asked for; to ask, \($0.message)" } ?? "nothing was asked for"]
      + notes
  }
}

extension [RerankForecast] {
  /// A row a reranker.
  var table: Table {
    Table(
      columns: [
        .init("reranker", .text, isKey: true), .init("candidates", .integer, isKey: true),
        .init("kept", .integer), .init("to_score", .integer), .init("requests", .integer),
        .init("tokens_read", .integer), .init("tokens_written", .integer),
        .init("cost", .real, fractionDigits: 4, isMain: true),
      ],
      rows: map { forecast in
        [
          .text(forecast.name), Value(forecast.pairs), Value(forecast.known),
          Value(forecast.pairs - forecast.known - forecast.unreadable),
          Value(forecast.requests), Value(forecast.tokensRead), Value(forecast.tokensWritten),
          forecast.micros.map { .real(Double($0) / 1e6) } ?? .null,
        ]
      })
  }

  /// That nothing was done, what all of them would cost, and what there is to know of each.
  var remarks: [String] {
    let remote = filter(\.isRemote)
    let prices = remote.compactMap(\.micros)
    var remarks = ["nothing was asked for"]
    if remote.count > 1, prices.count == remote.count {
      remarks.append("together about \(Wording.dollars(prices.reduce(0, +)))")
    }
    for forecast in remote where forecast.micros == nil {
      remarks.append("no price of '\(forecast.name)' is known: what it costs is left empty")
    }
    for forecast in self {
      if let missing = forecast.missing {
        remarks.append("to ask '\(forecast.name)', \(missing.message)")
      }
      if forecast.unreadable > 0 {
        remarks.append(
          "\(Wording.count(forecast.unreadable, "candidate")) have nothing that '\(forecast.name)' reads"
        )
      }
    }
    for note in flatMap(\.notes) where !remarks.contains(note) { remarks.append(note) }
    return remarks
  }
}

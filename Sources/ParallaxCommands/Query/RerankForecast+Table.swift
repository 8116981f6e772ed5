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

internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxWorkbench

extension Forecast {
  /// The facts, a row each.
  var table: Table {
    var facts: [(String, String)] = [("space", reference)]
    facts += spec.fields.map { ($0.name, $0.value) }
    facts += [
      ("items", String(items)), ("embedded already", String(before)),
      ("different contents to embed", String(toEmbed)),
      ("vectors known from elsewhere", String(reusable)),
    ]
    if empty > 0 { facts.append(("items without a text", String(empty))) }
    for (limit, count) in cut.sorted(by: { $0.key.tokens < $1.key.tokens }) {
      facts.append(("texts to be cut after \(limit.tokens) tokens", String(count)))
    }
    facts += remote?.facts ?? [("cost", "0.00 (local model)")]
    return Table(
      columns: [.init("what", .text, isKey: true), .init("value", .text)],
      rows: facts.map { [.text($0.0), .text($0.1)] })
  }

  /// That nothing was done, and what there is to know of the model.
  var remarks: [String] {
    [missing.map { "nothing was embedded; to embed, \($0.message)" } ?? "nothing was embedded"]
      + notes
  }
}

extension Forecast.Remote {
  var facts: [(String, String)] {
    [
      ("requests, about", String(requests)),
      (isExact ? "tokens" : "tokens, about", String(tokens)),
      (
        "time at the set limit, at least",
        milliseconds.map(Wording.milliseconds) ?? "no limit is set"
      ),
      (
        "cost",
        cost.map {
          "\(Wording.dollars($0.micros)) at the price of \($0.date), less what is cached"
        } ?? "not known"
      ),
    ]
  }
}

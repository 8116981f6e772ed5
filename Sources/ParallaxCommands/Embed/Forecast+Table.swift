internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxWorkbench

extension Forecast {
  var table: Table { Self.table(of: facts) }

  /// A row each.
  static func table(of facts: [(String, String)]) -> Table {
    Table(
      columns: [.init("what", .text, isKey: true), .init("value", .text)],
      rows: facts.map { [.text($0.0), .text($0.1)] })
  }

  static let free = "0.00 (local model)"

  var facts: [(String, String)] {
    var facts: [(String, String)] = [("space", reference)]
    facts += spec.fields.map { ($0.name, $0.value) }
    facts += [
      ("items", String(items)), ("embedded already", String(before)),
      ("different contents to embed", String(toEmbed)),
      ("vectors known from elsewhere", String(reusable)),
    ]
    if empty > 0 { facts.append(("items without a text", String(empty))) }
    if elsewhere > 0 { facts.append(("items in other shards", String(elsewhere))) }
    for (limit, count) in cut.sorted(by: { $0.key.tokens < $1.key.tokens }) {
      facts.append(("texts to be cut after \(limit.tokens) tokens", String(count)))
    }
    return facts + (remote?.facts ?? [("cost", Self.free)])
  }

  /// That nothing was done, and what there is to know of the model.
  var remarks: [String] {
    [Self.nothingDone(missing)] + notes
  }

  /// - Parameter missing: what prevents embedding.
  static func nothingDone(_ missing: ParallaxError?) -> String {
    missing.map { "nothing was embedded; to embed, \($0.message)" } ?? "nothing was embedded"
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
      ("cost", costInWords),
    ]
  }

  var costInWords: String {
    cost.map { "\(Wording.dollars($0.micros)) at the price of \($0.date), less what is cached" }
      ?? "not known"
  }
}

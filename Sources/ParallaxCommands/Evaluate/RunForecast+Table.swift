internal import ParallaxCore
internal import ParallaxWorkbench

extension RunForecast {
  /// The facts, a row each.
  var table: Table {
    var facts: [(String, String)] = [("space", reference)]
    facts += spec.fields.map { ($0.name, $0.value) }
    facts += [
      ("questions", String(questions)), ("different texts", String(texts)),
      ("different images", String(images)),
    ]
    if pairs > 0 { facts.append(("different pairs of text and image", String(pairs))) }
    if remote != nil { facts.append(("kept replies", String(known))) }
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

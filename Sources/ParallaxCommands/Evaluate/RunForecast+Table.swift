internal import ParallaxCore
internal import ParallaxWorkbench

extension RunForecast {
  /// The facts, a row each.
  var table: Table {
    let facts = [(name: "space", value: reference)] + spec.fields + demand
    return Table(
      columns: [.init("what", .text, isKey: true), .init("value", .text)],
      rows: facts.map { [.text($0.name), .text($0.value)] })
  }

  /// What is asked for, and what that costs.
  var demand: [(name: String, value: String)] {
    var facts = [
      (name: "questions", value: String(questions)), ("different texts", String(texts)),
      ("different images", String(images)),
    ]
    if pairs > 0 { facts.append(("different pairs of text and image", String(pairs))) }
    if remote != nil { facts.append(("kept replies", String(known))) }
    return facts
      + (remote?.facts.map { (name: $0.0, value: $0.1) } ?? [("cost", "0.00 (local model)")])
  }

  /// That nothing was done, and what there is to know of the model.
  var remarks: [String] {
    [Forecast.nothingDone(missing)]
      + notes
  }
}

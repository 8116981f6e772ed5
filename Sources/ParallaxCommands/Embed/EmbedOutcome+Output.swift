internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

extension EmbedOutcome {
  /// The items that have no vector, and why.
  var failureTable: Table {
    Table(
      columns: [
        .init("id", .text, isKey: true, wraps: true), .init("path", .text), .init("code", .text),
        .init("reason", .text, isMain: true, wraps: true),
      ],
      rows: failures.map {
        [.text($0.id.rawValue), .text($0.path), .text($0.code), .text($0.message)]
      })
  }

  func footer(milliseconds: Double) -> [String] {
    let spec = space.spec
    var parts = ["\(space.reference): \(Wording.count(embedded)) embedded"]
    if reused > 0 { parts.append("\(Wording.count(reused)) known already") }
    if before > 0 { parts.append("\(Wording.count(before)) as before") }
    if empty > 0 { parts.append("\(Wording.count(empty)) without a text") }
    if elsewhere > 0 { parts.append("\(Wording.count(elsewhere)) in other shards") }
    if failed > 0 { parts.append("\(Wording.count(failed)) failed") }
    parts.append("\(spec.model), \(spec.dimension) dimensions")
    parts.append(Wording.milliseconds(milliseconds))
    if embedded > 0, milliseconds > 0 {
      parts.append("\(Int((Double(embedded) / milliseconds * 1000).rounded()))/s")
    }
    return parts
  }

  var warnings: [String] {
    let noun = space.spec.content.noun
    let count = failures.count
    if count == 0 { return [] }
    return ["\(Wording.count(count, "\(noun) has", "\(noun)s have")) no vector (list: show _)"]
  }
}

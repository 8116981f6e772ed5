internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxWorkbench

extension Power {
  /// `with 40 questions you can detect 0.061; 0.02 would need 360`
  var sentence: String {
    var parts: [String] = []
    if let questions {
      let subject = "with \(Wording.count(questions, "question"))"
      parts.append(
        detectable.map { "\(subject) you can detect \(Wording.signed($0))" }
          ?? "\(subject) nothing can be detected")
    }
    if let difference {
      let amount = Wording.signed(difference)
      parts.append(
        needed.map {
          "\(amount) would need \(questions == nil ? Wording.count($0, "question") : Wording.count($0))"
        }
          ?? "\(amount) would need more than 10 000 000")
    }
    return parts.joined(separator: "; ")
  }

  static let columns: [Table.Column] = [
    .init("sd", .real, isKey: true), .init("questions", .integer, isKey: true),
    .init("detectable", .real, isKey: true), .init("difference", .real, isKey: true),
    .init("needed", .integer, isKey: true), .init("power", .real),
  ]

  /// One value for each of ``columns``.
  var values: [Value] {
    [
      .real(standardDeviation), questions.map { Value($0) } ?? .null,
      detectable.map { .real($0) } ?? .null, difference.map { .real($0) } ?? .null,
      needed.map { Value($0) } ?? .null, .real(chance),
    ]
  }
}

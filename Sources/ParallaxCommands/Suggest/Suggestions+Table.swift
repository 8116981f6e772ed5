internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxWorkbench

extension Suggestions {
  /// A row for each picture: its nearest case, what is suggested for each field, and all its cases.
  var table: Table {
    Table(
      columns: [
        .init("path", .text, isKey: true), .init("id", .text), .init("score", .real),
      ] + trial.fields.flatMap(\.columns) + [
        .init("case.ids", .text), .init("case.scores", .text), .init("problem", .text),
      ],
      rows: pictures.map { picture in
        let nearest = picture.cases.first
        let head: [Value] = [
          .text(picture.name), Value(nearest?.id.rawValue),
          nearest.map { .real($0.score.shown) } ?? .null,
        ]
        let answers = trial.fields.enumerated().flatMap { place, field in
          picture.answers.isEmpty
            ? field.columns.map { _ in Value.null } : field.cells(picture.answers[place])
        }
        return head + answers + [
          Self.list(picture.cases.map { .text($0.id.rawValue) }),
          Self.list(picture.cases.map { .real($0.score.shown) }), Value(picture.problem),
        ]
      })
  }

  fileprivate static func list(_ values: [Value]) -> Value {
    values.isEmpty ? .null : .list(values)
  }

  /// Of pictures that are cases themselves.
  var notes: [String] {
    let known = pictures.count(where: \.isKnown)
    return known == 0
      ? []
      : [
        "\(Wording.count(known)) of \(Wording.count(pictures.count, "picture")) \(known == 1 ? "is a file" : "are files") "
          + "of the collection: \(known == 1 ? "its" : "their") own values vote"
      ]
  }

  var warnings: [String] {
    let faults = pictures.filter { $0.problem != nil }
    guard let first = faults.first, let problem = first.problem else { return [] }
    return [
      "\(Wording.count(faults.count, "picture")) cannot be compared, such as '\(first.name)': \(problem)"
    ]
  }
}

extension SuggestionTrial.Field {
  fileprivate var columns: [Table.Column] {
    let shown: ValueKind = kind == .integer ? .real : kind
    let facts: [Table.Column] =
      isOfNumbers
      ? [.init("\(name).low", shown), .init("\(name).high", shown)]
      : [.init("\(name).agreement", .real, isMain: true)]
    return [.init(name, shown, isMain: true)] + facts
      + [.init("\(name).missing", .integer), .init("\(name).cases", .text)]
  }

  /// As ``columns``.
  fileprivate func cells(_ answer: Suggestions.Answer) -> [Value] {
    let facts =
      isOfNumbers ? [answer.low, answer.high] : [answer.agreement.map { .real($0) } ?? .null]
    // A list holds no null: what is not known is an empty text.
    let known = answer.known.map { $0 == .null ? Value.text("") : $0 }
    return [answer.value] + facts + [Value(answer.missing), Suggestions.list(known)]
  }
}

internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

extension GateOutcome {
  /// A row for each picture, with its nearest matches side by side.
  var table: Table {
    let ranks = 1...max(1, request.matches)
    let columns: [Table.Column] =
      [
        .init("picture", .text, isKey: true),
        .init("decision", .text, isKey: true), .init("problem", .text, isMain: true),
      ]
      + ranks.flatMap { rank -> [Table.Column] in
        let end = rank == 1 ? "" : "_\(rank)"
        return [
          .init("score\(end)", .real, isKey: rank == 1),
          .init("match\(end)", .text, isMain: rank == 1), .init("copy\(end)", .boolean),
          .init("incoming\(end)", .boolean), .init("verdict\(end)", .text),
          .init("hash\(end)", .integer),
        ]
      }
    return Table(
      columns: columns,
      rows: pictures.map { picture in
        [
          .text(picture.name), .text(picture.decision.rawValue),
          picture.problem.map { .text($0) } ?? .null,
        ]
          + ranks.flatMap { rank -> [Value] in
            guard rank <= picture.matches.count else { return Array(repeating: .null, count: 6) }
            let match = picture.matches[rank - 1]
            return [
              match.score.map { .real($0) } ?? .null, .text(match.name), .boolean(match.isCopy),
              .boolean(match.isIncoming),
              match.verdict.map { .text($0.rawValue) } ?? .null,
              match.hashDistance.map { Value($0) } ?? .null,
            ]
          }
      })
  }

  /// How many there are of each decision, of those that anything was decided of.
  var counts: String {
    let words: [(GateDecision, String)] = [
      (.pass, "pass"), (.review, "to review"), (.reject, "rejected"), (.unreadable, "unreadable"),
    ]
    return words.filter { count($0.0) > 0 }.map { "\(Wording.count(count($0.0))) \($0.1)" }
      .joined(separator: ", ")
  }

  var footer: [String] {
    [Wording.count(pictures.count, "picture") + ": " + counts]
      + (cost.micros == 0 ? [] : cost.footer)
  }

  /// Sentences about items that pictures could not be compared with.
  var coverage: [String] {
    items == 0
      ? ["'\(space.collection.name)' is empty: there is nothing to compare with"]
      : space.coverage(without: items - compared, of: items)
  }

  /// Why the gate fails; `nil` where it does not.
  func failure(withReview: Bool) -> ParallaxError? {
    let (rejected, unreadable) = (count(.reject), count(.unreadable))
    let review = withReview ? count(.review) : 0
    guard rejected + unreadable + review > 0 else { return nil }
    let parts = [
      (rejected, "rejected"), (unreadable, "unreadable"), (review, "to be looked at"),
    ]
    .filter { $0.0 > 0 }
    .map { "\(Wording.count($0.0)) \($0.0 == 1 ? "is" : "are") \($0.1)" }
    return ParallaxError(
      .checkFailed,
      "of \(Wording.count(pictures.count, "picture")), \(parts.joined(separator: ", "))")
  }
}

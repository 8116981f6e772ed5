internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

extension ReportBuilder {
  /// Pictures that come in and are shown where nobody says how many.
  static let picturesOfGate = 100

  /// A section for each decision that was made, what was refused first: each picture beside its matches.
  mutating func sections(of gate: GateOutcome, _ result: NamedResult) -> [ListsSection] {
    let most = given.contains("questions") ? limits.questions : Self.picturesOfGate
    var left = most
    var sections: [ListsSection] = []
    for decision in GateDecision.report {
      let all = gate.pictures.filter { $0.decision == decision }
      let shown = all.prefix(left)
      left -= shown.count
      guard !shown.isEmpty else { continue }
      sections.append(
        ListsSection(
          title: "\(decision.title): \(Wording.count(all.count, "picture"))",
          sources: [], questions: shown.map { question($0, gate) }))
    }
    noteCut(
      min(most, gate.pictures.count), of: gate.pictures.count, ("picture", "pictures"),
      in: result.title, "questions", isUsual: true)
    guard !sections.isEmpty else { return sections }
    sections[0].conclusion = [
      gate.footer[0].capitalizedSentence,
      "Compared with \(Wording.count(gate.compared)) of \(Wording.count(gate.items, "image")) of "
        + "'\(gate.space.reference)': rejected from a cosine of \(Wording.number(gate.request.thresholds.reject)) "
        + "on, looked at from \(Wording.number(gate.request.thresholds.review)) on.",
    ]
    let last = sections.count - 1
    sections[last].remarks = result.remarks()
    sections[last].sources = [result.source()]
    return sections
  }

  private func question(
    _ picture: GateOutcome.Picture, _ gate: GateOutcome
  ) -> ReportQuestion {
    let source = picture.hash.map { ReportPicture.Source(path: picture.path, hash: $0) }
    let isShown = picture.decision != .unreadable
    let hits = picture.matches.enumerated().map { place, match in
      ReportHit(
        rank: place + 1, id: match.name,
        picture: .init(path: match.path, hash: match.hash),
        scores: match.score.map { [ReportFact("cosine", number($0))] } ?? [],
        fields: match.facts)
    }
    return ReportQuestion(
      terms: [
        .init(
          role: "incoming", text: picture.name, picture: isShown ? source : nil)
      ], lists: picture.matches.isEmpty ? [] : [ReportList(hits: hits)],
      remark: picture.problem.map { "\($0.capitalizedSentence)" })
  }
}

extension GateDecision {
  /// In the order in which a person wants to see them.
  fileprivate static let report: [GateDecision] = [.reject, .unreadable, .review, .pass]

  fileprivate var title: String {
    switch self {
    case .pass: "Passed"
    case .review: "To be looked at"
    case .reject: "Rejected"
    case .unreadable: "Unreadable"
    }
  }
}

extension GateOutcome.Match {
  fileprivate var facts: [ReportFact] {
    (isCopy ? [ReportFact("copy", "the same bytes")] : [])
      + (hashDistance.map { [ReportFact("bits of hash", String($0))] } ?? [])
      + (verdict.map { [ReportFact("judged", $0.rawValue)] } ?? [])
      + (isIncoming ? [ReportFact("from", "what comes in")] : [])
  }
}

extension String {
  /// The text as a sentence of its own.
  fileprivate var capitalizedSentence: String {
    prefix(1).uppercased() + dropFirst() + (hasSuffix(".") ? "" : ".")
  }
}

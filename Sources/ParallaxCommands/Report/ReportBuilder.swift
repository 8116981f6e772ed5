internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

/// Makes the sections of a report from results. It reads the workspace, and changes nothing.
struct ReportBuilder {
  let workspace: Workspace
  /// Digits after the point.
  let fractionDigits: Int
  let limits: ReportLimits
  /// Whether a limit was given, by the name of its option.
  let given: Set<String>
  /// What is not shown.
  var cuts = ReportLimits.Cuts()

  init(workspace: Workspace, fractionDigits: Int, limits: ReportLimits, given: Set<String>) {
    self.workspace = workspace
    self.fractionDigits = fractionDigits
    self.limits = limits
    self.given = given
  }

  /// Answers stand side by side where there are several, and so do runs; everything else has sections
  /// of its own, in the order of the results.
  ///
  /// - Throws: `CancellationError`, and what reading the workspace throws.
  mutating func sections(of results: [NamedResult]) throws -> [any ReportSection] {
    let answers = results.compactMap { result -> (NamedResult, Answer)? in
      if case .ranking(let answer) = result.content { (result, answer) } else { nil }
    }
    let runs = results.compactMap { result -> (NamedResult, SystemRun)? in
      if case .run(let run) = result.content { (result, run) } else { nil }
    }
    var sections: [any ReportSection] = []
    for result in results {
      switch result.content {
      case .ranking:
        if result.name == answers[0].0.name { sections.append(try section(ofAnswers: answers)) }
      case .run:
        if result.name == runs[0].0.name { sections.append(try section(ofRuns: runs)) }
      case .evaluation(let evaluation): sections += try self.sections(of: evaluation, result)
      case .difference(let difference): sections += try self.sections(of: difference, result)
      case .gate(let gate): sections += self.sections(of: gate, result)
      case .groups(let listing): sections.append(section(ofGroups: listing, result))
      case .table, .judgements: sections.append(try section(ofTable: result))
      }
    }
    return sections
  }

  mutating func noteCut(
    _ shown: Int, of all: Int, _ nouns: (String, String), in name: String, _ option: String,
    isUsual: Bool = false
  ) {
    guard let sentence = limits.sentence(shown, of: all, nouns, in: name, option) else {
      return
    }
    cuts.add(sentence, isAsked: isUsual || given.contains(option))
  }

  // MARK: Items

  /// Items of a collection by id; none where the collection is not known.
  func records(
    _ ids: some Sequence<ItemID> & Sendable, in collection: ItemCollection?
  ) throws -> [ItemID: ItemRecord] {
    guard let collection else { return [:] }
    return try workspace.items(named: ids, in: collection)
  }

  func number(_ value: Double) -> String { Wording.fixed(value, digits: fractionDigits) }

  /// A score as its column shows it.
  func score(_ value: Double?, _ kind: ValueKind) -> String {
    switch Value(score: value, kind) {
    case .null: "none"
    case .real(let number): self.number(number)
    case let whole: whole.plainText
    }
  }

  /// A list that was looked at again as it was before: the same hits by their first places.
  func before(
    _ list: ReportList, _ stages: [RerankStage?], after rerankings: [RerankRecord]
  ) -> ReportList {
    let kind = rerankings.dropLast().scoreKind
    let hits = zip(list.hits, stages).compactMap { hit, stage -> ReportHit? in
      guard let stage else { return nil }
      return ReportHit(
        rank: stage.firstRank, id: hit.id, picture: hit.picture, caption: hit.caption,
        scores: [ReportFact("score", score(stage.firstScore, kind))])
    }.sorted { $0.rank < $1.rank }
    return ReportList(name: "Before: the same items", hits: hits)
  }

  /// What a question looks for.
  ///
  /// - Parameters:
  ///   - collection: that items are of.
  ///   - inputs: files with their SHA-256.
  func terms(
    _ terms: [Query.Term], in collection: ItemCollection?, _ inputs: [Provenance.Name]
  ) throws -> [ReportQuestion.Term] {
    try terms.map { term in
      let sign = term.weight < 0 ? ", subtracted" : ""
      let weight =
        abs(term.weight) == 1 ? sign : "\(sign), weight \(Wording.number(abs(term.weight)))"
      switch term.content {
      case .text(let text): return .init(role: "text" + weight, text: text)
      case .image(let path):
        let hash = inputs.first { $0.name == path }.flatMap { ContentHash(hexadecimal: $0.value) }
        return .init(role: "image" + weight, text: path, picture: .init(path: path, hash: hash))
      case .item(let id):
        let record = try records([id], in: collection)[id]
        return .init(
          role: "item" + weight, text: id.rawValue, picture: record.map(\.picture))
      }
    }
  }
}

extension ItemRecord {
  var picture: ReportPicture.Source { .init(path: path, hash: hash) }
}

extension NamedResult {
  /// What stands for it in a heading; one without a name is called by what made it.
  var title: String { name.hasPrefix("_") ? provenance.command : "'\(name)'" }

  func source(with facts: [(String, String)] = []) -> ReportSource {
    ReportSource(
      name: title, facts: (provenance.facts + facts).map { ReportFact($0.0, $0.1) })
  }

  /// Sentences that were said of it besides some.
  func remarks(without said: [String] = []) -> [String] {
    let line = remarks.footer.isEmpty ? [] : [remarks.footer.joined(separator: " · ")]
    return line
      + (remarks.warnings.map { "Warning: \($0)" } + remarks.notes).filter {
        !said.contains($0)
      }
  }
}

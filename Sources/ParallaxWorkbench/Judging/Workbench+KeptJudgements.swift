internal import ParallaxCore
private import ParallaxDigest
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem

extension Workbench {
  /// All that was said in a set.
  ///
  /// - Throws: `unknown-name`; `damaged-data`.
  package func keptJudgements(named name: String) throws -> KeptJudgements {
    guard let set = try workspace.judgementSet(named: name) else {
      let names = try workspace.judgementSets().map(\.name)
      throw ParallaxError(
        .unknownName, "there are no judgements called '\(name)'",
        hint: Suggestion.hint(for: name, among: names)
          ?? (names.isEmpty
            ? "'judge RUN… --to NAME' makes some" : "'judgements' shows those there are"))
    }
    return try keptJudgements(in: set)
  }

  /// The grades of a set; those of a picture that is another one now are left out.
  ///
  /// - Throws: `damaged-data`.
  func keptJudgements(in set: JudgementSetRecord) throws -> KeptJudgements {
    let all = try workspace.grades(in: set)
    var (grades, changed) = (all, [Grade]())
    // Without the collection nobody knows what changed.
    if let collection = try? workspace.collection(named: set.collection) {
      let items = try workspace.items(named: Set(all.map(\.item)), in: collection)
      grades = all.filter { items[$0.item]?.hash ?? $0.hash == $0.hash }
      changed = all.filter { items[$0.item]?.hash ?? $0.hash != $0.hash }
    }
    return KeptJudgements(
      set, grades, try workspace.judgedTerms(in: set), changed: changed)
  }

  /// The kept judgements that a word stands for where a file of judgements may stand.
  ///
  /// - Parameter systems: that are judged by them.
  /// - Returns: `nil` for what is no name of a set, and so is a file.
  /// - Throws: `invalid-value` where there is a file of that name, too; `unknown-name` for a judge;
  ///   `unsupported` for a set without a grade that counts, and for systems of another collection;
  ///   `invalid-value` where a question of theirs is not the one that was judged under its id.
  func keptJudgements(
    meantBy text: String, for systems: [SystemRun], _ handler: EventHandler
  ) async throws -> JudgementSet? {
    let reference = JudgementReference(text)
    guard JudgementReference.isName(reference.set),
      try workspace.judgementSet(named: reference.set) != nil
    else { return nil }
    guard !FileStatus.exists(text) else {
      throw ParallaxError(
        .invalidValue, "'\(text)' is both a file and judgements that are kept",
        hint: "'./\(text)' names the file")
    }
    let kept = try keptJudgements(named: reference.set)
    for system in systems {
      for collection in [system.collection].compactMap(\.self) + system.spaces.map(\.collection) {
        try kept.set.check(collection)
      }
    }
    let counted = try kept.counted(by: reference.judge)
    guard !counted.isEmpty else { throw Self.nothingCounts(in: kept, as: text) }
    let asked = Set(counted.map(\.question))
    for system in systems {
      let questions = try await judgedQuestions(of: [system]) { asked.contains($0) }
      try Self.check(questions, against: kept, about: "qrels", handler)
    }
    if let judge = reference.judge, kept.identities(of: judge).count > 1 {
      handler(
        .warning(
          "the grades of '\(judge)' in '\(reference.set)' are of "
            + "\(Wording.count(kept.identities(of: judge).count)) versions or instructions; "
            + "'judge … --model' grades the rest anew"))
    }
    if let sentence = kept.changedSentence { handler(.warning(sentence)) }
    handler(.note(Self.sentence(on: counted, text)))
    var lines: [UInt8] = []
    _ = try TRECFormat.write(counted.judgements) { lines += Array($0.utf8) }
    return JudgementSet(
      counted.judgements,
      inputs: [
        .init(name: "judgements '\(text)'", value: Digest.sha256(lines).hexadecimal)
      ])
  }

  private static func nothingCounts(
    in kept: KeptJudgements, as text: String
  ) -> ParallaxError {
    let again = "'judge RUN… --to \(kept.set.name)' asks for some"
    if let model = kept.judges.first(where: { $0.kind == .model }) {
      return ParallaxError(
        .unsupported, "'\(text)' holds grades of models alone, which count where one is named",
        hint: "'\(kept.set.name):\(model.name)'")
    }
    return ParallaxError(
      .unsupported,
      kept.changedSentence.map { "no grade of '\(text)' counts: \($0)" }
        ?? "'\(text)' holds no grade yet", hint: again)
  }

  private static func sentence(on counted: [KeptJudgements.Counted], _ text: String) -> String {
    let questions = Set(counted.map(\.question)).count
    var sentence =
      "'\(text)': \(Wording.count(counted.count, "grade")) for \(Wording.count(questions, "question"))"
    let settled = counted.count { $0.rule == .settled }
    let medians = counted.count { $0.rule == .median }
    if settled > 0 { sentence += ", \(Wording.count(settled)) settled" }
    if medians > 0 {
      sentence += ", \(Wording.count(medians)) the lower median of judges who disagree"
    }
    return sentence
  }
}

extension KeptJudgements {
  /// That grades are left out; `nil` where none is.
  package var changedSentence: String? {
    let count = changed.count
    return count == 0
      ? nil
      : "\(Wording.count(count, "grade")) of '\(set.name)' \(count == 1 ? "is" : "are") left out: "
        + "the picture is another one now"
  }

  /// What a model's grades come from: versions and instructions, each once.
  fileprivate func identities(of judge: String) -> Set<String> {
    Set(pairs.lazy.flatMap(\.grades).filter { $0.judge == judge }.compactMap(\.identity))
  }
}

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
    var grades = all
    // Without the collection nobody knows what changed.
    if let collection = try? workspace.collection(named: set.collection) {
      let items = try workspace.items(named: Set(all.map(\.item)), in: collection)
      grades = all.filter { items[$0.item]?.hash ?? $0.hash == $0.hash }
    }
    let questions = try workspace.judgedTerms(in: set).map { id, terms in
      (id, Question(id: id, judged: terms))
    }
    return KeptJudgements(
      set, grades, Dictionary(uniqueKeysWithValues: questions), changed: all.count - grades.count)
  }

  /// The kept judgements that a word stands for where a file of judgements may stand.
  ///
  /// - Returns: `nil` for what is no name of a set, and so is a file.
  /// - Throws: `invalid-value` where there is a file of that name, too; `unknown-name` for a judge;
  ///   `unsupported` for a set without a grade that counts.
  func keptJudgements(
    meantBy text: String, _ handler: EventHandler
  ) throws -> JudgementSet? {
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
    let counted = try kept.counted(by: reference.judge)
    guard !counted.isEmpty else {
      let models = kept.judges.filter { $0.kind == .model }.map(\.name)
      throw ParallaxError(
        .unsupported,
        models.isEmpty
          ? "'\(text)' holds no grade yet"
          : "'\(text)' holds grades of models alone, which count where one is named",
        hint: models.first.map { "'\(reference.set):\($0)'" }
          ?? "'judge RUN… --to \(reference.set)' asks for some")
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
    changed == 0
      ? nil
      : "\(Wording.count(changed, "grade")) of '\(set.name)' \(changed == 1 ? "is" : "are") left out: "
        + "the picture is another one now"
  }
}

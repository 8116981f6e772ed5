private import ParallaxConditions
internal import ParallaxCore
private import ParallaxDigest
internal import ParallaxEvaluation
private import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem

extension Workbench {
  /// More is no file of judgements.
  private static let sizeLimit = 4 << 30
  /// Names in a sentence.
  private static let named = 3

  /// Reads judgements from a file, takes those that are kept under a name, or makes them by a rule for the
  /// questions of the systems.
  ///
  /// Warns of judged items that are not in the collection of the systems.
  ///
  /// - Throws: `unsupported` and `invalid-value` for kept judgements of another collection, and of other
  ///   questions under the same ids; `unreadable-file`, and `invalid-value` with file and line, about the parameter `qrels`;
  ///   `unknown-name`, `unknown-field` and `type-mismatch` about `relevant-if`; `cancelled`.
  @concurrent package func judgements(
    from source: JudgementSource, for systems: [SystemRun], _ handler: EventHandler
  ) async throws -> JudgementSet {
    switch source {
    case .file(let path):
      let set: JudgementSet
      do {
        set =
          try await keptJudgements(meantBy: path, for: systems, handler)
          ?? Self.judgements(ofFileAt: path)
      } catch let error as ParallaxError { throw error.about("qrels") }
      try warnOfUnknownItems(in: set.judgements, systems, handler)
      return set
    case .rule(let rule):
      return JudgementSet(
        try RelevanceRule(rule, of: systems).judgements(workspace, handler))
    }
  }

  private static func judgements(ofFileAt path: String) throws -> JudgementSet {
    let file = try judgementFile(path)
    let bytes = try InputFile.contents(of: file, atMost: sizeLimit)
    return JudgementSet(
      try RecognizedFormat.judgements(bytes, named: file),
      inputs: [.init(name: file, value: Digest.sha256(bytes).hexadecimal)])
  }

  /// The file that is meant: of a folder of BEIR, `qrels/test.tsv`, or the only other one there.
  private static func judgementFile(_ path: String) throws -> String {
    guard FileStatus(at: path)?.kind == .folder else { return path }
    for folder in [PathText.joined(path, "qrels"), path]
    where FileStatus(at: folder)?.kind == .folder {
      var names: [String] = []
      do throws(SystemError) {
        try Folder.forEachEntry(in: folder) { names += $0.name.map { [$0] } ?? [] }
      } catch { throw ParallaxError.unreadable(folder, error) }
      let tables = names.filter { $0.hasSuffix(".tsv") }.sorted()
      if tables.contains("test.tsv") { return PathText.joined(folder, "test.tsv") }
      if tables.count == 1 { return PathText.joined(folder, tables[0]) }
      if tables.count > 1 {
        throw ParallaxError(
          .invalidValue,
          "'\(folder)' holds several tables of judgements: \(tables.joined(separator: ", "))",
          hint: "name one of them")
      }
    }
    throw ParallaxError(
      .invalidValue, "'\(path)' is a folder without judgements",
      hint: "a folder of BEIR has them in 'qrels/test.tsv'; or name a file")
  }

  private func warnOfUnknownItems(
    in judgements: Judgements, _ systems: [SystemRun], _ handler: EventHandler
  ) throws {
    guard let collection = systems.lazy.compactMap(\.collection).first else { return }
    let ids = try workspace.ids(in: collection)
    let known = Set(ids)
    var unknown: Set<ItemID> = []
    var found = 0
    for grades in judgements.grades.values {
      try Task.checkCancellation()
      for id in grades.keys {
        if known.contains(id) { found += 1 } else { unknown.insert(id) }
      }
    }
    guard !unknown.isEmpty else { return }
    let names = Self.listed(unknown.sorted().map(\.rawValue))
    guard found > 0 else {
      let example = ids.first.map { "; an id of its items is '\($0)'" } ?? ""
      handler(
        .warning("none of the judged items is in '\(collection.name)': \(names)\(example)"))
      return
    }
    handler(
      .warning(
        "\(Wording.count(unknown.count, "judged item is", "judged items are")) not in "
          + "'\(collection.name)': \(names); no system can find "
          + (unknown.count == 1 ? "it" : "them")))
  }

  /// The first of some names, and how many more there are.
  static func listed(_ names: [String]) -> String {
    let rest = names.count - named
    let first = names.prefix(named).map { "'\($0)'" }.joined(separator: ", ")
    return rest > 0 ? "\(first) and \(Wording.count(rest)) more" : first
  }
}

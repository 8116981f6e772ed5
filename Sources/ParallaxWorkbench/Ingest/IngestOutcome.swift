package import ParallaxCore
internal import ParallaxIngest
internal import ParallaxReporting

/// What happened to a collection, and what could not be done and why. Everything is counted once, in
/// images, however many sources an image belongs to.
package struct IngestOutcome: Sendable {
  /// A file or row that was left out or repaired, and why.
  package struct Problem: Sendable, Hashable {
    package var subject: String
    package var line: Int?
    package var severity: String
    package var code: String
    package var reason: String
  }

  package private(set) var problems: [Problem] = []
  package internal(set) var notes: [String] = []
  package private(set) var warnings: [String] = []
  /// What was not done of some source, while the others were read.
  package internal(set) var failures: [ParallaxError] = []
  /// Paths of items that were kept although their files are gone.
  package internal(set) var missing: Set<String> = []

  package private(set) var inserted: Set<String> = []
  package private(set) var changed: Set<String> = []
  package private(set) var renamed: Set<String> = []
  package private(set) var removed: Set<String> = []
  private var seen: Set<String> = []
  package private(set) var unreadable: Set<String> = []
  private var firstUnreadable: String?

  /// Images that are as they were.
  package var unchanged: Int {
    seen.subtracting(inserted).subtracting(changed).subtracting(renamed).count
  }

  /// Counts what a plan does; another source may have done it already.
  mutating func count(_ plan: SyncPlan, removed: [KnownItem], probed: Set<ItemID>) {
    inserted.formUnion(plan.new.filter { probed.contains($0.id) }.map(\.file.path))
    changed.formUnion(plan.changed.filter { probed.contains($0.to.id) }.map(\.to.file.path))
    renamed.formUnion(plan.renamed.map(\.to.file.path))
    seen.formUnion(plan.unchanged.map(\.to.file.path))
    self.removed.formUnion(removed.map(\.path))
  }

  mutating func addRemoved(_ paths: [String]) { removed.formUnion(paths) }

  mutating func addUnreadable(_ file: FoundFile, _ error: ParallaxError) {
    guard unreadable.insert(file.path).inserted else { return }
    firstUnreadable = firstUnreadable ?? "'\(file.relativePath)': \(error.message)"
    problems.append(
      Problem(
        subject: file.relativePath, severity: "error", code: error.code.name,
        reason: error.message))
  }

  /// Says that images could not be read; once, for all of a source.
  mutating func warnOfUnreadable() {
    guard let first = firstUnreadable else { return }
    warn(
      unreadable.count == 1
        ? "an image cannot be read and was left out: \(first)"
        : "\(Wording.count(unreadable.count)) images cannot be read and were left out "
          + "(first \(first))")
    firstUnreadable = nil
  }

  mutating func add(_ issues: [IngestIssue]) {
    problems += issues.map(Problem.init)
    say(IssueSentences.sentences(for: issues))
  }

  /// - Parameter describesAll: whether an image without a row is worth a word.
  mutating func add(_ join: MetadataJoin, of file: MetadataFile, describesAll: Bool) {
    let issues = join.issues.filter { describesAll || $0.code != .imageWithoutRow }
    problems += issues.map(Problem.init)
    say(JoinSentences(join, of: file).sentences(for: issues))
  }

  /// - Parameter misfits: counts by field.
  mutating func addMisfits(_ misfits: [String: Int]) {
    for (field, count) in misfits.sorted(by: { $0.key < $1.key }) {
      warn(
        "\(Wording.count(count)) \(count == 1 ? "value" : "values") of '\(field)' from before "
          + "\(count == 1 ? "does" : "do") not fit its new kind: "
          + "\(count == 1 ? "it keeps its text and counts" : "they keep their texts and count") "
          + "as empty in --where")
    }
  }

  /// Says that a table beside the images was joined without being asked for.
  mutating func noteJoined(_ table: FoundTable) {
    let keys = table.keys.map { "'\($0)'" }.joined(separator: ", ")
    notes.append("'\(table.path)' describes the images by \(keys): joined as metadata")
  }

  /// Says that tables beside the images were not, since another was asked for.
  mutating func noteUnjoined(_ tables: [FoundTable], joined path: String) {
    for table in tables where table.path != path {
      notes.append("'\(table.path)' was not joined: --meta names another table")
    }
  }

  mutating func warn(_ sentence: String) {
    if !warnings.contains(sentence) { warnings.append(sentence) }
  }

  private mutating func say(_ sentences: [IssueSentences.Sentence]) {
    for sentence in sentences {
      if sentence.isNote {
        if !notes.contains(sentence.text) { notes.append(sentence.text) }
      } else {
        warn(sentence.text)
      }
    }
  }

  /// - Throws: the first warning, so that strict mode changes nothing.
  func refuseWarnings() throws {
    guard let first = warnings.first else { return }
    let others = warnings.count - 1
    throw ParallaxError(
      .strictWarning, first,
      hint: "nothing was changed"
        + (others == 0
          ? "" : "; \(others) more \(others == 1 ? "warning" : "warnings") without --strict")
    )
  }
}

extension IngestOutcome.Problem {
  fileprivate init(_ issue: IngestIssue) {
    self.init(
      subject: issue.subject, line: issue.line, severity: issue.severity.rawValue,
      code: issue.code.rawValue, reason: issue.reason)
  }
}

internal import ParallaxCore
internal import ParallaxDigest
internal import ParallaxEvaluation
package import ParallaxStorage
internal import ParallaxSystem

/// Pairs of contents of which it is known whether they are duplicates.
package struct LabelledPairs: Sendable, Hashable {
  package var duplicates: Set<ContentPair> = []
  package var distinct: Set<ContentPair> = []
  /// Whether every pair that is not a duplicate is distinct.
  package var isClosed = false
  /// Files that the labels come from, with their digests.
  package var inputs: [Provenance.Name] = []

  package var count: Int { duplicates.count + distinct.count }
}

/// Where labels of pairs come from.
package enum PairLabelSource: Sendable, Hashable {
  case file(String)
  /// The verdicts that are kept.
  case verdicts
}

extension Workbench {
  /// More is no file of pairs.
  private static let mostBytesOfPairs = 1 << 30

  /// Reads what is known of pairs of a collection. Pairs of items that it does not have are left out, which is said.
  ///
  /// A hash in the file stands before the id beside it: a label is of contents, and an id may have another by now. Pairs of
  /// hashes that no item has are kept, and said.
  ///
  /// - Parameter needsItems: whether one pair at least must be of two items of the collection.
  /// - Throws: `unreadable-file`, and `invalid-value` with file and line, also where ids of one content are
  ///   labelled in two ways, or no pair is of the collection; `damaged-data`; `cancelled`.
  @concurrent package func labelledPairs(
    from source: PairLabelSource, in collection: ItemCollection, needsItems: Bool = true,
    _ handler: EventHandler
  ) async throws -> LabelledPairs {
    switch source {
    case .verdicts:
      var labels = LabelledPairs()
      for verdict in try workspace.verdicts(in: collection) {
        switch verdict.answer {
        case .duplicate: labels.duplicates.insert(verdict.pair)
        case .distinct: labels.distinct.insert(verdict.pair)
        }
      }
      guard labels.count > 0 else {
        throw ParallaxError(
          .unknownName, "there are no verdicts about pairs of '\(collection.name)'",
          hint: "'judge' asks for them, and 'import-verdicts' reads them from a file")
      }
      return labels
    case .file(let path):
      let bytes = try InputFile.contents(of: path, atMost: Self.mostBytesOfPairs)
      let resolver = PairResolver(
        collection.name, try workspace.items(in: collection), path: path)
      var labels = try resolver.labels(of: try PairTable(bytes, named: path), handler)
      let all = labels.duplicates.union(labels.distinct)
      guard needsItems ? all.contains(where: resolver.isThere) : !all.isEmpty else {
        throw ParallaxError(
          .invalidValue,
          needsItems
            ? "'\(path)': no pair is of two pictures of '\(collection.name)'"
            : "'\(path)' has no pair of which a verdict can be kept",
          hint: "a pair is two ids of '\(collection.name)', or the SHA-256 of two files")
      }
      labels.inputs = [.init(name: path, value: Digest.sha256(bytes).hexadecimal)]
      return labels
    }
  }
}

/// What came of taking verdicts from a file.
package struct VerdictImport: Sendable, Hashable {
  package var added = 0
  /// Verdicts that were kept already.
  package var known = 0
  /// Kept verdicts that say otherwise.
  package var contradicted = 0
}

extension Workbench {
  /// Keeps the labels of a file as verdicts.
  ///
  /// - Parameters:
  ///   - judge: who said so; `nil` where that is not known.
  ///   - replaces: whether the file counts where a kept verdict says otherwise.
  /// - Throws: as ``labelledPairs(from:in:_:)``; `read-only`.
  @concurrent package func importVerdicts(
    from path: String, to collection: ItemCollection, by judge: String?, replaces: Bool,
    _ handler: EventHandler
  ) async throws -> VerdictImport {
    let labels = try await labelledPairs(
      from: .file(path), in: collection, needsItems: false, handler)
    let kept = Dictionary(
      try workspace.verdicts().map { ($0.pair, $0.answer) }, uniquingKeysWith: { first, _ in first }
    )
    let at = Clock.now()
    var outcome = VerdictImport()
    var verdicts: [Verdict] = []
    for (answer, pairs) in [
      (Verdict.Answer.duplicate, labels.duplicates), (.distinct, labels.distinct),
    ] {
      for pair in pairs {
        if kept[pair] == answer {
          outcome.known += 1
          continue
        }
        if kept[pair] != nil {
          outcome.contradicted += 1
          if !replaces { continue }
        }
        verdicts.append(Verdict(pair, answer, at: at, judge: judge))
      }
    }
    outcome.added = verdicts.count
    if !verdicts.isEmpty { try workspace.keep(verdicts) }
    return outcome
  }
}

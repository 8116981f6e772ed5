internal import ParallaxCore
package import ParallaxStorage

/// Who grades answers.
package struct Judge: Sendable, Hashable, Comparable {
  /// What names may be, in characters.
  private static let longest = 100

  package var name: String
  package var kind: Grade.Kind

  /// - Throws: `invalid-value` for a name that is blank, or longer than anybody's, and for a person with that
  ///   of a reranker.
  package init(_ name: String, _ kind: Grade.Kind) throws {
    guard !name.isBlank, name.count <= Self.longest else {
      throw ParallaxError(
        .invalidValue, "a judge's name has 1 to \(Self.longest) characters, not all of them blanks")
    }
    guard kind == .model || RerankSystem.described(RerankModel(name).name) == nil else {
      throw ParallaxError(
        .invalidValue, "'\(name)' is a reranker, and so no name of a person",
        hint: "'--model \(name)' has it judge")
    }
    self.init(checked: name, kind)
  }

  init(checked name: String, _ kind: Grade.Kind) {
    self.name = name
    self.kind = kind
  }

  /// Of a person who names nobody.
  package static let usualName = "me"

  package static func < (left: Judge, right: Judge) -> Bool {
    left.kind != right.kind ? left.kind == .person : left.name < right.name
  }
}

/// Grades that are kept in the workspace, as `--qrels` and `judgements` name them: `SET`, or `SET:JUDGE` for
/// those of one judge.
package struct JudgementReference: Sendable, Hashable {
  package var set: String
  package var judge: String?

  package init(set: String, judge: String? = nil) {
    self.set = set
    self.judge = judge
  }

  /// The name of a judge may have colons, that of a set has none.
  package init(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    set = parts.first.map(String.init) ?? ""
    judge = parts.count > 1 ? String(parts[1]) : nil
  }

  /// Whether a set may have this name: one with a dot or a slash is a file's.
  package static func isName(_ text: String) -> Bool {
    ObjectName.isValid(text) && !text.contains(".")
  }
}

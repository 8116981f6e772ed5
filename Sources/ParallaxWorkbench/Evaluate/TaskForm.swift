internal import ParallaxCore
internal import ParallaxProviders

/// A task type that texts are asked under, in place of the one of their space.
package enum TaskForm: Sendable, Hashable {
  /// As the provider has it: in the request, or as words in front of the text.
  case type(String)
  /// Words in front of the text, whatever the provider makes of task types; the space's own is sent.
  case words(String)

  /// What is typed in front of a name for its words.
  package static let prefix = "prefix:"

  /// `NAME` or `prefix:NAME`.
  ///
  /// - Throws: `invalid-value` naming the task types that have words.
  package init(_ text: String) throws {
    guard text.hasPrefix(Self.prefix) else {
      self = .type(text)
      return
    }
    let name = String(text.dropFirst(Self.prefix.count))
    guard TaskWords.query(of: name) != nil else {
      throw ParallaxError(
        .invalidValue, "no words are known for task type '\(name)'",
        hint: Suggestion.hint(for: name, among: TaskWords.names)
          ?? "there are some for \(TaskWords.names.joined(separator: ", "))")
    }
    self = .words(name)
  }

  /// As it is typed.
  package var text: String {
    switch self {
    case .type(let name): name
    case .words(let name): Self.prefix + name
    }
  }

  var type: String? { if case .type(let name) = self { name } else { nil } }

  /// What stands in front of each text.
  var words: String {
    if case .words(let name) = self { TaskWords.query(of: name) ?? "" } else { "" }
  }
}

/// One thing to embed: its parts become one vector.
package struct ModelInput: Sendable, Hashable {
  package enum Part: Sendable, Hashable {
    case text(String)
    /// - Parameter hash: what the bytes must be: others are not embedded; `nil` where it does not
    ///   matter.
    case image(path: String, hash: ContentHash? = nil)
  }

  /// Names the input in errors.
  package var name: String
  /// At least one, in the order in which the model reads them.
  package var parts: [Part]

  package init(name: String, parts: [Part]) {
    self.name = name
    self.parts = parts
  }

  /// A text that is named by its beginning.
  package static func text(_ text: String) -> ModelInput {
    let beginning = text.prefix(60)
    let isWhole = beginning.endIndex == text.endIndex
    return ModelInput(name: isWhole ? text : "\(beginning)…", parts: [.text(text)])
  }

  package var holdsImage: Bool {
    parts.contains { if case .image = $0 { true } else { false } }
  }
}

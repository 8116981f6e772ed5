/// `collection` or `collection@space`, as typed.
package struct SpaceReference: Sendable, Hashable {
  package var collection: String
  package var space: String?

  package init(_ text: String) {
    if let at = text.lastIndex(of: "@") {
      collection = String(text[..<at])
      space = String(text[text.index(after: at)...])
    } else {
      collection = text
    }
  }
}

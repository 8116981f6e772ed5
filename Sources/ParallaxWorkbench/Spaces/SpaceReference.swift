/// `collection` or `collection@space`, as typed.
package struct SpaceReference: Sendable, Hashable {
  package var collection: String
  package var space: String?

  /// As it is typed.
  package var text: String { space.map { "\(collection)@\($0)" } ?? collection }

  package init(collection: String, space: String? = nil) {
    self.collection = collection
    self.space = space
  }

  package init(_ text: String) {
    if let at = text.lastIndex(of: "@") {
      collection = String(text[..<at])
      space = String(text[text.index(after: at)...])
    } else {
      collection = text
    }
  }
}

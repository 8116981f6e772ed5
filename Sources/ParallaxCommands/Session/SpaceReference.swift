/// `collection` or `collection@space`, as typed.
struct SpaceReference: Sendable, Hashable {
  var collection: String
  var space: String?

  init(_ text: String) {
    if let at = text.lastIndex(of: "@") {
      collection = String(text[..<at])
      space = String(text[text.index(after: at)...])
    } else {
      collection = text
    }
  }
}

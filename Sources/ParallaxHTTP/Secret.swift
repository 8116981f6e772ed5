/// A key or token that no text may hold: it prints as dots and is read only where a request is made.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  private let value: String

  /// Blanks and line ends around a pasted key are no part of it.
  package init(_ text: String) {
    var text = text[...]
    while text.first?.isWhitespace ?? false { text.removeFirst() }
    while text.last?.isWhitespace ?? false { text.removeLast() }
    value = String(text)
  }

  package var isEmpty: Bool { value.isEmpty }

  /// Whether it could stand in a header: no blanks, no line breaks, ASCII.
  package var isOneWord: Bool { value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }

  /// The text itself, for a header.
  package func revealed() -> String { value }

  package var description: String { "•••" }
  package var debugDescription: String { "•••" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}

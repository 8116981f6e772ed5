/// The rule for names of collections and spaces: what can be typed without quotes.
package enum ObjectName {
  /// In characters.
  package static let maximumLength = 64

  /// Whether `text` is a letter of any script, then letters, digits, `_`, `-` and `.`.
  package static func isValid(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first.properties.isAlphabetic,
      text.count <= maximumLength
    else { return false }
    return text.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || $0.properties.numericType == .decimal
        || "_-.".unicodeScalars.contains($0)
        || $0.properties.generalCategory == .nonspacingMark
    }
  }

  /// - Parameter kind: `collection` or `space`.
  /// - Throws: `invalid-value` stating the rule.
  package static func check(_ name: String, kind: String) throws {
    guard isValid(name) else {
      throw ParallaxError(
        .invalidValue,
        """
        a \(kind) name begins with a letter and has at most \(maximumLength) letters, digits, \
        '_', '-' and '.'; got '\(name)'
        """)
    }
  }
}

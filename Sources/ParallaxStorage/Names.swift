internal import ParallaxCore

/// The rule for names of collections and spaces: what can be typed bare.
enum Names {
  static let maximumLength = 64

  /// - Throws: `invalid-value` stating the rule; `kind` is `collection` or `space`.
  static func check(_ name: String, kind: String) throws {
    let isShort = (1...maximumLength).contains(name.count)
    let startsWithLetter = name.first?.isLetter ?? false
    let isPlain = name.allSatisfy { $0.isLetter || $0.isNumber || "_-.".contains($0) }
    guard isShort, startsWithLetter, isPlain else {
      throw ParallaxError(
        .invalidValue,
        """
        a \(kind) name begins with a letter and has at most \(maximumLength) letters, digits, \
        '_', '-' and '.'; got '\(name)'
        """)
    }
  }
}

package import ParallaxCore

/// Renders errors and warnings as blocks of text, with the source line and a caret.
package struct ErrorFormatter: Sendable {
  /// Terminal columns to fit the echoed line into; `nil` for no limit.
  package var width: Int?
  package var usesColor: Bool
  /// Writes `error[unknown-option]` for `error`.
  package var showsCodes: Bool

  package init(width: Int? = nil, usesColor: Bool = false, showsCodes: Bool = false) {
    self.width = width
    self.usesColor = usesColor
    self.showsCodes = showsCodes
  }

  /// The block of an error, ending with a line feed.
  package func error(_ error: ParallaxError) -> String { "" }

  /// A warning, ending with a line feed.
  package func warning(_ message: String, hint: String? = nil) -> String { "" }
}

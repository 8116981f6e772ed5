package import ParallaxCore

extension ParallaxError.Code {
  /// A condition that is not an expression.
  package static let whereSyntax = Self("where-syntax", exitCode: 2)
  /// A condition that compares values of kinds that have no order between them.
  package static let typeMismatch = Self("type-mismatch")
}

private import ParallaxCore

/// Turns text into checked statements; knows the commands only through their signatures.
package struct Parser: Sendable {
  package let registry: SignatureRegistry
  package let style: InputStyle

  package init(_ registry: SignatureRegistry, style: InputStyle) {
    self.registry = registry
    self.style = style
  }

  /// Parses a line typed at the prompt, or a whole script.
  ///
  /// Everything that can be known without running is checked: syntax, verbs, options, types and
  /// ranges of values without variables, and the variables and results used, in order.
  ///
  /// - Parameters:
  ///   - source: a file name, or `input 12`.
  ///   - firstLine: the number of the text's first line, for blocks within a notebook; lines are
  ///     not counted in the interactive style.
  ///   - known: the names that exist beforehand.
  /// - Throws: `ParallaxError` for the first error, located.
  package func parse(
    _ text: String, source: String, firstLine: Int = 1, known: KnownNames = KnownNames(variables: [])
  ) throws -> [Statement] {
    []
  }
}

/// Whether a text is whole: no open quote, and it does not end in `\` or `|`.
package func isComplete(_ text: String) -> Bool { true }

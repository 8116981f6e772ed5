package import ParallaxCore

/// Errors of the language itself: bad syntax or wrong use, nothing ran.
extension ParallaxError.Code {
  package static let unknownVerb = Self("unknown-verb", exitCode: 2)
  package static let reservedVerb = Self("reserved-verb", exitCode: 2)
  package static let missingCommand = Self("missing-command", exitCode: 2)
  package static let unknownOption = Self("unknown-option", exitCode: 2)
  package static let missingOption = Self("missing-option", exitCode: 2)
  package static let duplicateOption = Self("duplicate-option", exitCode: 2)
  package static let missingValue = Self("missing-value", exitCode: 2)
  package static let unexpectedValue = Self("unexpected-value", exitCode: 2)
  /// A value of the wrong type or out of range, found before anything ran.
  package static let badValue = Self("bad-value", exitCode: 2)
  package static let missingObject = Self("missing-object", exitCode: 2)
  package static let unexpectedObject = Self("unexpected-object", exitCode: 2)
  package static let unterminatedQuote = Self("unterminated-quote", exitCode: 2)
  package static let unfinishedLine = Self("unfinished-line", exitCode: 2)
  package static let badEscape = Self("bad-escape", exitCode: 2)
  /// A typographic quote outside of plain ones.
  package static let badQuote = Self("bad-quote", exitCode: 2)
  /// A no-break blank or the like outside of quotes.
  package static let badBlank = Self("bad-blank", exitCode: 2)
  package static let badVariable = Self("bad-variable", exitCode: 2)
  package static let unknownVariable = Self("unknown-variable", exitCode: 2)
  package static let unknownResult = Self("unknown-result", exitCode: 2)
  package static let badName = Self("bad-name", exitCode: 2)
  package static let reservedName = Self("reserved-name", exitCode: 2)
  package static let abbreviation = Self("abbreviation", exitCode: 2)
  package static let ambiguousName = Self("ambiguous-name", exitCode: 2)
  package static let noResult = Self("no-result", exitCode: 2)
  package static let shellCommand = Self("shell-command", exitCode: 2)
  package static let unsupportedVersion = Self("unsupported-version", exitCode: 2)
  /// A page that is no notebook.
  package static let badNotebook = Self("bad-notebook", exitCode: 2)
}

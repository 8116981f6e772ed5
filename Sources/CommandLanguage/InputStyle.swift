/// Who wrote the text: a hand that is forgiven, or a script that is not.
package enum InputStyle: Sendable, Hashable {
  /// Aliases, unique prefixes, `-k N` and `-o F` work; objects may be left out.
  case interactive
  /// Every verb and option in full.
  case script
}

/// Names that exist before a text is parsed.
package struct KnownNames: Sendable, Hashable {
  /// `nil` when variables are not checked.
  package var variables: Set<String>?
  /// `nil` when results are not checked.
  package var results: Set<String>?
  /// Names of results that may begin a pipeline, besides those that are checked.
  package var others: Set<String>

  package init(
    variables: Set<String>? = nil, results: Set<String>? = nil, others: Set<String> = []
  ) {
    self.variables = variables
    self.results = results
    self.others = others
  }
}

internal import CommandLanguage
internal import ParallaxConditions
internal import ParallaxCore
internal import ParallaxStorage

/// What may stand at the end of an unfinished `--where`: fields where a condition begins, operators
/// that a field's kind knows, values of the field before an operator.
struct ConditionCompletion {
  var fields: [(name: String, kind: ValueKind)]
  /// Values of a field, as texts, that begin with a text.
  var values: (_ field: String, _ prefix: String) -> SomeTexts

  func completion(of text: String) -> ExpressionCompletion {
    let tail = WhereTail(text)
    var matches = CompletionMatches([])
    var isValue = false
    switch tail.begun {
    case .text(let prefix):
      isValue = true
      if let field = tail.comparedField { matches = values(of: field, prefix) }
    case .field(let prefix):
      if tail.expectsField || tail.comparedField != nil {
        matches = CompletionMatches(
          fields.filter { $0.name.hasPrefix(prefix) }
            .map { WhereExpression.quotedSpelling(ofField: $0.name) }.sorted())
      }
    case .word(let prefix): (matches, isValue) = bare(tail, prefix)
    case .nothing: (matches, isValue) = bare(tail, "")
    }
    return ExpressionCompletion(
      start: tail.start, matches: matches, appendsSpace: !isValue && matches.texts != ["("])
  }

  /// What a word that is not in quotes may become.
  private func bare(
    _ tail: WhereTail, _ prefix: String
  ) -> (CompletionMatches, isValue: Bool) {
    if let field = tail.comparedField {
      return (values(of: field, prefix), true)
    }
    var offered = operators(tail).filter { $0.hasPrefix(prefix.lowercased()) }
    if tail.expectsField {
      if prefix.isEmpty { offered = [] }
      offered +=
        fields.filter { $0.name.hasPrefix(prefix) }
        .map { WhereExpression.spelling(ofField: $0.name) }.sorted()
    }
    return (CompletionMatches(offered), false)
  }

  private func kind(of field: String) -> ValueKind? { fields.first { $0.name == field }?.kind }

  private func values(of field: String, _ prefix: String) -> CompletionMatches {
    switch kind(of: field) {
    case .boolean:
      return CompletionMatches(["false", "true"].filter { $0.hasPrefix(prefix.lowercased()) })
    case .integer, .real: return CompletionMatches(values(field, prefix), startingWith: prefix)
    case .text, .date:
      var found = values(field, prefix)
      found.texts = found.texts.map { WhereExpression.spelling(ofText: $0) }
      let typed = String(WhereExpression.spelling(ofText: prefix).dropLast())
      return CompletionMatches(found, startingWith: typed)
    case nil: return CompletionMatches([])
    }
  }

  /// The keywords that may stand at the end.
  private func operators(_ tail: WhereTail) -> [String] {
    guard let field = tail.precedingField, let kind = kind(of: field) else {
      return tail.keywords
    }
    return tail.keywords(after: kind)
  }
}

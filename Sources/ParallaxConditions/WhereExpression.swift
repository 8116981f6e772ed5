package import ParallaxCore

/// A parsed condition, such as `--where`: what to ask of metadata and built-in fields.
///
/// Comparisons follow SQL: with a missing value they are unknown, and `not` of unknown is unknown.
/// Texts compare by their UTF-8 bytes, dates as ISO 8601 text, `like` ignores the case of ASCII
/// letters. Field names are exact; keywords are not case-sensitive.
package struct WhereExpression: Sendable, Hashable {
  /// Which option a condition belongs to.
  package enum Form: String, Sendable, Hashable {
    case filter = "where"
    /// Of an item, given a question: `:name` stands for a value of the question.
    case relevance = "relevant-if"
    /// Of the items that ask.
    case asking = "each"
    /// Of the items of which some stay.
    case keep

    /// As messages name it.
    package var option: String { "--\(rawValue)" }
  }

  /// A field as named in the expression, or a parameter without its colon.
  package struct FieldName: Sendable, Hashable {
    package let name: String
    /// UTF-8 offsets into ``WhereExpression/text``.
    package let range: Range<Int>
  }

  package let text: String
  package let form: Form
  /// What was read, before any field is known; ``checked(against:)`` gives what to evaluate.
  package let root: WhereNode

  /// - Throws: `where-syntax` with a location whose source is `where`.
  package init(parsing text: String, as form: Form = .filter) throws(ParallaxError) {
    self.text = text
    self.form = form
    let tokens = try WhereLexer.tokens(in: text, form)
    var parser = WhereParser(text: text, tokens: tokens, form)
    root = try parser.parse()
  }

  /// Each mention of a field, from left to right.
  package var fieldNames: [FieldName] {
    var names: [FieldName] = []
    root.forEachOperand {
      if case .field(let name) = $0.content { names.append(FieldName(name: name, range: $0.range)) }
    }
    return names
  }

  /// Each mention of a parameter, from left to right.
  package var parameterNames: [FieldName] {
    var names: [FieldName] = []
    root.forEachOperand {
      if case .parameter(let name) = $0.content {
        names.append(FieldName(name: name, range: $0.range))
      }
    }
    return names
  }
}

/// A part of a parsed expression.
package indirect enum WhereNode: Sendable, Hashable {
  case all([WhereNode])
  case any([WhereNode])
  case not(WhereNode)
  case comparison(WhereOperand, Comparison, WhereOperand)
  case membership(WhereOperand, [WhereOperand], isNegated: Bool)
  case between(WhereOperand, WhereOperand, WhereOperand, isNegated: Bool)
  case like(WhereOperand, WhereOperand, isNegated: Bool)
  case null(WhereOperand, isNegated: Bool)
  /// A boolean standing alone.
  case truth(WhereOperand)

  package enum Comparison: String, Sendable, Hashable {
    case equal = "="
    case unequal = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }

  package func forEachOperand(_ body: (WhereOperand) -> Void) {
    switch self {
    case .all(let nodes), .any(let nodes): for node in nodes { node.forEachOperand(body) }
    case .not(let node): node.forEachOperand(body)
    case .comparison(let left, _, let right), .like(let left, let right, _):
      [left, right].forEach(body)
    case .membership(let operand, let values, _): ([operand] + values).forEach(body)
    case .between(let operand, let low, let high, _): [operand, low, high].forEach(body)
    case .null(let operand, _), .truth(let operand): body(operand)
    }
  }
}

/// A field or a literal, with where it stands.
package struct WhereOperand: Sendable, Hashable {
  package enum Content: Sendable, Hashable {
    case field(String)
    case number(WhereNumber)
    case text(String)
    case boolean(Bool)
    /// What is replaced by a value before the condition is checked.
    case parameter(String)
    /// A parameter without a value.
    case missing
  }

  package let content: Content
  /// UTF-8 offsets into the expression.
  package let range: Range<Int>
}

/// A number as it was written: without a point or exponent it is whole, where 64 bits hold it.
package enum WhereNumber: Sendable, Hashable {
  case integer(Int64)
  case real(Double)
}

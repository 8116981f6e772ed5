package import ParallaxConditions
package import ParallaxCore

extension EngineFilter {
  /// - Parameters:
  ///   - node: of a condition that was checked against the fields here.
  ///   - schema: whose fields it may name.
  ///   - current: the fields as they would be published now.
  /// - Throws: `unknown-field` for a field that is not published, `unsupported` for one that is of another kind
  ///   there and for what no engine is asked; all about the parameter `where`.
  package init(
    _ node: WhereNode, in schema: EngineSchema, current: [EngineField]
  ) throws(ParallaxError) {
    var own = schema
    own.fields = current
    self = try FilterCompiler(schema: schema, current: own).filter(node, isNegated: false)
  }
}

/// Takes the unknown out of a condition: a negation is carried to the fields, where it says that there is a
/// value.
private struct FilterCompiler {
  let schema: EngineSchema
  let current: EngineSchema

  private enum Side {
    case field(EngineField)
    case value(Value)
    /// A value that is missing: nothing is known of a comparison with it.
    case missing
  }

  func filter(_ node: WhereNode, isNegated: Bool) throws(ParallaxError) -> EngineFilter {
    switch node {
    case .all(let nodes), .any(let nodes):
      var parts: [EngineFilter] = []
      for node in nodes { parts.append(try filter(node, isNegated: isNegated)) }
      let isAll = if case .all = node { true } else { false }
      return isAll != isNegated ? .all(parts) : .any(parts)
    case .not(let node): return try filter(node, isNegated: !isNegated)
    case .comparison(let left, let comparison, let right):
      return try compare(left, comparison, right, isNegated)
    case .membership(let operand, let values, let isOut):
      return try membership(operand, values, isOut != isNegated)
    case .between(let operand, let low, let high, let isOut):
      return try between(operand, low, high, isOut != isNegated, node)
    case .like(let operand, let pattern, let isOut):
      return try like(operand, pattern, isOut != isNegated)
    case .null(let operand, let isOut):
      switch try side(operand) {
      case .field(let field): return isOut != isNegated ? .known(field) : .unknown(field)
      case .value: return .always(isOut != isNegated)
      case .missing: return .always(isOut == isNegated)
      }
    case .truth(let operand):
      switch try side(operand) {
      case .field(let field): return leaf(field, .among([true]), isNegated)
      case .value(let value): return .always((value == true) != isNegated)
      case .missing: return .always(false)
      }
    }
  }

  // MARK: Comparisons

  private func compare(
    _ left: WhereOperand, _ comparison: WhereNode.Comparison, _ right: WhereOperand,
    _ isNegated: Bool
  ) throws(ParallaxError) -> EngineFilter {
    switch (try side(left), try side(right)) {
    case (.missing, _), (_, .missing): return .always(false)
    case (.field(let field), .value(let value)):
      return leaf(field, comparison, value, isNegated)
    case (.value(let value), .field(let field)):
      return leaf(field, comparison.mirrored, value, isNegated)
    case (.value(let one), .value(let other)):
      return .always(ValueOrder.holds(one, comparison, other) != isNegated)
    case (.field(let field), .field(let other)):
      guard !field.isList, !other.isList else {
        throw refusal("to compare a list with a field", right)
      }
      let wanted = isNegated ? comparison.opposite : comparison
      return .compared(field, EngineFilter.Comparison(wanted), other)
    }
  }

  private func leaf(
    _ field: EngineField, _ comparison: WhereNode.Comparison, _ value: Value, _ isNegated: Bool
  ) -> EngineFilter {
    let isUnequal = comparison == .unequal
    let test = EngineTest(comparison == .unequal ? .equal : comparison, value, of: field.kind)
    return leaf(field, test, isNegated != isUnequal)
  }

  private func leaf(
    _ field: EngineField, _ test: EngineTest, _ isNegated: Bool
  ) -> EngineFilter {
    switch (test, isNegated) {
    case (.among(let values), false) where values.isEmpty: .always(false)
    case (.among(let values), true) where values.isEmpty: .known(field)
    case (.range(nil, nil), false): .known(field)
    case (.range(nil, nil), true): .always(false)
    case (_, false): .holds(field, test)
    case (_, true): .fails(field, test)
    }
  }

  private func membership(
    _ operand: WhereOperand, _ values: [WhereOperand], _ isNegated: Bool
  ) throws(ParallaxError) -> EngineFilter {
    var wanted: [Value] = []
    for value in values {
      if case .value(let value) = try side(value) { wanted.append(value) }
    }
    switch try side(operand) {
    case .missing: return .always(false)
    case .value(let value):
      return .always(wanted.contains { ValueOrder.holds(value, .equal, $0) } != isNegated)
    case .field(let field):
      let same = wanted.flatMap { value -> [Value] in
        if case .among(let values) = EngineTest(.equal, value, of: field.kind) {
          values
        } else {
          []
        }
      }
      return leaf(field, .among(same), isNegated)
    }
  }

  private func between(
    _ operand: WhereOperand, _ low: WhereOperand, _ high: WhereOperand, _ isNegated: Bool,
    _ node: WhereNode
  ) throws(ParallaxError) -> EngineFilter {
    if case .field(let field) = try side(operand), case .value(let least) = try side(low),
      case .value(let most) = try side(high)
    {
      let lower = EngineTest(.greaterOrEqual, least, of: field.kind)
      let upper = EngineTest(.lessOrEqual, most, of: field.kind)
      return leaf(field, lower.and(upper), isNegated)
    }
    if case .field(let field) = try side(operand), field.isList {
      throw refusal("whether elements of a list lie between fields", operand)
    }
    return try filter(
      .all([
        .comparison(operand, .greaterOrEqual, low), .comparison(operand, .lessOrEqual, high),
      ]), isNegated: isNegated)
  }

  private func like(
    _ operand: WhereOperand, _ pattern: WhereOperand, _ isNegated: Bool
  ) throws(ParallaxError) -> EngineFilter {
    switch (try side(operand), try side(pattern)) {
    case (.missing, _), (_, .missing): return .always(false)
    case (.field(let field), .value(.text(let pattern))):
      return leaf(field, .like(pattern), isNegated)
    default: throw refusal("'like' with anything but a field and a pattern in quotes", pattern)
    }
  }

  // MARK: Operands

  private func side(_ operand: WhereOperand) throws(ParallaxError) -> Side {
    switch operand.content {
    case .field(let name):
      if let field = schema.field(named: name) {
        guard field == current.field(named: name) else { throw changed(field, operand) }
        return .field(field)
      }
      let isPath = name == "path" || name == "item.path"
      throw ParallaxError(
        .unknownField, "'\(schema.name)' has no field '\(name)'",
        hint: isPath
          ? "paths are of this machine, and are not published"
          : "it was not there when '\(schema.reference)' was published: 'publish' it again",
        parameter: .init(name: "where", part: operand.range))
    case .number(.integer(let number)): return .value(.integer(number))
    case .number(.real(let number)): return .value(.real(number))
    case .text(let text): return .value(.text(text))
    case .boolean(let flag): return .value(.boolean(flag))
    case .parameter, .missing: return .missing
    }
  }

  /// A condition on values of another kind would find nothing, or others.
  private func changed(_ field: EngineField, _ operand: WhereOperand) -> ParallaxError {
    ParallaxError(
      .unsupported,
      "'\(field.name)' was published as \(field.isList ? "a list of " : "")\(field.kind.rawValue), and the "
        + "field here is another now",
      hint: "'publish' '\(schema.reference)' again",
      parameter: .init(name: "where", part: operand.range))
  }

  private func refusal(_ what: String, _ operand: WhereOperand) -> ParallaxError {
    var error = EngineFilter.inexpressible(what, by: "an engine")
    error.parameter = .init(name: "where", part: operand.range)
    return error
  }
}

extension WhereNode.Comparison {
  /// What holds where this does not, of values that are there.
  fileprivate var opposite: Self {
    switch self {
    case .equal: .unequal
    case .unequal: .equal
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    }
  }
}

extension EngineFilter.Comparison {
  fileprivate init(_ comparison: WhereNode.Comparison) {
    self =
      switch comparison {
      case .equal: .equal
      case .unequal: .unequal
      case .less: .less
      case .lessOrEqual: .lessOrEqual
      case .greater: .greater
      case .greaterOrEqual: .greaterOrEqual
      }
  }
}

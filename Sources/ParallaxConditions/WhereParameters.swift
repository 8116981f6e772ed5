package import ParallaxCore

extension WhereExpression {
  /// The condition for some values of its parameters, checked as by ``checked(against:)``.
  ///
  /// A value is read as the kind of the field that it is compared with: the texts `7` and `07` are
  /// one number where the field holds numbers, and two texts where it holds texts. A value never
  /// becomes part of the expression's text.
  ///
  /// - Parameters:
  ///   - values: by parameter; one that is not there is missing, and unknown in comparisons.
  ///   - field: as for ``checked(against:)``.
  /// - Throws: `type-mismatch`, also for a value that is of another kind than the field, and what
  ///   `field` throws; all point into the expression.
  package func checked(
    binding values: [String: Value], against field: @escaping (String) throws -> WhereField
  ) throws -> WhereNode {
    let binder = WhereBinder(expression: self, values: values, lookUp: field)
    return try checked(try binder.bound(root), against: field)
  }
}

/// Puts values in the place of parameters.
private struct WhereBinder {
  let expression: WhereExpression
  let values: [String: Value]
  let lookUp: (String) throws -> WhereField

  func bound(_ node: WhereNode) throws -> WhereNode {
    switch node {
    case .all(let nodes): return .all(try nodes.map(bound))
    case .any(let nodes): return .any(try nodes.map(bound))
    case .not(let node): return .not(try bound(node))
    case .comparison(let left, let comparison, let right):
      return .comparison(
        try bound(left, besides: right), comparison, try bound(right, besides: left))
    case .membership(let operand, let values, let isNegated):
      return try membership(operand, values, isNegated)
    case .between(let operand, let low, let high, let isNegated):
      return .between(
        try bound(operand, besides: low), try bound(low, besides: operand),
        try bound(high, besides: operand), isNegated: isNegated)
    case .like(let operand, let pattern, let isNegated):
      return .like(
        try bound(operand, as: .text), try bound(pattern, as: .text), isNegated: isNegated)
    case .null(let operand, let isNegated):
      return .null(try bound(operand, as: nil), isNegated: isNegated)
    case .truth(let operand): return .truth(try bound(operand, as: .boolean))
    }
  }

  /// Among missing values nothing is found, but it is not known that it is not there.
  private func membership(
    _ operand: WhereOperand, _ values: [WhereOperand], _ isNegated: Bool
  ) throws -> WhereNode {
    let subject = try bound(operand, besides: values[0])
    let all = try values.map { try bound($0, besides: operand) }
    let known = all.filter { $0.content != .missing }
    guard known.count < all.count else {
      return .membership(subject, known, isNegated: isNegated)
    }
    var parts: [WhereNode] = [
      .comparison(subject, .equal, WhereOperand(content: .missing, range: operand.range))
    ]
    if !known.isEmpty { parts.append(.membership(subject, known, isNegated: false)) }
    return isNegated ? .not(.any(parts)) : .any(parts)
  }

  /// The operand, as a value of the kind of the field that it is compared with.
  private func bound(_ operand: WhereOperand, besides other: WhereOperand) throws -> WhereOperand {
    guard case .field(let name) = other.content, let field = try? lookUp(name) else {
      return try bound(operand, as: nil)
    }
    return try bound(operand, as: field.kind, of: name)
  }

  /// - Parameters:
  ///   - kind: `nil` for the value's own.
  ///   - field: whose kind it is.
  private func bound(
    _ operand: WhereOperand, as kind: ValueKind?, of field: String? = nil
  ) throws -> WhereOperand {
    guard case .parameter(let name) = operand.content else { return operand }
    let value = values[name] ?? .null
    guard value != .null else { return WhereOperand(content: .missing, range: operand.range) }
    guard let content = Self.content(value, as: kind ?? value.kind ?? .text) else {
      let wanted = field.map { "'\($0)' holds another kind of value" } ?? "it is no condition"
      throw ParallaxError(
        .typeMismatch, "a value of ':\(name)' cannot be compared here: \(wanted)",
        location: .inWhere(expression.text, operand.range))
    }
    return WhereOperand(content: content, range: operand.range)
  }

  private static func content(_ value: Value, as kind: ValueKind) -> WhereOperand.Content? {
    let text = value.plainText
    switch kind {
    // Whether a text is a date is checked where it is compared.
    case .text, .date: return .text(text)
    case .boolean:
      if case .boolean(let flag) = value.typed { return .boolean(flag) }
      return ["true": .boolean(true), "false": .boolean(false)][text]
    case .integer, .real:
      switch value.typed {
      case .integer(let number): return .number(.integer(number))
      case .real(let number): return .number(.real(number))
      default: break
      }
      let plain = text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
      guard plain, !text.isEmpty else { return nil }
      if let number = Int64(text) { return .number(.integer(number)) }
      guard let number = Double(text), number.isFinite else { return nil }
      return .number(.real(number))
    }
  }
}

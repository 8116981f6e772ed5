internal import ParallaxConditions

/// Says of every item of a collection whether a condition holds, from columns that were read once.
///
/// Each part of the condition goes over all items before the next one does, so the time grows with
/// the number of parts times the number of items, however long a chain is. A condition on a list
/// holds when it holds for any element.
struct WhereEvaluator: Sendable {
  private let count: Int
  private let columns: [String: WhereColumn]
  private let comparison: WhereComparison

  /// - Parameter columns: each field of the condition, of `count` cells.
  init(count: Int, columns: [String: WhereColumn]) {
    self.count = count
    self.columns = columns
    comparison = WhereComparison(count: count)
  }

  /// - Throws: `CancellationError`.
  func verdict(on node: WhereNode) throws -> WhereVerdict {
    try Task.checkCancellation()
    switch node {
    case .all(let nodes):
      var verdict = WhereVerdict(count: count, all: true)
      for node in Self.gathered(nodes, .unequal) { verdict.formAnd(try self.verdict(on: node)) }
      return verdict
    case .any(let nodes):
      var verdict = WhereVerdict(count: count, all: false)
      for node in Self.gathered(nodes, .equal) { verdict.formOr(try self.verdict(on: node)) }
      return verdict
    case .not(let node): return try negated(verdict(on: node), true)
    case .comparison(let left, let comparison, let right):
      // Of a list '!=' says that no element is equal, as 'not in' does.
      if comparison == .unequal, owners(of: [left, right]) != nil {
        return negated(verdictOfElements([left, right]) { $0.verdict($1[0], .equal, $1[1]) }, true)
      }
      return verdictOfElements([left, right]) { $0.verdict($1[0], comparison, $1[1]) }
    case .membership(let operand, let values, let isNegated):
      let cells = values.map { constant($0, count: count).cells }
      return negated(
        verdictOfElements([operand]) { $0.membership($1[0], among: cells) }, isNegated)
    case .between(let operand, let low, let high, let isNegated):
      let verdict = verdictOfElements([operand, low, high]) {
        var verdict = $0.verdict($1[0], .greaterOrEqual, $1[1])
        verdict.formAnd($0.verdict($1[0], .lessOrEqual, $1[2]))
        return verdict
      }
      return negated(verdict, isNegated)
    case .like(let operand, let pattern, let isNegated):
      return negated(
        try verdictOfElements([operand, pattern]) { try $0.like($1[0], $1[1]) }, isNegated)
    case .null(let operand, let isNegated):
      // A cell that is known says true, another nothing: nothing is then made false.
      let isKnown = verdictOfElements([operand]) { comparison, sides in
        WhereVerdict(count: comparison.count, known: sides[0].known) { _ in true }
      }.decided
      return negated(isKnown, !isNegated)
    case .truth(let operand):
      return verdictOfElements([operand]) {
        $0.verdict($1[0], .unequal, WhereSide(.integers(CellArray([0])), count: $0.count))
      }
    }
  }

  /// What `body` says of the items, given one side an operand; where one is a list, of its elements,
  /// and of an item when it holds for any of them.
  private func verdictOfElements(
    _ operands: [WhereOperand],
    _ body: (WhereComparison, [WhereSide]) throws -> WhereVerdict
  ) rethrows -> WhereVerdict {
    guard let owners = owners(of: operands) else {
      return try body(comparison, operands.map { side($0) })
    }
    let sides = operands.map { operand -> WhereSide in
      guard case .field(let name) = operand.content else {
        return constant(operand, count: owners.count)
      }
      guard let column = columns[name] else { return WhereSide(unknownFor: owners.count) }
      return WhereSide(column.owners == nil ? column.repeated(for: owners) : column)
    }
    return WhereVerdict(
      count: count, ofElements: try body(WhereComparison(count: owners.count), sides), of: owners)
  }

  /// The items that the elements of the list among some operands belong to; there is at most one.
  private func owners(of operands: [WhereOperand]) -> [Int]? {
    operands.lazy.compactMap { operand -> [Int]? in
      guard case .field(let name) = operand.content else { return nil }
      return columns[name]?.owners
    }.first
  }

  private func negated(_ verdict: WhereVerdict, _ isNegated: Bool) -> WhereVerdict {
    guard isNegated else { return verdict }
    var verdict = verdict
    verdict.negate()
    return verdict
  }

  private func side(_ operand: WhereOperand) -> WhereSide {
    guard case .field(let name) = operand.content else { return constant(operand, count: count) }
    return columns[name].map { WhereSide($0) } ?? WhereSide(unknownFor: count)
  }

  /// A value that stands for each of so many cells.
  private func constant(_ operand: WhereOperand, count: Int) -> WhereSide {
    switch operand.content {
    case .number(.real(let value)): WhereSide(.reals(CellArray([value])), count: count)
    case .number(.integer(let value)): WhereSide(.integers(CellArray([value])), count: count)
    case .text(let value): WhereSide(.texts(TextCells(value)), count: count)
    case .boolean(let value): WhereSide(.integers(CellArray([value ? 1 : 0])), count: count)
    case .field, .parameter, .missing: WhereSide(unknownFor: count)
    }
  }

  /// The parts of a chain, with those that compare one field with values gathered in one: a field is
  /// then looked up among all the values at once. The order of a chain's parts does not matter.
  private static func gathered(
    _ nodes: [WhereNode], _ comparison: WhereNode.Comparison
  ) -> [WhereNode] {
    var rest: [WhereNode] = []
    var fields: [String: (operand: WhereOperand, values: [WhereOperand])] = [:]
    for node in nodes {
      guard case .comparison(let left, comparison, let right) = node else {
        rest.append(node)
        continue
      }
      switch (left.content, right.content) {
      case (.field, .field), (.field, .missing), (.missing, .field): rest.append(node)
      case (.field(let name), _): fields[name, default: (left, [])].values.append(right)
      case (_, .field(let name)): fields[name, default: (right, [])].values.append(left)
      default: rest.append(node)
      }
    }
    return rest
      + fields.values.map {
        .membership($0.operand, $0.values, isNegated: comparison == .unequal)
      }
  }
}

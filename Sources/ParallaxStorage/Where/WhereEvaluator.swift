internal import ParallaxCore

/// Says of every item of a collection whether a condition holds, from columns that were read once.
///
/// Each part of the condition goes over all items before the next one does, so the time grows with
/// the number of parts times the number of items, however long a chain is.
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
      return self.comparison.verdict(side(left), comparison, side(right))
    case .membership(let operand, let values, let isNegated):
      let values = values.map { side($0).cells }
      return negated(comparison.membership(side(operand), among: values), isNegated)
    case .between(let operand, let low, let high, let isNegated):
      var verdict = comparison.verdict(side(operand), .greaterOrEqual, side(low))
      verdict.formAnd(comparison.verdict(side(operand), .lessOrEqual, side(high)))
      return negated(verdict, isNegated)
    case .like(let operand, let pattern, let isNegated):
      return negated(try comparison.like(side(operand), side(pattern)), isNegated)
    case .null(let operand, let isNegated):
      let known = side(operand).known
      let isKnown = WhereVerdict(count: count, known: WhereVerdict.everything(count)) {
        known[$0 >> 6] & 1 << UInt64($0 & 63) != 0
      }
      return negated(isKnown, !isNegated)
    case .truth(let operand):
      return comparison.verdict(side(operand), .unequal, constant(.integers([0])))
    }
  }

  private func negated(_ verdict: WhereVerdict, _ isNegated: Bool) -> WhereVerdict {
    guard isNegated else { return verdict }
    var verdict = verdict
    verdict.negate()
    return verdict
  }

  private func side(_ operand: WhereOperand) -> WhereSide {
    switch operand.content {
    case .field(let name): columns[name].map { WhereSide($0) } ?? WhereSide(unknownFor: count)
    case .number(.real(let value)): constant(.reals([value]))
    case .number(.integer(let value)): constant(.integers([value]))
    case .number: WhereSide(unknownFor: count)
    case .text(let value): constant(.texts(TextCells(value)))
    case .boolean(let value): constant(.integers([value ? 1 : 0]))
    }
  }

  private func constant(_ cells: WhereColumn.Cells) -> WhereSide {
    WhereSide(cells, count: count)
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
      case (.field, .field): rest.append(node)
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

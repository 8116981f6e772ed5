internal import ParallaxConditions
internal import ParallaxCore

extension EngineTest {
  private static let nothing = EngineTest.among([])
  private static let everything = EngineTest.range(lower: nil, upper: nil)

  /// What a comparison asks of values of a kind, in values of that kind alone: a whole number beside 1.5 and
  /// a real one beside 9007199254740993 are compared as exactly as here.
  init(_ comparison: WhereNode.Comparison, _ value: Value, of kind: ValueKind) {
    switch (kind, value) {
    case (.integer, .real(let number)):
      self = Self.ofIntegers(comparison, number)
    case (.real, .integer(let number)):
      self = Self.ofReals(comparison, number)
    case (.date, .text(let text)): self.init(comparison, .date(text))
    default: self.init(comparison, value)
    }
  }

  private init(_ comparison: WhereNode.Comparison, _ value: Value) {
    self =
      switch comparison {
      case .equal, .unequal: .among([value])
      case .less: .range(lower: nil, upper: Bound(value, isIncluded: false))
      case .lessOrEqual: .range(lower: nil, upper: Bound(value, isIncluded: true))
      case .greater: .range(lower: Bound(value, isIncluded: false), upper: nil)
      case .greaterOrEqual: .range(lower: Bound(value, isIncluded: true), upper: nil)
      }
  }

  private static func ofIntegers(_ comparison: WhereNode.Comparison, _ number: Double) -> Self {
    if let whole = Int64(exactly: number) { return EngineTest(comparison, .integer(whole)) }
    let isHigh = number >= 0x1p63
    if isHigh || number < -0x1p63 {
      switch comparison {
      case .equal, .unequal: return nothing
      case .less, .lessOrEqual: return isHigh ? everything : nothing
      case .greater, .greaterOrEqual: return isHigh ? nothing : everything
      }
    }
    let below = Value.integer(Int64(number.rounded(.down)))
    switch comparison {
    case .equal, .unequal: return nothing
    case .less, .lessOrEqual: return EngineTest(.lessOrEqual, below)
    case .greater, .greaterOrEqual: return EngineTest(.greater, below)
    }
  }

  private static func ofReals(_ comparison: WhereNode.Comparison, _ number: Int64) -> Self {
    if let exact = Double(exactly: number) { return EngineTest(comparison, .real(exact)) }
    let near = Double(number)
    let isAbove = near >= 0x1p63 || Int64(near) > number
    switch comparison {
    case .equal, .unequal: return nothing
    case .less, .lessOrEqual:
      return EngineTest(.lessOrEqual, .real(isAbove ? near.nextDown : near))
    case .greater, .greaterOrEqual:
      return EngineTest(.greaterOrEqual, .real(isAbove ? near : near.nextUp))
    }
  }

  /// Both, of two that are each a range or hold for nothing.
  func and(_ other: EngineTest) -> EngineTest {
    guard case .range(let lower, let upper) = self,
      case .range(let otherLower, let otherUpper) = other
    else { return Self.nothing }
    return .range(lower: lower ?? otherLower, upper: upper ?? otherUpper)
  }
}

/// The order of values that stand in a condition.
enum ValueOrder {
  /// Whether a comparison of two values of kinds that have an order in common holds.
  static func holds(
    _ left: Value, _ comparison: WhereNode.Comparison, _ right: Value
  ) -> Bool {
    guard let order = order(left, right) else { return false }
    return switch comparison {
    case .equal: order == 0
    case .unequal: order != 0
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    }
  }

  private static func order(_ left: Value, _ right: Value) -> Int? {
    func ordered<T: Comparable>(_ left: T, _ right: T) -> Int {
      left < right ? -1 : left > right ? 1 : 0
    }
    switch (left, right) {
    case (.integer(let left), .integer(let right)): return ordered(left, right)
    case (.real(let left), .real(let right)): return ordered(left, right)
    case (.integer(let left), .real(let right)): return order(left, right)
    case (.real(let left), .integer(let right)): return -order(right, left)
    case (.boolean(let left), .boolean(let right)): return left == right ? 0 : 1
    case (.text(let left), .text(let right)): return ordered(ItemID(left), ItemID(right))
    default: return nil
    }
  }

  private static func order(_ whole: Int64, _ real: Double) -> Int {
    if real >= 0x1p63 { return -1 }
    if real < -0x1p63 { return 1 }
    let other = Int64(real)
    if whole != other { return whole < other ? -1 : 1 }
    let rest = real - Double(other)
    return rest > 0 ? -1 : rest < 0 ? 1 : 0
  }
}

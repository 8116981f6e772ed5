import ParallaxCore
import ParallaxStorage
import ParallaxTestSupport
import Testing

/// Makes expressions together with what they mean in three-valued logic.
private struct Generator {
  typealias Condition = (text: String, evaluate: (Photo) -> Bool?)

  var random: SeededGenerator

  mutating func condition(depth: Int) -> Condition {
    switch depth == 0 ? 9 : Int.random(in: 0..<6, using: &random) {
    case 0:
      let inner = condition(depth: depth - 1)
      return ("\(cased("not")) (\(inner.text))", { inner.evaluate($0).map { !$0 } })
    case 1, 2:
      let (left, right) = (condition(depth: depth - 1), condition(depth: depth - 1))
      return (
        "(\(left.text)) \(cased("and")) (\(right.text))",
        { both(left.evaluate($0), right.evaluate($0)) }
      )
    case 3, 4:
      let (left, right) = (condition(depth: depth - 1), condition(depth: depth - 1))
      return (
        "(\(left.text)) \(cased("or")) (\(right.text))",
        { both(left.evaluate($0).map { !$0 }, right.evaluate($0).map { !$0 }).map { !$0 } }
      )
    default: return leaf()
    }
  }

  private mutating func leaf() -> Condition {
    switch Int.random(in: 0..<7, using: &random) {
    case 5: return chain()
    case 6: return pattern()
    case 0:
      return comparison("year", literals: [-3, 0, 2019, 2020, 2021]) { $0.year.map(Double.init) }
    case 1: return comparison("score", literals: [-1.25, 0.5, 2020, 2020.5, 1e6]) { $0.score }
    case 2: return textComparison()
    case 3: return range()
    default: return nullTest()
    }
  }

  private mutating func comparison(
    _ name: String, literals: [Double], _ value: @escaping (Photo) -> Double?
  ) -> Condition {
    let literal = literals.randomElement(using: &random) ?? 0
    let (symbol, holds) = comparator(of: Double.self)
    return ("\(name) \(symbol) \(literal)", { value($0).map { holds($0, literal) } })
  }

  private mutating func textComparison() -> Condition {
    let literal = ["Paris", "Rome", "paris", "O'Hara", "Z", ""].randomElement(using: &random) ?? ""
    let (symbol, holds) = comparator(of: [UInt8].self)
    let quoted =
      "'"
      + literal.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "''") + "'"
    return (
      "city \(symbol) \(quoted)", { $0.city.map { holds(Array($0.utf8), Array(literal.utf8)) } }
    )
  }

  private mutating func range() -> Condition {
    let low = Int64.random(in: 2018...2021, using: &random)
    let high = Int64.random(in: 2018...2021, using: &random)
    let isNegated = Bool.random(using: &random)
    return (
      "year \(isNegated ? "not " : "")between \(low) and \(high)",
      { $0.year.map { ($0 >= low && $0 <= high) != isNegated } }
    )
  }

  /// Equalities in a row, or their opposites, or a list.
  private mutating func chain() -> Condition {
    let values = (0..<Int.random(in: 1...5, using: &random)).map { _ in
      Int64.random(in: 2018...2021, using: &random)
    }
    let isAmong = { (photo: Photo) in photo.year.map { values.contains($0) } }
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      return (values.map { "year = \($0).0" }.joined(separator: " or "), isAmong)
    case 1:
      return (
        values.map { "\($0) <> year" }.joined(separator: " and "), { isAmong($0).map { !$0 } }
      )
    case 2:
      return ("year in (\(values.map(String.init).joined(separator: ", ")))", isAmong)
    default:
      return (
        "year not in (\(values.map(String.init).joined(separator: ", ")))",
        { isAmong($0).map { !$0 } }
      )
    }
  }

  private mutating func pattern() -> Condition {
    let letter = ["a", "O", "'", "ü", "猫", " "].randomElement(using: &random) ?? ""
    let quoted = letter == "'" ? "''" : letter
    return (
      "city like '%\(quoted)%'",
      { $0.city.map { $0.lowercased().contains(letter.lowercased()) } }
    )
  }

  private mutating func nullTest() -> Condition {
    let isNegated = Bool.random(using: &random)
    return (
      "published is \(isNegated ? cased("not") + " " : "")null",
      { ($0.published == nil) != isNegated }
    )
  }

  private mutating func comparator<T>(of: T.Type) -> (String, (T, T) -> Bool)
  where T: Equatable, T: Ordered {
    let all: [(String, (T, T) -> Bool)] = [
      ("=", { $0 == $1 }), ("!=", { $0 != $1 }), ("<>", { $0 != $1 }),
      ("<", { $0.precedes($1) }), (">", { $1.precedes($0) }),
      ("<=", { !$1.precedes($0) }), (">=", { !$0.precedes($1) }),
    ]
    return all[Int.random(in: 0..<all.count, using: &random)]
  }

  private mutating func cased(_ keyword: String) -> String {
    Bool.random(using: &random) ? keyword.uppercased() : keyword
  }
}

/// `and` of three-valued logic.
private func both(_ left: Bool?, _ right: Bool?) -> Bool? {
  if left == false || right == false { return false }
  guard let left, let right else { return nil }
  return left && right
}

private protocol Ordered {
  func precedes(_ other: Self) -> Bool
}

extension Double: Ordered {
  fileprivate func precedes(_ other: Double) -> Bool { self < other }
}

extension [UInt8]: Ordered {
  fileprivate func precedes(_ other: [UInt8]) -> Bool { lexicographicallyPrecedes(other) }
}

@Suite struct WherePropertyTests {
  @Test func `random expressions agree with an evaluation in Swift`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(Photo.all.map { .insert($0.item) }, to: photos)
      var generator = Generator(random: SeededGenerator(seed: 7))
      for _ in 0..<400 {
        let condition = generator.condition(depth: 4)
        let expected = Photo.all.filter { condition.evaluate($0) == true }.map(\.id)
        let found = try workspace.ids(in: photos, matching: condition.text)
        #expect(found == expected, "\(condition.text)")
      }
    }
  }
}

internal import ParallaxCore

/// How far two rankings of one list agree, which a judge made from two orders of it.
struct OrderAgreement: Sendable, Hashable {
  /// Pairs that both rankings decide.
  private(set) var pairs = 0
  /// Those that both decide alike.
  private(set) var alike = 0
  /// Of those pairs, the ones that the two orders show the other way round, and those decided alike: a
  /// judge that looks at places decides none of them alike, one that looks at pictures all.
  private(set) var (swapped, swappedAlike) = (0, 0)

  /// Whether content decided more than place did.
  var isTrusted: Bool { swappedAlike * 2 > swapped }

  /// Kendall's tau: 1 for the same order, 0 as by chance, -1 for the opposite one.
  var tau: Double { pairs == 0 ? 0 : Double(2 * alike - pairs) / Double(pairs) }

  mutating func add(_ other: OrderAgreement) {
    pairs += other.pairs
    alike += other.alike
    swapped += other.swapped
    swappedAlike += other.swappedAlike
  }

  mutating func notePair(isSwapped: Bool, isAlike: Bool) {
    pairs += 1
    alike += isAlike ? 1 : 0
    swapped += isSwapped ? 1 : 0
    swappedAlike += isSwapped && isAlike ? 1 : 0
  }

  var sentence: String {
    let tau = (self.tau * 100).rounded() / 100
    return
      "agree on \(Self.percent(alike, of: pairs)) of \(pairs) pairs (Kendall's tau \(tau)), and on "
      + "\(Self.percent(swappedAlike, of: swapped)) of those that they show the other way round"
  }

  static func percent(_ part: Int, of whole: Int) -> String {
    whole == 0 ? "none" : "\(Int((Double(part) / Double(whole) * 100).rounded()))%"
  }
}

/// Two orders in which a list is shown to a judge, and what follows from its two rankings.
struct TwoOrders: Sendable, Hashable {
  /// The places of the first stage, in the order in which they are shown.
  let first: [Int]
  let second: [Int]

  private static let draws = 64

  /// The second order shows about half of the pairs the other way round, and no fewer than half: then
  /// rankings by place alone agree as by chance.
  init(count: Int, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let places = Array(0..<count)
    let first = places.shuffled(using: &random)
    let pairs = count * (count - 1) / 2
    var best = (swapped: pairs, order: Array(first.reversed()))
    for _ in 0..<Self.draws {
      let order = places.shuffled(using: &random)
      let swapped = Self.swapped(first, order)
      if swapped * 2 >= pairs, swapped < best.swapped { best = (swapped, order) }
    }
    self.first = first
    second = best.order
  }

  private static func swapped(_ one: [Int], _ other: [Int]) -> Int {
    let (one, other) = (ranks(one), ranks(other))
    var swapped = 0
    for high in one.indices {
      for low in 0..<high where (one[low] < one[high]) != (other[low] < other[high]) {
        swapped += 1
      }
    }
    return swapped
  }

  /// The place in an order of each element.
  private static func ranks(_ order: [Int]) -> [Int] {
    var ranks = [Int](repeating: 0, count: order.count)
    for (rank, element) in order.enumerated() { ranks[element] = rank }
    return ranks
  }

  /// The order that follows from two rankings: by the sum of the places in both, and that of the first
  /// stage where they are equal; the order of the first stage as a whole where place decided, not content.
  ///
  /// - Parameter rankings: what the judge named for each order, the best first, as places of the first
  ///   stage; those it left out stand behind the others, in the order of the first stage.
  func ranking(_ rankings: (first: [Int], second: [Int])) -> (order: [Int], OrderAgreement) {
    let count = first.count
    let both = [rankings.first, rankings.second].map { named in
      (isNamed: Set(named), ranks: Self.ranks(named + (0..<count).filter { !named.contains($0) }))
    }
    let shown = [first, second].map(Self.ranks)
    var agreement = OrderAgreement()
    for high in 0..<count {
      for low in 0..<high {
        // A pair of which a ranking names neither was not decided by it.
        guard both.allSatisfy({ $0.isNamed.contains(low) || $0.isNamed.contains(high) }) else {
          continue
        }
        agreement.notePair(
          isSwapped: (shown[0][low] < shown[0][high]) != (shown[1][low] < shown[1][high]),
          isAlike: (both[0].ranks[low] < both[0].ranks[high])
            == (both[1].ranks[low] < both[1].ranks[high]))
      }
    }
    guard agreement.isTrusted else { return (Array(0..<count), agreement) }
    let sums = (0..<count).map { both[0].ranks[$0] + both[1].ranks[$0] }
    return ((0..<count).sorted { (sums[$0], $0) < (sums[$1], $1) }, agreement)
  }
}

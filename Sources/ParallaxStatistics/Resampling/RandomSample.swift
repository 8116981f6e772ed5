/// Some of many units, drawn without replacement, the same on every machine.
package enum RandomSample {
  /// - Parameters:
  ///   - count: how many to draw; all where there are no more.
  ///   - total: how many there are, below 2^32.
  /// - Returns: their places, ascending.
  package static func places(_ count: Int, of total: Int, seed: UInt64) -> [Int] {
    guard count < total else { return Array(0..<max(0, total)) }
    // Few draws hit a place twice: where most are wanted, those left out are drawn.
    let isLeftOut = count > total / 2
    var drawn: Set<Int> = []
    var indices = RandomIndices(below: total, seed: seed)
    while drawn.count < (isLeftOut ? total - count : count) { drawn.insert(indices.next()) }
    return isLeftOut ? (0..<total).filter { !drawn.contains($0) } : drawn.sorted()
  }
}

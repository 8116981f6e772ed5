/// Which cluster each unit belongs to, such as the questions about one object.
///
/// Units of a cluster are not independent: a test changes their signs together, and a bootstrap draws
/// them together.
package struct Clusters: Sendable, Hashable {
  /// The cluster of each unit, numbered from 0 in order of first appearance.
  package let numbers: [Int]
  /// How many there are.
  package let count: Int

  /// - Parameter labels: one a unit; units with equal ones form a cluster.
  package init<Label: Hashable>(_ labels: some Sequence<Label>) {
    var known: [Label: Int] = [:]
    numbers = labels.map { label in
      if let number = known[label] { return number }
      known[label] = known.count
      return known.count - 1
    }
    count = known.count
  }

  /// How many units each cluster has.
  package var sizes: [Int] {
    var sizes = [Int](repeating: 0, count: count)
    for number in numbers { sizes[number] += 1 }
    return sizes
  }

  /// The sum of some values, one a unit, within each cluster.
  func sums(of values: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    for (number, value) in zip(numbers, values) { sums[number] += value }
    return sums
  }
}

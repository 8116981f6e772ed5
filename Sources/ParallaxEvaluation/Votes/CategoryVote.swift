/// What the nearest known cases say of a field that has categories.
///
/// A case weighs 1 / (1 - cosine): one at half the distance weighs twice. Of five fields of real photographs
/// (cracks, groceries, clothes, rooms) with the five nearest cases such votes were right up to 3 in 100
/// times more often than votes that weigh alike, and at worst 1 in 500 times less often. With more cases, of
/// which the last are far, they gain more.
package struct CategoryVote: Sendable, Hashable {
  /// Below this distance cases weigh alike: there a cosine says no more than that pictures are copies.
  private static let leastDistance = 0.001

  /// The one with the most weight, of equal ones that of the nearest case; `nil` where no case has one.
  package let category: Int?
  /// Its share in the weight of all cases, those without a category included: a case of which nothing is
  /// known agrees with none. From 0 to 1.
  package let agreement: Double
  /// Cases without a category.
  package let missing: Int

  /// - Parameters:
  ///   - categories: of the cases, the nearest first; `nil` where none is known.
  ///   - scores: their cosines.
  package init(_ categories: [Int?], scores: [Float]) {
    var weights: [(category: Int, weight: Double)] = []
    var total = 0.0
    for (category, score) in zip(categories, scores) {
      let weight = 1 / max(1 - Double(score), Self.leastDistance)
      total += weight
      guard let category else { continue }
      if let known = weights.firstIndex(where: { $0.category == category }) {
        weights[known].weight += weight
      } else {
        weights.append((category, weight))
      }
    }
    var best: (category: Int, weight: Double)?
    for one in weights where best.map({ one.weight > $0.weight }) ?? true { best = one }
    category = best?.category
    agreement = best.map { $0.weight / total } ?? 0
    missing = categories.count { $0 == nil }
  }

  /// The category, unless too few agree.
  package func answer(from least: Double) -> Int? { agreement >= least ? category : nil }
}

/// The order of a list after its head was looked at again.
///
/// Candidates that got a score are ordered by it, equal ones as before. A candidate that got none keeps
/// its place: the others take the places that are left, in their order. What lies behind the head stays as
/// it is.
enum RerankOrder {
  /// A candidate in its new place.
  struct Placed: Equatable {
    /// Its place before, from 0.
    var place: Int
    /// What it is ranked by; `nil` for one that got no score.
    var score: Float?
  }

  /// - Parameters:
  ///   - first: the scores of the whole list, in its order.
  ///   - second: of its head; `nil` for a candidate that got none.
  ///   - blend: the share λ of the second stage: λ × second + (1 − λ) × first, each moved to 0…1 by
  ///     its least and its greatest value among the candidates of this list that got a score. Where all
  ///     are equal, they count 0.
  static func order(
    first: [Double?], second: [Float?], blend: Double? = nil
  ) -> [Placed] {
    let scored = second.indices.filter { second[$0] != nil }
    let final = scores(first, second, scored, blend)
    // Stable: places break ties.
    let ordered = scored.sorted { left, right in
      let (one, other) = (final[left] ?? 0, final[right] ?? 0)
      return one != other ? one > other : left < right
    }
    var next = ordered[...]
    let head = second.indices.map { place in
      second[place] == nil ? place : next.popFirst() ?? place
    }
    return (head + Array(second.count..<max(second.count, first.count))).map {
      Placed(place: $0, score: final[$0])
    }
  }

  /// By place, of those that got a score.
  private static func scores(
    _ first: [Double?], _ second: [Float?], _ scored: [Int], _ blend: Double?
  ) -> [Int: Float] {
    guard let blend else {
      return Dictionary(uniqueKeysWithValues: scored.map { ($0, second[$0] ?? 0) })
    }
    let ours = unit(scored.map { Double(second[$0] ?? 0) })
    let theirs = unit(scored.map { first[$0] ?? 0 })
    return Dictionary(
      uniqueKeysWithValues: scored.enumerated().map { index, place in
        (place, Float(blend * ours[index] + (1 - blend) * theirs[index]))
      })
  }

  /// Moved to 0…1.
  private static func unit(_ values: [Double]) -> [Double] {
    guard let least = values.min(), let most = values.max(), most > least else {
      return values.map { _ in 0 }
    }
    return values.map { ($0 - least) / (most - least) }
  }
}

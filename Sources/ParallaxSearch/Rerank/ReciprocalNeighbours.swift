private import ParallaxStatistics

/// Candidates compared by whom they have as neighbours.
///
/// k-reciprocal encoding (Zhong, Zheng, Cao and Li, 2017, "Re-ranking person re-identification with
/// k-reciprocal encoding"), step by step as its authors published it. Two things are decided here:
///
/// * The neighbourhoods are those among the question and its candidates. The paper has those of the whole
///   gallery, which needs the neighbours of the neighbours of every candidate.
/// * A point is the first of its own neighbours; equally near ones come in the order of the list, the
///   question first. So every point has a reciprocal neighbour, itself, however many copies of it there are.
package enum ReciprocalNeighbours {
  /// - Parameters:
  ///   - k1: neighbours that are looked at, beside the point itself.
  ///   - k2: neighbours whose encodings are averaged, with the point itself; 1 for none.
  ///   - lambda: the share of the plain distance, from 0 to 1.
  /// - Returns: 1 - ((1 - λ) × Jaccard distance + λ × plain distance), from 0 to 1. The plain distance is the
  ///   squared Euclidean one between directions, which is 2 - 2 × cosine, divided by the largest of the
  ///   question.
  package static func scores(
    of list: RankedVectors, k1: Int = 20, k2: Int = 6, lambda: Double = 0.3
  ) -> [Double] {
    guard list.count > 0 else { return [] }
    let near = Neighbourhoods(list.points)
    let codes = near.encodings(k1: k1)
    let question = near.average(codes, over: k2, at: 0)
    return (1...list.count).map { point in
      let shared = overlap(question, near.average(codes, over: k2, at: point))
      let jaccard = 1 - shared / (2 - shared)
      return 1 - ((1 - lambda) * jaccard + lambda * near.distances[0][point])
    }
  }

  /// What two encodings have in common, in the order of the points: each sums to 1, so that 2 less this is
  /// their union.
  private static func overlap(_ one: [Double], _ other: [Double]) -> Double {
    var sum = 0.0
    for place in one.indices { sum += min(one[place], other[place]) }
    return sum
  }
}

/// Who is near whom among some points.
private struct Neighbourhoods {
  /// From each point to each, divided by the point's largest.
  let distances: [[Double]]
  /// For each point all of them, nearest first.
  private let order: [[Int]]

  init(_ points: VectorLanes) {
    distances = (0..<points.count).map { point in
      let plain = points.cosines(with: points[point]).map { 1 - $0 }
      let largest = plain.max() ?? 0
      // Where all points are one, there is nothing to divide by.
      return largest > 0 ? plain.map { $0 / largest } : plain
    }
    order = distances.enumerated().map { point, distances in
      [point]
        + distances.indices.filter { $0 != point }.sorted {
          distances[$0] != distances[$1] ? distances[$0] < distances[$1] : $0 < $1
        }
    }
  }

  /// The points among the `count` nearest that have `point` among theirs, each beside itself.
  private func reciprocal(_ point: Int, _ count: Int) -> [Int] {
    order[point].prefix(count + 1).filter { order[$0].prefix(count + 1).contains(point) }
  }

  /// For each point a weight e^-distance for each of its reciprocal neighbours and of those that most
  /// of theirs are, 0 elsewhere; the weights sum to 1.
  func encodings(k1: Int) -> [[Double]] {
    // Half of an odd number goes to the even one, as NumPy rounds.
    let half = Int((Double(k1) / 2).rounded(.toNearestOrEven))
    let points = distances.indices
    let closer = points.map { reciprocal($0, half) }
    return points.map { point in
      let own = Set(reciprocal(point, k1))
      let added = own.map { closer[$0] }.filter { 3 * own.intersection($0).count > 2 * $0.count }
      let members = own.union(added.joined()).sorted()
      var code = [Double](repeating: 0, count: points.count)
      for member in members { code[member] = PortableMath.exp(-distances[point][member]) }
      let sum = members.reduce(0) { $0 + code[$1] }
      for member in members { code[member] /= sum }
      return code
    }
  }

  /// The mean encoding of the `count` nearest to a point, itself among them.
  func average(_ codes: [[Double]], over count: Int, at point: Int) -> [Double] {
    let nearest = order[point].prefix(count)
    var sums = [Double](repeating: 0, count: codes.count)
    for neighbour in nearest {
      for place in sums.indices { sums[place] += codes[neighbour][place] }
    }
    return sums.map { $0 / Double(nearest.count) }
  }
}

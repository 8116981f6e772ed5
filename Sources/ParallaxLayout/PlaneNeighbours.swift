/// Which points of a plane are nearest to some of them.
package enum PlaneNeighbours {
  /// The mean share of the neighbours of some points that are among the nearest on the plane, too.
  ///
  /// - Parameters:
  ///   - coordinates: x and y of each point, one after the other.
  ///   - lists: points with their neighbours elsewhere, as many of each.
  ///   - step: called now and then.
  /// - Returns: 0 to 1; `nil` without points that have neighbours.
  /// - Throws: `CancellationError`, and what `step` throws.
  package static func kept(
    of lists: [(point: Int, neighbours: [Int])], at coordinates: [Double],
    step: () throws -> Void = {}
  ) throws -> Double? {
    var (kept, all) = (0, 0)
    for (point, neighbours) in lists where !neighbours.isEmpty {
      try Task.checkCancellation()
      try step()
      let near = Set(nearest(to: point, count: neighbours.count, at: coordinates))
      kept += neighbours.count(where: near.contains)
      all += neighbours.count
    }
    return all == 0 ? nil : Double(kept) / Double(all)
  }

  /// The nearest others of a point; of equally near ones the first.
  static func nearest(to point: Int, count: Int, at coordinates: [Double]) -> [Int] {
    let (x, y) = (coordinates[2 * point], coordinates[2 * point + 1])
    var best: [(point: Int, distance: Double)] = []
    best.reserveCapacity(count + 1)
    for other in 0..<coordinates.count / 2 where other != point {
      let (across, down) = (coordinates[2 * other] - x, coordinates[2 * other + 1] - y)
      let distance = across * across + down * down
      if best.count == count, let last = best.last, distance >= last.distance { continue }
      let place = best.firstIndex { distance < $0.distance } ?? best.count
      best.insert((other, distance), at: place)
      if best.count > count { best.removeLast() }
    }
    return best.map(\.point)
  }
}

package import ParallaxCore
package import ParallaxLayout
private import ParallaxReporting
package import ParallaxStorage

/// Items of a space on a plane.
package struct PlaneMap: Sendable {
  /// What the map says of the items' neighbours.
  package struct Fidelity: Sendable, Hashable {
    /// Neighbours of an item that are looked at.
    package var neighbours: Int
    /// Items that were looked at.
    package var items: Int
    /// The mean share of their neighbours in the space that are among as many nearest on the map.
    package var kept: Double
    /// The same of principal components; `nil` where the map is theirs.
    package var keptByComponents: Double?
  }

  /// Digits behind the point that coordinates have.
  private static let digits = 10_000.0

  package var space: Space
  package var method: MapRequest.Method
  package var ids: [ItemID]
  package var items: [ItemRecord.RowID]
  /// x and y of each item, one after the other, to four digits behind the point.
  package var coordinates: [Double]
  /// Items that could be on it: those that the condition holds of.
  package var candidates: Int
  /// Of them, those whose vector has no direction, and no place.
  package var zeros: Int
  /// `nil` of fewer than three items.
  package var fidelity: Fidelity?
  /// The shares of the variance along the two axes of principal components, and the items they were found on.
  package var variance: (x: Double, y: Double)
  package var componentRows: Int

  package func x(of place: Int) -> Double { coordinates[2 * place] }
  package func y(of place: Int) -> Double { coordinates[2 * place + 1] }

  /// The places of the items inside, ascending.
  package func places(in part: PlanePolygon?) -> [Int] {
    guard let part else { return Array(ids.indices) }
    return ids.indices.filter { part.contains(x: x(of: $0), y: y(of: $0)) }
  }

  static func rounded(_ coordinates: [Float]) -> [Double] {
    coordinates.map { (Double($0) * digits).rounded() / digits }
  }

  private var noun: String { space.spec.content.noun }

  /// That some items were drawn; `nil` where all are on the map.
  package var sampling: String? {
    ids.count < candidates - zeros
      ? "the map has \(Wording.count(ids.count)) of \(Wording.count(candidates, noun)), drawn at random"
      : nil
  }

  /// That some items have no place; `nil` where all have one.
  package var omission: String? {
    zeros > 0
      ? "\(Wording.count(zeros, noun)) \(zeros == 1 ? "has" : "have") a zero vector, which has no place on a map"
      : nil
  }

  /// That the axes stand for more items than they were found on.
  package var approximation: String? {
    method == .pca && componentRows < ids.count
      ? "the axes were found on \(Wording.count(componentRows)) of the \(Wording.count(ids.count, noun)), drawn "
        + "at random" : nil
  }

  /// How far to trust it, in words.
  package var facts: [String] {
    var facts: [String] = []
    if let fidelity {
      let near = "\(fidelity.neighbours) nearest kept: \(Wording.percent(fidelity.kept, digits: 1))"
      facts.append(
        fidelity.keptByComponents.map { "\(near) (by pca \(Wording.percent($0, digits: 1)))" }
          ?? near)
    }
    if method == .pca {
      facts.append(
        "variance: x \(Wording.percent(variance.x, digits: 1)), y \(Wording.percent(variance.y, digits: 1))"
      )
    }
    return facts
  }
}

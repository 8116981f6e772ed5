package import ParallaxConditions

/// How the items of a space are laid out on a plane.
package struct MapRequest: Sendable, Hashable {
  package enum Method: String, Sendable, CaseIterable {
    /// Neighbours stay near one another.
    case umap
    /// The two directions in which vectors differ most.
    case pca
  }

  package var method = Method.umap
  /// Nearest items of each that stay near it.
  package var neighbours = 15
  /// How close items may lie, against a spread of 1.
  package var minimumDistance = 0.1
  /// Turns; `nil` for as many as suit the number of items.
  package var epochs: Int?
  /// Items on the map at most; more are drawn at random.
  package var sample = 50_000
  package var condition: WhereExpression?
  package var seed: UInt64

  package init(seed: UInt64) { self.seed = seed }
}

package import ParallaxCore
package import ParallaxSearch
package import ParallaxStatistics
package import ParallaxStorage

/// What is to be found out about a space.
package struct HealthRequest: Sendable, Hashable {
  /// Neighbours of an item that are looked at.
  package static let neighbours = 10
  /// Items whose texts are embedded unless somebody says otherwise, with a local model.
  package static let usualTexts = 200

  /// Items that are compared with one another; more are sampled.
  package var sample = 5_000
  /// Hubs that are named.
  package var hubs = 5
  /// Texts of items that are embedded at most; `nil` for some with a local model and none with a remote one.
  package var texts: Int?
  package var seed: UInt64

  package init(seed: UInt64) { self.seed = seed }
}

/// How a space is built, as far as its vectors alone show it.
package struct SpaceHealth: Sendable {
  /// An item that is the neighbour of many.
  package struct Hub: Sendable, Hashable {
    package var id: ItemID
    package var path: String
    /// Lists of neighbours that it is in.
    package var count: Int
  }

  /// Items that have another of nearly the same direction.
  package struct Copies: Sendable, Hashable {
    /// The least cosine of a copy.
    package static let least: Float = 0.999
    /// Items looked at, each compared with all others.
    package var probed: Int
    package var found: Int
  }

  /// Why texts and images were not compared.
  package enum MissingGap: Sendable, Hashable {
    /// Its vectors stand for texts, too.
    case holdsTexts
    /// The model embeds no texts.
    case noTextModel
    /// The vectors were imported: no model is there.
    case imported
    case noTexts
    /// Texts would cost, and nobody asked for it.
    case costs
    /// Asked for none.
    case notWanted
  }

  package var space: Space
  /// Vectors of the space.
  package var items: Int
  /// Vectors that were compared with one another.
  package var sample: Int
  /// Vectors that are zero: they have no direction.
  package var zeros: Int
  /// Of all vectors, the shortest and the longest.
  package var lengths: ClosedRange<Double>
  /// Vectors that are equal to another, of all.
  package var equal: Int
  package var copies: Copies
  package var hubness: Hubness
  package var hubs: [Hub]
  package var shape: VectorShape
  package var gap: Result<ModalityGap, GapMissing>

  package struct GapMissing: Error, Hashable {
    package var reason: MissingGap
  }
}

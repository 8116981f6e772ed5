package import ParallaxCore

/// How vectors lie in a graph; answers are rescored with the space's own.
package enum GraphStorage: String, Sendable, Hashable, CaseIterable {
  case f32, f16, bf16, i8

  /// Bytes of a value.
  package var size: Int {
    switch self {
    case .f32: 4
    case .f16, .bf16: 2
    case .i8: 1
    }
  }

  /// How many candidates are compared in full for `count` answers: what rounding has swapped comes back.
  ///
  /// - Parameter expansion: candidates there are.
  func candidates(for count: Int, expansion: Int) -> Int {
    let wanted =
      switch self {
      case .f32: count
      case .f16, .bf16: count + count / 2
      case .i8: count * 3
      }
    return max(count, min(wanted, expansion))
  }

  /// How far rounding moves a unit vector, about: the length of what the short form leaves out, and no less than what scores
  /// see, which are rounded at some 2^-23: the square of a distance of 2^-12 / √2.
  func blur(_ dimension: Int, scale: Float) -> Float {
    switch self {
    // Half of the last place at most: 2^-12 of a half float, evenly met, by √3.
    case .f32, .f16: 0x1p-12
    case .bf16: 0x1p-10
    case .i8: max(0x1p-12, scale * (Float(dimension) / 12).squareRoot())
    }
  }
}

/// How a graph is built; part of its file.
package struct GraphOptions: Sendable, Hashable {
  /// Neighbours of a node, M in the papers; twice as many on the lowest level.
  package var connectivity: Int
  /// Candidates held while adding, efConstruction in the papers.
  package var expansionAdd: Int
  package var storage: GraphStorage

  package init(connectivity: Int = 16, expansionAdd: Int = 128, storage: GraphStorage = .f16) {
    self.connectivity = connectivity
    self.expansionAdd = expansionAdd
    self.storage = storage
  }
}

extension ParallaxError.Code {
  package static let damagedIndex = Self("damaged-index")
  package static let index = Self("index")
}

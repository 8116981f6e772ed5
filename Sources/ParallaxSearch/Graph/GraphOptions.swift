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

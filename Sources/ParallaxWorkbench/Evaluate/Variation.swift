package import ParallaxCore
internal import ParallaxSearch
internal import ParallaxStorage

/// What differs between systems that are compared: each axis that is not empty is varied. The first
/// system is the baseline.
package struct Variation: Sendable, Hashable {
  /// One dimension, or those of a range.
  package enum Dimension: Sendable, Hashable {
    case one(Int)
    /// Its ends, and the powers of two between them.
    case range(ClosedRange<Int>)

    /// `256` or `64..3072`; `nil` for anything else.
    package init?(_ text: String) {
      let ends = text.split(separator: ".", omittingEmptySubsequences: false)
      if let number = Int(text), number > 0 {
        self = .one(number)
      } else if ends.count == 3, ends[1].isEmpty, let low = Int(ends[0]), let high = Int(ends[2]),
        low > 0, low <= high
      {
        self = .range(low...high)
      } else {
        return nil
      }
    }
  }

  /// How rows are found.
  package enum Index: String, Sendable, Hashable, CaseIterable {
    /// Every row is compared.
    case exact
    /// The approximate index of the space.
    case hnsw
  }

  package enum Tasks: Sendable, Hashable {
    /// Every task type of the model.
    case all
    case some([TaskForm])
  }

  package var dimensions: [Dimension] = []
  /// `nil` for vectors alone.
  package var codes: [Query.Codes?] = []
  package var similarities: [Similarity] = []
  package var fusions: [Query.Fusion] = []
  package var indexes: [Index] = []
  package var tasks: Tasks?

  package init() {}

  /// The axes that are varied, as options name them.
  package var axes: [String] {
    [
      ("dims", !dimensions.isEmpty), ("tasks", tasks != nil), ("codes", !codes.isEmpty),
      ("similarity", !similarities.isEmpty), ("fuse", !fusions.isEmpty),
      ("index", !indexes.isEmpty),
    ].filter(\.1).map(\.0)
  }

  package var isEmpty: Bool { axes.isEmpty }

  /// The dimensions within a space, its own first and then the larger ones first.
  ///
  /// - Throws: `invalid-value` for one that the space does not have, naming `dims`.
  func dimensions(within space: Space) throws -> [Int] {
    let full = space.spec.dimension
    var found: Set<Int> = [full]
    for (index, dimension) in dimensions.enumerated() {
      switch dimension {
      case .one(let number):
        guard number <= full else {
          throw ParallaxError(
            .invalidValue, "'\(space.reference)' has \(full) dimensions; got \(number)",
            hint: "64..\(full) takes the powers of two between",
            parameter: .init(name: "dims", index: index))
        }
        found.insert(number)
      case .range(let range):
        guard range.lowerBound <= full else {
          throw ParallaxError(
            .invalidValue, "'\(space.reference)' has \(full) dimensions; got \(range.lowerBound)",
            parameter: .init(name: "dims", index: index))
        }
        found.insert(range.lowerBound)
        if range.upperBound <= full { found.insert(range.upperBound) }
        var power = 1
        while power <= min(range.upperBound, full) {
          if power >= range.lowerBound { found.insert(power) }
          power *= 2
        }
      }
    }
    return found.sorted(by: >)
  }
}

/// One of the systems of a variation.
package struct SystemVariant: Sendable, Hashable {
  /// What differs, such as `dim 128` or `codes int8`; empty for a system in which nothing does.
  package var label: String
  package var query: Query
  /// `nil` for the task type of the space.
  package var task: TaskForm?

  /// How tables call it.
  package func name(of space: String) -> String { label.isEmpty ? space : "\(space) \(label)" }
}

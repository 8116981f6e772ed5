internal import ParallaxCore

/// The hits of one question. Those of a search are kept in 12 bytes each and made when they are asked
/// for, since the systems of a comparison may have millions.
package struct RunHits: Sendable {
  /// A hit as a search leaves it.
  struct Found: Sendable, Hashable {
    /// Of the space.
    var row: Int32
    /// Which of the spaces.
    var space: Int32
    var score: Float
  }

  private enum Storage: Sendable {
    case held([SystemRun.Hit])
    /// In the order of their ranks, with the ids of the rows of each space.
    case found([Found], ids: [[ItemID]])
  }

  private let storage: Storage

  package init(_ hits: [SystemRun.Hit]) { storage = .held(hits) }

  /// - Parameter ids: of the rows of each space, shared by all lists.
  init(_ hits: [Found], ids: [[ItemID]]) { storage = .found(hits, ids: ids) }
}

extension RunHits: RandomAccessCollection {
  package var startIndex: Int { 0 }

  package var endIndex: Int {
    switch storage {
    case .held(let hits): hits.count
    case .found(let hits, _): hits.count
    }
  }

  package subscript(position: Int) -> SystemRun.Hit {
    switch storage {
    case .held(let hits): return hits[position]
    case .found(let hits, let ids):
      let hit = hits[position]
      return SystemRun.Hit(
        id: ids[Int(hit.space)][Int(hit.row)], score: hit.score.shown, rank: position + 1,
        space: Int(hit.space))
    }
  }

  var areOfSeveralSpaces: Bool {
    switch storage {
    case .held(let hits): hits.contains { $0.space != hits[0].space }
    case .found(_, let ids): ids.count > 1
    }
  }

  /// Whether scores never rise.
  var areOrderedByScore: Bool {
    switch storage {
    case .held(let hits): zip(hits, hits.dropFirst()).allSatisfy { $0.score >= $1.score }
    case .found(let hits, _): zip(hits, hits.dropFirst()).allSatisfy { $0.score >= $1.score }
    }
  }

  /// Whether scores alone give the order: every hit has one of the same stage, and no two are equal.
  var areToldByScore: Bool {
    allSatisfy { $0.shownScore != nil } && zip(self, dropFirst()).allSatisfy { $0.score > $1.score }
  }
}

extension RunHits: Hashable {
  /// Hits are equal by their values, however they are kept.
  package static func == (left: RunHits, right: RunHits) -> Bool { left.elementsEqual(right) }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    if let first { hasher.combine(first) }
  }
}

extension RunHits: ExpressibleByArrayLiteral {
  package init(arrayLiteral hits: SystemRun.Hit...) { self.init(hits) }
}

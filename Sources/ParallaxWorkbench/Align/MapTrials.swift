internal import ParallaxCore
internal import ParallaxStatistics
internal import ParallaxStorage

/// Tries methods within the sample: each part of it is mapped by what was fitted to the others, and all
/// of it is measured together.
struct MapTrials {
  /// Of the mean eigenvalue: from a fit that trusts the pairs to one that hardly moves from the mean.
  private static let strengths = [0.001, 0.01, 0.03, 0.1, 0.3, 1, 3]
  private static let parts = 4
  /// Ranks from here on take so long that one part is measured instead of all.
  private static let largeRank = 1_024

  /// A part of the sample, and the maps that the rest of it gives.
  private struct Part {
    let fit: LinearMapFit
    let points: DenseMatrix
  }

  private let parts: [Part]
  /// Of the parts, one after another.
  private let targets: DenseMatrix
  private let wanted: NeighbourLists
  private let depth: Int

  /// - Parameter step: called with the number of parts fitted, and of all.
  /// - Throws: `CancellationError`.
  init(_ pairs: AlignmentPairs, seed: UInt64, _ step: (Int, Int) -> Void) throws {
    let folds = Self.folds(of: pairs.sample, seed: seed)
    let isLarge =
      min(pairs.sample.count, pairs.old.matrix.dimension, pairs.new.matrix.dimension)
      > Self.largeRank
    let measured = isLarge ? Array(folds.prefix(1)) : folds
    parts = try measured.enumerated().map { index, fold in
      step(index, measured.count + 1)
      let own = Set(fold)
      let (points, targets) = pairs.points(pairs.sample.filter { !own.contains($0) })
      return Part(
        fit: try LinearMapFit(points, to: targets), points: pairs.points(fold).points)
    }
    step(measured.count, measured.count + 1)
    targets = pairs.points(measured.flatMap(\.self)).targets
    // Of few images, ten neighbours would be most of them.
    depth = max(1, min(AlignRequest.depth, targets.rowCount / 10))
    wanted = try NeighbourLists(
      among: targets, for: Array(0..<targets.rowCount), depth: depth)
  }

  /// The methods with their overlaps, best first; of equal ones the simpler.
  ///
  /// - Throws: `CancellationError`.
  func ranked() throws -> [Alignment.Trial] {
    var trials = [try trial(.orthogonal)]
    trials += try Self.strengths.map { try trial(.ridge(strength: $0, rank: nil)) }
    // Fewer dimensions at the strength that did best with all of them.
    let best = trials.dropFirst().max { $0.overlap < $1.overlap }
    let rank = parts.map(\.fit.rank).min() ?? 1
    if case .ridge(let strength, _) = best?.method {
      for divisor in [2, 4, 8] where rank / divisor >= AlignRequest.depth {
        trials.append(try trial(.ridge(strength: strength, rank: rank / divisor)))
      }
    }
    let order = trials.indices.sorted { (-trials[$0].overlap, $0) < (-trials[$1].overlap, $1) }
    return order.map { trials[$0] }
  }

  private func trial(_ method: Alignment.Method) throws -> Alignment.Trial {
    let mapped = try parts.map { try $0.fit.map(method).applied(to: $0.points) }
    let lists = try NeighbourLists(
      among: DenseMatrix(
        rowCount: targets.rowCount, columnCount: targets.columnCount,
        values: mapped.flatMap(\.values)),
      asking: targets, for: Array(0..<targets.rowCount), depth: depth)
    let overlaps = lists.overlaps(with: wanted, depth: depth)
    return Alignment.Trial(
      method: method, overlap: overlaps.reduce(0, +) / Double(max(1, overlaps.count)))
  }

  /// The sample in parts of about the same size.
  private static func folds(of sample: [Int], seed: UInt64) -> [[Int]] {
    var left = sample
    return (0..<parts).map { part in
      let size = left.count / (parts - part)
      let places = Set(RandomSample.places(size, of: left.count, seed: seed &+ UInt64(part) &+ 1))
      defer { left = left.indices.filter { !places.contains($0) }.map { left[$0] } }
      return places.sorted().map { left[$0] }
    }
  }
}

extension LinearMapFit {
  func map(_ method: Alignment.Method) throws -> LinearMap {
    switch method {
    case .orthogonal: try orthogonal()
    case .ridge(let strength, let rank): try ridge(strength: strength, rank: rank)
    }
  }
}

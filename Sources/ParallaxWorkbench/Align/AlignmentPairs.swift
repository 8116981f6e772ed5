internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStatistics
internal import ParallaxStorage

/// What two spaces have of the same images: some pairs to fit a map to, the rest to measure it on.
struct AlignmentPairs: Sendable {
  let old: LoadedSpace
  let new: LoadedSpace
  /// Rows of both spaces; a content that several items share counts once.
  let pairs: [(old: Int, new: Int)]
  /// Items that were left out because they share it.
  let copies: Int
  /// Places in ``pairs``, ascending.
  let sample: [Int]
  /// Those that are measured.
  let rest: [Int]

  /// - Parameter hashes: what was embedded of each item.
  /// - Throws: `unsupported` for too few pairs, about `sample` where that leaves too few.
  init(
    _ old: LoadedSpace, _ new: LoadedSpace, hashes: [ItemRecord.RowID: ContentHash],
    _ request: AlignRequest
  ) throws {
    self.old = old
    self.new = new
    var (pairs, seen, copies) = ([(old: Int, new: Int)](), Set<ContentHash>(), 0)
    for (row, item) in old.items.enumerated() {
      guard let other = new.row(of: item), let hash = hashes[item],
        Vector.length(old.matrix.row(row)) > 0, Vector.length(new.matrix.row(other)) > 0
      else { continue }
      if seen.insert(hash).inserted { pairs.append((row, other)) } else { copies += 1 }
    }
    self.pairs = pairs
    self.copies = copies
    let size = try Self.sampleSize(of: pairs.count, old.space, new.space, request)
    sample = RandomSample.places(size, of: pairs.count, seed: request.seed)
    let fitted = Set(sample)
    let left = pairs.indices.filter { !fitted.contains($0) }
    rest = RandomSample.places(request.gallery, of: left.count, seed: request.seed &+ 5).map {
      left[$0]
    }
  }

  private static func sampleSize(
    of count: Int, _ old: Space, _ new: Space, _ request: AlignRequest
  ) throws -> Int {
    let (from, to) = (old.spec.dimension, new.spec.dimension)
    let (fitted, measured) = (AlignRequest.fewestFitted(from, to), AlignRequest.fewestMeasured)
    guard count >= fitted + measured else {
      throw ParallaxError(
        .unsupported,
        "'\(old.reference)' and '\(new.reference)' have \(Wording.count(count, "different image")) in "
          + "common; a map from \(from) to \(to) dimensions needs \(fitted) to be fitted to and "
          + "\(measured) to be measured on",
        hint: "embed more images into '\(new.reference)'")
    }
    guard let size = request.sample else {
      return max(fitted, min(AlignRequest.usualSample, count * 3 / 4, count - measured))
    }
    guard size >= fitted, size <= count - measured else {
      throw ParallaxError(
        .invalidValue,
        "'sample' takes a whole number from \(fitted) (for \(from) and \(to) dimensions) to "
          + "\(Wording.count(count - measured)) (all but \(measured) of the pairs); got \(size)",
        parameter: "sample")
    }
    return size
  }

  /// Some pairs as points and their targets, at unit length.
  func points(_ places: [Int]) -> (points: DenseMatrix, targets: DenseMatrix) {
    (
      Self.units(of: old, places.map { pairs[$0].old }),
      Self.units(of: new, places.map { pairs[$0].new })
    )
  }

  /// Rows of a space at unit length; none of them may be zero.
  static func units(of space: LoadedSpace, _ rows: [Int]) -> DenseMatrix {
    var values: [Double] = []
    values.reserveCapacity(rows.count * space.matrix.dimension)
    for row in rows {
      let vector = space.matrix.row(row)
      let length = Vector.length(vector)
      values += vector.map { Double($0) / length }
    }
    return DenseMatrix(
      rowCount: rows.count, columnCount: space.matrix.dimension, values: values)
  }
}

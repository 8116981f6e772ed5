/// What questions that have nothing to do with one another score with pictures, to hold a score against.
///
/// A cosine of a text and a picture says little by itself: some pictures are near to every text. A
/// standing says how far a score lies above those of the background with the same picture, in standard
/// deviations of these.
package struct QuestionBackground: Sendable, Hashable {
  package let dimension: Int
  /// Where nothing that was found reaches it, nothing stands out.
  package let threshold: Double
  /// Of unit length, one after another.
  private let vectors: [Float]

  /// - Parameters:
  ///   - vectors: of questions, ``dimension`` numbers each.
  ///   - threshold: as it was chosen for them.
  /// - Returns: `nil` without two vectors that have a direction.
  package init?(vectors: [Float], dimension: Int, threshold: Double) {
    guard dimension > 0, vectors.count >= 2 * dimension, vectors.count % dimension == 0,
      threshold.isFinite
    else { return nil }
    var units: [Float] = []
    units.reserveCapacity(vectors.count)
    for start in stride(from: 0, to: vectors.count, by: dimension) {
      guard let unit = Vector.normalized(Array(vectors[start..<(start + dimension)])) else {
        return nil
      }
      units += unit
    }
    (self.vectors, self.dimension, self.threshold) = (units, dimension, threshold)
  }

  /// The background of shortened vectors; `nil` for a dimension that these do not have.
  package func shortened(to dimension: Int) -> QuestionBackground? {
    if dimension == self.dimension { return self }
    guard dimension < self.dimension else { return nil }
    let prefixes = stride(from: 0, to: vectors.count, by: self.dimension).flatMap {
      vectors[$0..<($0 + dimension)]
    }
    return QuestionBackground(vectors: prefixes, dimension: dimension, threshold: threshold)
  }

  /// How far a score with a picture lies above those of the background, in standard deviations of these.
  ///
  /// - Parameter picture: at unit length; `dimension` numbers.
  /// - Returns: `nil` where the background's scores do not differ.
  package func standing(of score: Double, with picture: [Float]) -> Double? {
    guard picture.count == dimension else { return nil }
    var (sum, squares) = (0.0, 0.0)
    let count = Double(vectors.count / dimension)
    vectors.withUnsafeBufferPointer { vectors in
      picture.withUnsafeBufferPointer { picture in
        for start in stride(from: 0, to: vectors.count, by: dimension) {
          let product = Self.product(
            UnsafeBufferPointer(rebasing: vectors[start..<start + dimension]), picture)
          sum += product
          squares += product * product
        }
      }
    }
    let mean = sum / count
    let variance = squares / count - mean * mean
    return variance > 1e-12 ? (score - mean) / variance.squareRoot() : nil
  }

  /// In double precision, in eight sums: the same order on every processor.
  private static func product(
    _ left: UnsafeBufferPointer<Float>, _ right: UnsafeBufferPointer<Float>
  ) -> Double {
    var sums = SIMD8<Double>.zero
    let whole = left.count / 8 * 8
    for place in stride(from: 0, to: whole, by: 8) {
      for lane in 0..<8 {
        sums[lane] += Double(left[place + lane]) * Double(right[place + lane])
      }
    }
    for place in whole..<left.count { sums[0] += Double(left[place]) * Double(right[place]) }
    return sums.sum()
  }
}

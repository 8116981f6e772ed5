private import ParallaxCore

/// Vectors in double precision, eight side by side: one pass compares eight of them with another.
///
/// Each dot product is a sum of its own from the first number to the last. Products of two numbers in
/// single precision are exact, so that its bits are the same on every processor.
struct VectorLanes: Sendable {
  private static let width = 8

  let count: Int
  let dimension: Int
  /// For each eight vectors one element a number: the last eight may end in zeros.
  private let numbers: [SIMD8<Double>]
  /// The dot product of each vector with itself.
  let squares: [Double]

  /// - Parameter vectors: at least one; all of one dimension, and finite.
  init(_ vectors: [[Float]]) {
    let dimension = vectors.first?.count ?? 0
    precondition(dimension > 0 && vectors.allSatisfy { $0.count == dimension })
    let blocks = (vectors.count + Self.width - 1) / Self.width
    var numbers = [SIMD8<Double>](repeating: .zero, count: blocks * dimension)
    for (place, vector) in vectors.enumerated() {
      let (block, lane) = (place / Self.width, place % Self.width)
      for (index, value) in vector.enumerated() {
        numbers[block * dimension + index][lane] = Double(value)
      }
    }
    self.count = vectors.count
    self.dimension = dimension
    self.numbers = numbers
    squares = vectors.map { Vector.dot($0, $0) }
  }

  /// One vector.
  subscript(place: Int) -> [Double] {
    let (block, lane) = (place / Self.width, place % Self.width)
    return (0..<dimension).map { numbers[block * dimension + $0][lane] }
  }

  /// The cosine of each vector with another, from -1 to 1: dot / √(square × square), which is exactly 1
  /// for equal ones; 0 where either is zero.
  func cosines(with vector: [Double]) -> [Double] {
    precondition(vector.count == dimension, "vectors of different dimensions")
    let square = vector.reduce(into: 0.0) { $0 += $1 * $1 }
    var cosines: [Double] = []
    cosines.reserveCapacity(count)
    numbers.withUnsafeBufferPointer { numbers in
      for start in stride(from: 0, to: count, by: Self.width) {
        var sums = SIMD8<Double>.zero
        let first = start / Self.width * dimension
        for index in 0..<dimension {
          sums += numbers[first + index] * vector[index]
        }
        for place in start..<min(start + Self.width, count) {
          let lengths = (square * squares[place]).squareRoot()
          cosines.append(lengths > 0 ? max(-1, min(1, sums[place - start] / lengths)) : 0)
        }
      }
    }
    return cosines
  }
}

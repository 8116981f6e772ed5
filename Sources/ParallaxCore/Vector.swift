/// Operations on embeddings held as arrays of 32-bit floats.
package enum Vector {
  /// The Euclidean length, accumulated in double precision.
  package static func length(_ vector: [Float]) -> Double {
    vector.reduce(into: 0.0) { $0 += Double($1) * Double($1) }.squareRoot()
  }

  /// The vector scaled to unit length; `nil` when it is zero or not finite.
  package static func normalized(_ vector: [Float]) -> [Float]? {
    let length = length(vector)
    guard length > 0, length.isFinite else { return nil }
    return vector.map { Float(Double($0) / length) }
  }

  /// The dot product, accumulated in double precision.
  ///
  /// - Precondition: both have the same count.
  package static func dot(_ left: [Float], _ right: [Float]) -> Double {
    precondition(left.count == right.count, "vectors of different dimensions")
    var sum = 0.0
    for index in left.indices { sum += Double(left[index]) * Double(right[index]) }
    return sum
  }

  /// The cosine of the angle, in -1...1; `nil` when either is zero or not finite.
  package static func cosine(_ left: [Float], _ right: [Float]) -> Double? {
    let lengths = length(left) * length(right)
    guard lengths > 0, lengths.isFinite else { return nil }
    return max(-1, min(1, dot(left, right) / lengths))
  }
}

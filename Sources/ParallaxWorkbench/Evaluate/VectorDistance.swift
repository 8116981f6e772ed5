internal import ParallaxCore

/// How far two vectors point apart.
enum VectorDistance {
  /// 1 less the cosine: 0 for the same direction, 1 for a right angle, 2 for the opposite.
  ///
  /// From the difference of the unit vectors, so that small distances keep their digits and equal
  /// vectors have none; one without a direction is at a right angle to all.
  static func cosine(_ left: [Float], _ right: [Float]) -> Double {
    if left == right { return 0 }
    let (one, other) = (Vector.length(left), Vector.length(right))
    guard one > 0, other > 0 else { return 1 }
    var sum = 0.0
    for index in left.indices {
      let difference = Double(left[index]) / one - Double(right[index]) / other
      sum += difference * difference
    }
    return sum / 2
  }
}

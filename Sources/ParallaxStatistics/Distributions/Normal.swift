/// The normal distribution with mean 0 and standard deviation 1.
package enum Normal {
  private static let squareRootOfTwoPi = 2.506_628_274_631_000_5

  /// The probability of at most `x`, with a relative error below 1e-13 in the lower tail as well.
  package static func cumulative(_ x: Double) -> Double {
    guard !x.isNaN else { return x }
    return x < 0 ? upperTail(-x) : 1 - upperTail(x)
  }

  /// The value below which a share `p` lies.
  ///
  /// - Returns: minus infinity for 0, infinity for 1, not a number outside of 0...1.
  package static func quantile(_ p: Double) -> Double {
    guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
    return p > 0.5 ? lowerHalfQuantile(1 - p) * -1 : lowerHalfQuantile(p)
  }

  private static func density(_ x: Double) -> Double {
    PortableMath.exp(-x * x / 2) / squareRootOfTwoPi
  }

  /// The probability of at least `x`, from 0.
  private static func upperTail(_ x: Double) -> Double {
    guard x < 39 else { return 0 }
    if x < 2.5 {
      // All terms are positive: x + x³/3 + x⁵/15 + …
      var (term, sum, divisor) = (x, x, 1.0)
      while term > sum * 1e-17 {
        divisor += 2
        term *= x * x / divisor
        sum += term
      }
      return 0.5 - density(x) * sum
    }
    // Laplace's continued fraction, from its far end.
    var fraction = x
    for step in stride(from: 150, through: 1, by: -1) { fraction = x + Double(step) / fraction }
    return density(x) / fraction
  }

  private static func lowerHalfQuantile(_ p: Double) -> Double {
    // M. Abramowitz and I. Stegun, 26.2.23, made exact by three steps of Halley's method.
    let t = (-2 * PortableMath.log(p)).squareRoot()
    let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
    let denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    var x = numerator / denominator - t
    for _ in 0..<3 {
      let step = (upperTail(-x) - p) / density(x)
      x -= step / (1 + x * step / 2)
    }
    return x
  }
}

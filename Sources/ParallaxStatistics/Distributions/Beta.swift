/// The beta distribution, and the gamma function behind it.
enum Beta {
  /// The regularised incomplete beta function I_x(a, b): the probability of at most x.
  ///
  /// By Lentz's method on its continued fraction (W. H. Press and others, "Numerical Recipes", 6.4),
  /// on the side where that is quick. The relative error is below 1e-12 for parameters up to 10,000.
  ///
  /// - Parameters:
  ///   - x: from 0 to 1.
  ///   - complement: 1 - `x`, for an x so near to 1 that the difference would lose it.
  ///   - a: above 0, as `b`.
  static func regularized(_ x: Double, complement: Double, a: Double, b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard complement > 0 else { return 1 }
    return x * (a + b + 2) <= a + 1
      ? leftTail(x, complement, a, b) : 1 - leftTail(complement, x, b, a)
  }

  private static func leftTail(_ x: Double, _ complement: Double, _ a: Double, _ b: Double)
    -> Double
  {
    let front = PortableMath.exp(
      a * PortableMath.log(x) + b * PortableMath.log(complement) - logBeta(a, b))
    return front * fraction(x, a, b) / a
  }

  /// The terms needed grow with the square root of the larger parameter.
  private static let patience = 100_000

  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let awayFromZero = { (value: Double) in abs(value) < 1e-300 ? 1e-300 : value }
    var c = 1.0
    var d = 1 / awayFromZero(1 - (a + b) * x / (a + 1))
    var value = d
    for step in 1...patience {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / awayFromZero(1 + even * d)
      c = awayFromZero(1 + even / c)
      value *= c * d
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / awayFromZero(1 + odd * d)
      c = awayFromZero(1 + odd / c)
      value *= c * d
      if abs(c * d - 1) < 1e-15 { break }
    }
    return value
  }

  /// ln B(a, b) = ln Γ(a) + ln Γ(b) - ln Γ(a + b), without losing digits when one is large.
  static func logBeta(_ a: Double, _ b: Double) -> Double {
    let (small, large) = a < b ? (a, b) : (b, a)
    guard large >= Gamma.asymptotic else {
      return Gamma.log(small) + Gamma.log(large) - Gamma.log(small + large)
    }
    let total = small + large
    let ratio =
      -(large - 0.5) * PortableMath.log1p(small / large) - small * (PortableMath.log(total) - 1)
      + Gamma.stirling(large) - Gamma.stirling(total)
    return Gamma.log(small) + ratio
  }
}

/// The gamma function.
enum Gamma {
  /// From here on Stirling's series is exact to the last places.
  static let asymptotic = 10.0

  /// ln Γ(x) for x above 0.
  static func log(_ x: Double) -> Double {
    var x = x
    var product = 1.0
    while x < asymptotic {
      product *= x
      x += 1
    }
    let halfLogOfTwoPi = 0.918_938_533_204_672_8
    return (x - 0.5) * PortableMath.log(x) - x + halfLogOfTwoPi + stirling(x)
      - PortableMath.log(product)
  }

  /// What ln Γ(x) has beyond (x - ½) ln x - x + ½ ln 2π: Stirling's series, for x from 10.
  static func stirling(_ x: Double) -> Double {
    let square = x * x
    var sum = 1.0 / 156
    sum = sum / square - 691.0 / 360_360
    sum = sum / square + 1.0 / 1188
    sum = sum / square - 1.0 / 1680
    sum = sum / square + 1.0 / 1260
    sum = sum / square - 1.0 / 360
    return (sum / square + 1.0 / 12) / x
  }
}

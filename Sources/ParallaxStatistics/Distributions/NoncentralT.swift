/// The noncentral t distribution: of (Z + `noncentrality`) over the root of a mean of squares.
struct NoncentralT {
  /// Above 0.
  let degreesOfFreedom: Double
  let noncentrality: Double

  /// The probability of at most `t`.
  ///
  /// The sum over a Poisson distribution of R. V. Lenth, "Algorithm AS 243", Applied Statistics 38
  /// (1989); its terms start around the largest, so that a large noncentrality does not underflow.
  func cumulative(_ t: Double) -> Double {
    guard t >= 0 else {
      return 1
        - NoncentralT(degreesOfFreedom: degreesOfFreedom, noncentrality: -noncentrality)
        .cumulative(-t)
    }
    let base = Normal.cumulative(-noncentrality)
    let square = t * t
    guard square > 0, noncentrality != 0 else {
      return square == 0 ? base : 1 - StudentT(degreesOfFreedom: degreesOfFreedom).upperTail(t)
    }
    let total = degreesOfFreedom + square
    let rate = noncentrality * noncentrality / 2
    let logRate = PortableMath.log(rate)
    // Beyond twelve standard deviations of the Poisson distribution nothing is left.
    let reach = 12 * rate.squareRoot() + 40
    let negligible = 1e-18
    let terms = max(0, Int(rate - reach))...Int(rate + reach)
    var sum = 0.0
    for j in terms.lazy.map(Double.init) {
      let weight = j * logRate - rate
      let even = PortableMath.exp(weight - Gamma.log(j + 1))
      let odd = PortableMath.exp(weight - Gamma.log(j + 1.5)) * noncentrality / 2.0.squareRoot()
      guard even + abs(odd) > negligible else {
        if j > rate { break }
        continue
      }
      let below = { (a: Double) in
        Beta.regularized(
          square / total, complement: degreesOfFreedom / total, a: a, b: degreesOfFreedom / 2)
      }
      sum += even * below(j + 0.5) + odd * below(j + 1)
    }
    return min(1, max(0, base + sum / 2))
  }
}

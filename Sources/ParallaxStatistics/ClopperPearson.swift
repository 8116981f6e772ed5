/// The exact interval of a share, from the binomial distribution.
///
/// C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case
/// of the binomial", Biometrika 26 (1934). Trials are taken as independent. The interval covers the
/// true share at least as often as `confidence` says, usually more often.
package enum ClopperPearson {
  /// The lower end of the one-sided interval: the largest share with which `successes` or more of
  /// `trials` would have a probability of at most `1 - confidence`.
  ///
  /// It is the quantile `1 - confidence` of the beta distribution with the parameters `successes` and
  /// `trials - successes + 1`. For the lower end of a two-sided interval of 95 %, ask for 0.975.
  ///
  /// - Parameters:
  ///   - successes: from 0 to `trials`; a number beyond is taken as the nearer of the two.
  ///   - confidence: above 0 and below 1.
  /// - Returns: from 0 to 1; 0 without successes or trials. The relative error is below 1e-8 up to
  ///   1,000,000 trials.
  package static func lowerBound(successes: Int, trials: Int, confidence: Double) -> Double {
    lowerBound(
      successes: Double(min(successes, trials)), trials: Double(trials), confidence: confidence)
  }

  /// The upper end of the one-sided interval: 1 less the lower end of the share of failures.
  package static func upperBound(successes: Int, trials: Int, confidence: Double) -> Double {
    trials > 0
      ? 1 - lowerBound(successes: trials - successes, trials: trials, confidence: confidence) : 1
  }

  /// As for whole numbers, by the same beta distribution: of trials that count for fewer than they are.
  static func lowerBound(successes: Double, trials: Double, confidence: Double) -> Double {
    guard trials > 0, successes > 0 else { return 0 }
    let (a, b) = (successes, trials - successes + 1)
    // The probability of at least `successes` grows with the share: halve the interval until it is
    // as narrow as numbers are.
    var (low, high) = (0.0, min(1, successes / trials))
    for _ in 0..<60 {
      let middle = (low + high) / 2
      let tail = Beta.regularized(middle, complement: 1 - middle, a: a, b: b)
      if tail < 1 - confidence { low = middle } else { high = middle }
    }
    return low
  }
}

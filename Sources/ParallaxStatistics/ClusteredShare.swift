/// A share of trials that are not all independent, with exact intervals of a smaller number of trials that would
/// be.
///
/// E. L. Korn and B. I. Graubard, "Confidence intervals for proportions with small expected number of positive
/// counts estimated from survey data", Survey Methodology 24 (1998): the interval of Clopper and Pearson with
/// the trials divided by the design effect, which says how much more a share varies than that of as many
/// independent trials.
package struct ClusteredShare: Sendable, Hashable {
  package let successes: Int
  package let trials: Int
  /// How many independent trials say as much; from above 0 to `trials`.
  package let effectiveTrials: Double

  /// - Parameter effect: the design effect; below 1 counts as 1.
  package init(successes: Int, trials: Int, effect: Double) {
    self.successes = successes
    self.trials = trials
    effectiveTrials = Double(trials) / max(1, effect)
  }

  /// The design effect is that of the ratio estimator, with the correction for few clusters; where all trials have
  /// the same outcome, it is not known and each cluster counts as one trial.
  ///
  /// - Parameters:
  ///   - outcomes: one a trial.
  ///   - clusters: of the trials; clusters are independent.
  package init(of outcomes: [Bool], in clusters: Clusters) {
    successes = outcomes.count(where: \.self)
    trials = outcomes.count
    let (n, count) = (Double(outcomes.count), Double(clusters.count))
    let share = n > 0 ? Double(successes) / n : 0
    guard share > 0, share < 1, clusters.count > 1 else {
      effectiveTrials = count
      return
    }
    let residuals = zip(clusters.sums(of: outcomes.map { $0 ? 1 : 0 }), clusters.sizes)
      .map { $0 - share * Double($1) }
    let variance = count / (count - 1) * residuals.map { $0 * $0 }.sum / (n * n)
    guard variance > 0 else {
      effectiveTrials = n
      return
    }
    let quantiles = (
      StudentT(degreesOfFreedom: n - 1).quantile(0.975),
      StudentT(degreesOfFreedom: count - 1).quantile(0.975)
    )
    let ratio = quantiles.0 / quantiles.1
    effectiveTrials = min(n, share * (1 - share) / variance * ratio * ratio)
  }

  /// 0 where nothing was tried.
  package var value: Double { trials > 0 ? Double(successes) / Double(trials) : 0 }

  /// Of both sides.
  package func interval(confidence: Double = 0.95) -> Interval {
    let side = (1 + confidence) / 2
    return Interval(low: lowerBound(confidence: side), high: upperBound(confidence: side))
  }

  /// Of one side.
  package func lowerBound(confidence: Double) -> Double {
    ClopperPearson.lowerBound(
      successes: effectiveTrials * value, trials: effectiveTrials, confidence: confidence)
  }

  /// Of one side; 1 where nothing was tried.
  package func upperBound(confidence: Double) -> Double {
    guard trials > 0 else { return 1 }
    return 1
      - ClopperPearson.lowerBound(
        successes: effectiveTrials * (1 - value), trials: effectiveTrials, confidence: confidence)
  }
}

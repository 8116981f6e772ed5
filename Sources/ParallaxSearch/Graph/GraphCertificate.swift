#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// How much of the exact answer a graph finds, measured on a sample of the space's own vectors.
package struct GraphCertificate: Sendable, Hashable, Codable {
  /// At one selectivity of a filter.
  package struct Entry: Sendable, Hashable, Codable {
    /// Share of rows that pass: 1 for no filter.
    package var selectivity: Double
    /// Hits of the exact answers, and how many of them were found.
    package var wanted: Int
    package var found: Int

    package var recall: Double { wanted == 0 ? 1 : Double(found) / Double(wanted) }

    /// The lower end of the one-sided 95 % interval of Clopper and Pearson (1934), which takes hits as
    /// independent.
    package var lowerBound: Double {
      ClopperPearson.lower(successes: found, trials: wanted, confidence: 0.95)
    }
  }

  /// Hits a query.
  package var count: Int
  package var queries: Int
  /// Candidates held while searching.
  package var expansion: Int
  package var entries: [Entry]

  /// The recall to expect: without a filter, or the least of all that were measured.
  package func recall(isFiltered: Bool) -> Double? {
    isFiltered ? entries.map(\.recall).min() : entries.first { $0.selectivity == 1 }?.recall
  }
}

/// Exact bounds of a share by the binomial distribution.
package enum ClopperPearson {
  /// The least share that makes so many successes or more not unlikely.
  ///
  /// - Parameter confidence: of the one-sided interval, above 0 and below 1.
  package static func lower(successes: Int, trials: Int, confidence: Double) -> Double {
    guard trials > 0, successes > 0 else { return 0 }
    // The tail grows with the share: halve the interval until it is as narrow as numbers are.
    var (low, high) = (0.0, Double(successes) / Double(trials))
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if tail(successes, trials, middle) < 1 - confidence { low = middle } else { high = middle }
    }
    return low
  }

  /// The chance of at least `successes`.
  private static func tail(_ successes: Int, _ trials: Int, _ share: Double) -> Double {
    guard share > 0 else { return 0 }
    guard share < 1 else { return 1 }
    var sum = 0.0
    for number in successes...trials {
      let ways =
        lgamma(Double(trials + 1)) - lgamma(Double(number + 1))
        - lgamma(Double(trials - number + 1))
      sum += exp(ways + Double(number) * log(share) + Double(trials - number) * log1p(-share))
    }
    return sum
  }
}

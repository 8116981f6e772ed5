private import ParallaxStatistics

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

    /// The lower end of the one-sided 95 % interval, which takes hits as independent.
    package var lowerBound: Double {
      ClopperPearson.lowerBound(successes: found, trials: wanted, confidence: 0.95)
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

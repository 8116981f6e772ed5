package import ParallaxConditions
package import ParallaxStorage

/// A question to be kept.
package struct WatchRequest: Sendable, Hashable {
  /// Of the watch.
  package var name: String
  package var terms: [Query.Term]
  /// The options that ask, as they are typed.
  package var question: String
  package var condition: WhereExpression?
  /// From -1 to 1.
  package var minimumScore: Float

  package init(name: String, terms: [Query.Term], question: String, minimumScore: Float) {
    (self.name, self.terms, self.question) = (name, terms, question)
    self.minimumScore = minimumScore
  }
}

/// What one watch found among the items of its space.
package struct WatchNews: Sendable, Hashable {
  package var watch: Watch
  /// Items that had not been found before, best first; their ranks are those among all that match.
  package var hits: [Answer.Hit]
  /// ISO 8601, UTC, to the second.
  package var found: String
}

/// What the watches of a collection found, each item once.
package struct WatchFindings: Sendable, Hashable {
  /// Those that found something, by name.
  package var news: [WatchNews] = []
  /// Why others could not be asked: a sentence for each.
  package var paused: [String] = []
}

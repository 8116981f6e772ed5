/// What became of handing work in.
package struct BatchOutcome: Sendable {
  /// What was stored of jobs that are done, and of vectors known before.
  package var stored: EmbedOutcome
  package var fetched: FetchedJobs
  /// Jobs that were submitted now, and their items.
  package var submittedJobs: Int
  package var submittedItems: Int
  /// Items whose content jobs under way ask for, those of now among them.
  package var underWay: Int
}

/// What became of asking for the jobs under way.
package struct FetchedJobs: Sendable {
  /// Jobs whose answers came.
  package internal(set) var jobs = 0
  package internal(set) var answers = 0
  /// Sentences about jobs that ended otherwise.
  package internal(set) var warnings: [String] = []
}

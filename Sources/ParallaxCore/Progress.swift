/// How far a long task is, as reported to whoever shows it.
package struct Progress: Sendable, Hashable {
  /// What is being done, such as `embedding`.
  package var activity: String
  package var completed: Int
  /// `nil` while unknown.
  package var total: Int?
  /// The counted thing in the plural, such as `images`.
  package var unit: String

  package init(_ activity: String, completed: Int, total: Int?, unit: String) {
    self.activity = activity
    self.completed = completed
    self.total = total
    self.unit = unit
  }
}

/// Receives progress; called from any thread, as often as the work likes.
package typealias ProgressHandler = @Sendable (Progress) -> Void

/// Collects issues; of a long series the first are kept one by one and the rest summed up.
struct IssueLog {
  /// Issues of one code that are kept one by one.
  static let limit = 10_000

  private var kept: [IngestIssue] = []
  private var counts: [IngestIssue.Code: Int] = [:]
  /// The first issue of each code that was not kept, in order of arrival.
  private var overflow: [IngestIssue] = []

  mutating func add(_ issue: IngestIssue) {
    let count = counts[issue.code, default: 0] + 1
    counts[issue.code] = count
    if count <= Self.limit {
      kept.append(issue)
    } else if count == Self.limit + 1 {
      overflow.append(issue)
    }
  }

  /// Everything collected, summaries last.
  var issues: [IngestIssue] {
    kept
      + overflow.map { first in
        var summary = first
        summary.count = counts[first.code, default: 0] - Self.limit
        summary.reason += " (and \(summary.count - 1) more of this kind)"
        return summary.count == 1 ? first : summary
      }
  }
}

/// Sums up the rows that repeat an earlier one in a single issue, at the line of the first.
struct RepetitionLog {
  private let code: IngestIssue.Code
  private var issue: IngestIssue?

  init(_ code: IngestIssue.Code) { self.code = code }

  /// No issue or one.
  var issues: [IngestIssue] { issue.map { [$0] } ?? [] }

  /// - Parameters:
  ///   - one: the reason should this stay the only row.
  ///   - several: the reason, after a number of rows, when it does not.
  mutating func add(subject: String, line: Int, one: String, several: String) {
    guard var issue else {
      issue = IngestIssue(code, subject: subject, reason: "\(one); the first counts", line: line)
      return
    }
    issue.count += 1
    issue.reason = "from here on, \(issue.count) \(several); the first counts"
    self.issue = issue
  }
}

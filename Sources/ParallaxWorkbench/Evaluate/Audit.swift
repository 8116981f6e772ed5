/// What may be wrong with an evaluation, or make its numbers say less than they seem to.
package struct Audit: Sendable, Hashable {
  package enum Check: String, Sendable, Hashable, CaseIterable {
    case ceiling, ties, itself = "self", copies, empty, unanswered, unjudged, judged, unknown, depth
    case constant, random, saturated
  }

  package struct Finding: Sendable, Hashable {
    package var check: Check
    /// `nil` for what is about all systems.
    package var system: String?
    /// `nil` for what is about all metrics.
    package var metric: String?
    package var value: Double?
    /// What it is compared with.
    package var other: Double?
    /// Of questions or items.
    package var count: Int?
    /// Whether a person should look at it.
    package var isSuspicious = false
    /// What the numbers are, in words.
    package var meaning: String
  }

  package var findings: [Finding]
  package var seed: UInt64
}

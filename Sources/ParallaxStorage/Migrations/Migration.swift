/// One step from a schema to the next, in a file of its own, never changed once released.
struct Migration: Sendable {
  /// The schema that holds afterwards, in `user_version`.
  let number: Int
  let script: String

  /// Every step, in order, without gaps.
  static let all: [Migration] = [
    .initialSchema, .repliesAndCharges, .embeddedContent, .seals, .writtenValues, .vectorCounts,
  ]
}

/// One step from a schema to the next, in a file of its own, never changed once released.
struct Migration: Sendable {
  /// The schema that holds afterwards, in `user_version`.
  let number: Int
  let script: String
  /// What SQL cannot do, after the script, in the same transaction.
  let body: (@Sendable (borrowing Connection) throws -> Void)?

  init(
    number: Int, script: String, body: (@Sendable (borrowing Connection) throws -> Void)? = nil
  ) {
    self.number = number
    self.script = script
    self.body = body
  }

  /// Every step, in order, without gaps.
  static let all: [Migration] = [
    .initialSchema, .repliesAndCharges, .embeddedContent, .seals, .writtenValues, .vectorCounts,
    .sources, .promotions, .canaries, .fingerprints, .pairs, .verdicts,
    .calibrations, .watches, .columnPacks, .batchJobs, .publications, .farPictures,
    .publisher, .grades, .batchFolders,
  ]
}

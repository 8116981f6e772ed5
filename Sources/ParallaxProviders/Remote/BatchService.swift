package import ParallaxCore

/// Work that a provider does within a day, for less: submitted, left alone, fetched.
package protocol BatchService: Sendable {
  /// The share of the usual price that is charged.
  var priceShare: Double { get }

  /// Tells accounts apart, and says nothing of the key: another one does not see these jobs.
  var account: String { get }

  /// Submits inputs, as many in a job as the provider takes.
  ///
  /// - Returns: by position, why an input was not submitted.
  /// - Throws: what ended the work; jobs that the meter was told of are submitted all the same.
  func submit(
    _ inputs: [ModelInput], side: EmbeddingSide, meter: any BatchMeter
  ) async throws -> [Int: ParallaxError]

  /// What the provider says of a job.
  func status(of job: String) async throws -> BatchStatus

  /// Every job that the provider has, oldest or newest first as it lists them.
  func statuses() async throws -> [BatchStatus]

  /// One outcome for each input that was answered, by its position in the job.
  func answers(of status: BatchStatus, count: Int) async throws -> [Int: Result<
    [Float], ParallaxError
  >]

  /// Asks for the end of a job; what is done of it may still be answered.
  func cancel(_ job: String) async throws
}

/// What a provider says of a job.
package struct BatchStatus: Sendable, Hashable {
  package enum State: Sendable, Hashable {
    case pending, running, succeeded, failed, cancelled, expired
  }

  /// What the names of all jobs begin with.
  package static let namePrefix = "parallax-"

  /// As the provider names it.
  package var job: String
  /// As it was submitted.
  package var name: String
  package var state: State
  /// Where the answers are; `nil` for none.
  package var answers: String?
  /// The provider's words.
  package var message: String?
}

/// Decides about each job just before it is submitted, and is told what became of that.
///
/// After ``begin(_:)`` at most one of the others is called; where neither is, it is not known whether the
/// provider has the job.
package protocol BatchMeter: Sendable {
  /// - Parameter positions: of the inputs that the job asks for, in its order.
  /// - Returns: the job's name, unique for ever.
  /// - Throws: what forbids the job; nothing is submitted then.
  func begin(_ positions: [Int]) throws -> String

  /// The provider has it.
  func wasSubmitted(_ name: String, as job: String) throws

  /// The provider does not have it.
  func wasRefused(_ name: String) throws
}

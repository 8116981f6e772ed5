package import ParallaxCore

/// Work that a provider does within a day or some, for less: submitted, left alone, fetched.
package protocol BatchService: Sendable {
  /// The share of the usual price that is charged.
  var priceShare: Double { get }

  /// Tells accounts apart, and says nothing of the key: another one does not see these jobs.
  var account: String { get }

  /// Where the files of jobs go; `nil` for a provider that keeps them itself.
  ///
  /// - Parameters:
  ///   - named: for these jobs.
  ///   - usual: where none is named; read only where a bucket is needed.
  /// - Throws: `unsupported` for a provider that takes none, `missing-component` for none at all,
  ///   `invalid-value`; about the parameter `bucket`.
  func bucket(named: String?, usual: String?) throws -> JobBucket?

  /// Submits inputs, as many in a job as the provider takes.
  ///
  /// - Returns: by position, why an input was not submitted.
  /// - Throws: what ended the work; jobs that the meter was told of are submitted all the same.
  func submit(
    _ inputs: [ModelInput], side: EmbeddingSide, bucket: JobBucket?, meter: any BatchMeter
  ) async throws -> [Int: ParallaxError]

  /// What the provider says of a job.
  func status(of job: String) async throws -> BatchStatus

  /// Every job that the provider has, oldest or newest first as it lists them.
  func statuses() async throws -> [BatchStatus]

  /// What was answered of a job that has `count` inputs.
  func answers(of status: BatchStatus, count: Int) async throws -> BatchAnswers

  /// Asks for the end of a job; what is done of it may still be answered.
  func cancel(_ job: String) async throws

  /// Deletes the files in a job's folder.
  func discard(_ folder: String) async throws
}

/// What was answered of a job.
package struct BatchAnswers: Sendable {
  /// One outcome for each input that was answered, by its position.
  package var outcomes: [Int: Result<[Float], ParallaxError>] = [:]
  /// Vectors that came with more numbers than were asked for and were cut, and how many numbers.
  package var cut = 0
  package var cutFrom = 0
  /// What the provider says of no input in particular; `nil` for nothing.
  package var message: String?
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
  /// The file or folder of the answers; `nil` for none.
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

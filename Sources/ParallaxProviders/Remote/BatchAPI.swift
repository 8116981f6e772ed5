internal import ParallaxCore
internal import ParallaxHTTP

/// The wire format of a provider's jobs, beside that of its requests: inputs go into a file, the file
/// into a job, the answers come as a file.
protocol BatchAPI: EmbeddingAPI {
  var batchPriceShare: Double { get }
  /// What may be in no text.
  var secrets: [Secret] { get }
  /// Who asks whom: jobs of another account are not seen.
  var account: String { get }
  /// Inputs, and bytes of the file, of one job.
  var jobItemLimit: Int { get }
  var jobByteLimit: Int { get }

  /// One line of a job's file.
  func line(of input: RemoteInput, at position: Int, side: EmbeddingSide) -> [UInt8]

  /// Begins to upload a file; ``uploadAddress(in:)`` reads the reply.
  func uploadRequest(named name: String, size: Int) -> HTTPRequest
  /// - Throws: `bad-reply` for none, or one of another host.
  func uploadAddress(in response: HTTPResponse) throws -> String
  func uploadRequest(
    of piece: [UInt8], from offset: Int, isLast: Bool, to address: String
  ) -> HTTPRequest
  /// The name of the file that was uploaded.
  func file(in response: HTTPResponse) throws -> String

  func jobRequest(named name: String, on file: String) -> HTTPRequest
  func status(in response: HTTPResponse) throws -> BatchStatus
  func statusRequest(of job: String) throws -> HTTPRequest
  func cancelRequest(of job: String) throws -> HTTPRequest
  /// - Parameter page: `nil` for the first.
  func listRequest(page: String?) -> HTTPRequest
  /// - Returns: the jobs, and the next page.
  func statuses(in response: HTTPResponse) throws -> (jobs: [BatchStatus], next: String?)
  func answersRequest(of file: String) throws -> HTTPRequest
  /// By position in the job.
  func answers(in response: HTTPResponse) throws -> [Int: AnsweredVector]
}

internal import ParallaxCore
internal import ParallaxHTTP

/// The wire format of a provider's jobs: inputs go into a file, the file into a job, the answers come as
/// files.
protocol BatchAPI: RemoteAPI {
  var batchPriceShare: Double { get }
  /// What may be in no text.
  var secrets: [Secret] { get async }
  /// Who asks whom: jobs of another account are not seen.
  var account: String { get }
  /// Inputs, and bytes of the file, of one job.
  var jobItemLimit: Int { get }
  var jobByteLimit: Int { get }
  /// Where the files are.
  var files: any BatchFiles { get }
  /// Whether an answer may be of the model's full dimension where fewer numbers were asked for, of which the
  /// first are what was asked for.
  var mayAnswerWhole: Bool { get }

  /// One line of a job's file.
  func line(of input: RemoteInput, at position: Int, side: EmbeddingSide) -> [UInt8]

  /// - Parameter folder: of the job's files; `nil` where files have none.
  func jobRequest(named name: String, on file: String, in folder: String?) async throws
    -> HTTPRequest
  /// What a reply means that is no success.
  func judgeJob(_ response: HTTPResponse) -> HTTPClient.Verdict
  func status(in response: HTTPResponse) throws -> BatchStatus
  func statusRequest(of job: String) async throws -> HTTPRequest
  func cancelRequest(of job: String) async throws -> HTTPRequest
  /// - Parameter page: `nil` for the first.
  func listRequest(page: String?) async throws -> HTTPRequest
  /// - Returns: the jobs, and the next page.
  func statuses(in response: HTTPResponse) throws -> (jobs: [BatchStatus], next: String?)
}

extension BatchAPI {
  var mayAnswerWhole: Bool { false }
  func judgeJob(_ response: HTTPResponse) -> HTTPClient.Verdict { judge(response) }

  /// Whether a service's word may stand in the path of an address: letters, digits, `-` and `_`.
  static func isIdentifier(_ word: Substring) -> Bool {
    !word.isEmpty
      && word.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
          || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
      }
  }
}

/// Where the files of jobs are: uploaded in pieces, downloaded whole.
protocol BatchFiles: Sendable {
  /// What a reply means that is no success.
  ///
  /// - Parameter place: the file or folder that was asked for, for messages.
  func judge(_ response: HTTPResponse, about place: String) -> HTTPClient.Verdict

  /// Begins to upload a file; ``uploadAddress(in:)`` reads the reply.
  ///
  /// - Parameter folder: `nil` where files have none.
  func uploadRequest(named name: String, in folder: String?, size: Int) async throws -> HTTPRequest
  /// - Throws: `bad-reply` for none, or one of another host.
  func uploadAddress(in response: HTTPResponse) throws -> String
  func uploadRequest(of piece: [UInt8], from offset: Int, of total: Int, to address: String)
    -> HTTPRequest
  /// How many bytes of the file the service has; `nil` for a reply that is to be judged.
  ///
  /// - Parameter end: of the piece that was sent.
  func received(in response: HTTPResponse, upTo end: Int) -> Int?
  /// The name of the file that was uploaded.
  func file(in response: HTTPResponse) throws -> String

  func downloadRequest(of file: String) async throws -> HTTPRequest
}

extension BatchFiles {
  func received(in response: HTTPResponse, upTo end: Int) -> Int? {
    response.isSuccess ? end : nil
  }
}

/// Files in folders of a bucket that a person names. Each job has a folder of its own, of which nothing
/// else is part.
protocol BatchFolders: BatchFiles {
  /// - Parameter page: `nil` for the first.
  func listRequest(of folder: String, page: String?) async throws -> HTTPRequest
  /// - Returns: the files below, and the next page.
  func files(in response: HTTPResponse, of folder: String) throws -> (
    files: [String], next: String?
  )
  func deleteRequest(of file: String) async throws -> HTTPRequest
}

internal import ParallaxCore
private import ParallaxDigest
internal import ParallaxHTTP

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// Batch prediction jobs of Vertex AI (`projects.locations.batchPredictionJobs`), on files in a bucket of Cloud
/// Storage.
extension VertexAPI: BatchAPI {
  var batchPriceShare: Double { 0.5 }
  var secrets: [Secret] { get async { await endpoint.access.secrets } }
  /// A token changes; who may see the jobs is a matter of the project.
  var account: String { String(Digest.sha256(endpoint.base).hexadecimal.prefix(16)) }
  var jobItemLimit: Int { 10_000 }
  /// The service takes 1 GB; this stands in memory.
  var jobByteLimit: Int { 64 << 20 }
  var files: any BatchFiles { storage }
  /// Jobs were seen to leave `output_dimensionality` unread.
  var mayAnswerWhole: Bool { true }

  func line(of input: RemoteInput, at position: Int, side: EmbeddingSide) -> [UInt8] {
    var body = JSONBody()
    body.raw("{\"key\":")
    body.string(String(position))
    body.raw(",\"request\":{\"content\":")
    body.geminiContent(input)
    body.raw(",\"embed_content_config\":{\"output_dimensionality\":")
    body.number(dimension)
    body.raw("}}}\n")
    return body.bytes
  }

  func jobRequest(
    named name: String, on file: String, in folder: String?
  ) async throws -> HTTPRequest {
    var body = JSONBody()
    body.raw("{\"displayName\":")
    body.string(name)
    body.raw(",\"model\":")
    body.string("publishers/google/models/\(model)")
    body.raw(",\"inputConfig\":{\"instancesFormat\":\"jsonl\",\"gcsSource\":{\"uris\":[")
    body.string(file)
    body.raw("]}},\"outputConfig\":{\"predictionsFormat\":\"jsonl\",\"gcsDestination\":")
    body.raw("{\"outputUriPrefix\":")
    body.string("\(folder ?? "")output/")
    body.raw("}}}")
    return try await request("POST", "/\(Self.collection)", body.bytes)
  }

  private static let collection = "batchPredictionJobs"

  private struct Job: Decodable {
    struct Output: Decodable {
      struct Destination: Decodable { var outputUriPrefix: String? }
      var gcsDestination: Destination?
    }
    struct Failure: Decodable { var message: String? }
    var name: String
    var displayName: String?
    var state: String?
    var outputConfig: Output?
    var error: Failure?
    var partialFailures: [Failure]?
  }

  private struct Page: Decodable {
    var batchPredictionJobs: [Job]?
    var nextPageToken: String?
  }

  func status(in response: HTTPResponse) throws -> BatchStatus {
    try status(try decoded(Job.self, response))
  }

  private func status(_ job: Job) throws -> BatchStatus {
    // The folder is the job's alone: all that is below is its output.
    BatchStatus(
      job: try identifier(in: job.name), name: job.displayName ?? "",
      state: Self.state(job.state ?? ""),
      answers: job.outputConfig?.gcsDestination?.outputUriPrefix,
      message: job.error?.message ?? job.partialFailures?.first?.message)
  }

  private static func state(_ word: String) -> BatchStatus.State {
    switch word {
    case "JOB_STATE_SUCCEEDED", "JOB_STATE_PARTIALLY_SUCCEEDED": .succeeded
    case "JOB_STATE_FAILED": .failed
    case "JOB_STATE_CANCELLED": .cancelled
    case "JOB_STATE_EXPIRED": .expired
    case "JOB_STATE_RUNNING", "JOB_STATE_CANCELLING", "JOB_STATE_UPDATING", "JOB_STATE_PAUSED":
      .running
    default: .pending
    }
  }

  func statusRequest(of job: String) async throws -> HTTPRequest {
    try await request("GET", "/\(Self.collection)/\(try identifier(in: job))")
  }

  func cancelRequest(of job: String) async throws -> HTTPRequest {
    try await request(
      "POST", "/\(Self.collection)/\(try identifier(in: job)):cancel", Array("{}".utf8))
  }

  func listRequest(page: String?) async throws -> HTTPRequest {
    let filter = Address.encoded("display_name:\"\(BatchStatus.namePrefix)*\"")
    return try await request(
      "GET",
      "/\(Self.collection)?pageSize=100&filter=\(filter)"
        + (page.map { "&pageToken=\(Address.encoded($0))" } ?? ""))
  }

  func statuses(in response: HTTPResponse) throws -> (jobs: [BatchStatus], next: String?) {
    let page = try decoded(Page.self, response)
    let own = (page.batchPredictionJobs ?? []).filter {
      $0.displayName?.hasPrefix(BatchStatus.namePrefix) ?? false
    }
    return (try own.map { try status($0) }, page.nextPageToken.flatMap { $0.isEmpty ? nil : $0 })
  }

  func judgeJob(_ response: HTTPResponse) -> HTTPClient.Verdict {
    let error = ServiceError(response)
    switch error.status {
    case 400:
      return .refused(
        ParallaxError(
          .provider, "the service refuses the job: \(error.message)",
          hint:
            "the model takes jobs in the locations global, us and eu; the bucket must be one that the "
            + "project's Vertex AI service agent may read and write"))
    case 404:
      return .refused(
        ParallaxError(
          .provider, "the service has no such job, or no model '\(model)' here: \(error.message)",
          hint: "GOOGLE_CLOUD_PROJECT and GOOGLE_CLOUD_LOCATION say where it is looked for"))
    default: return judge(response)
    }
  }

  private func request(
    _ method: String, _ path: String, _ body: [UInt8] = []
  ) async throws -> HTTPRequest {
    HTTPRequest(
      method: method, url: endpoint.base + path,
      headers: body.isEmpty ? [] : [.init("Content-Type", "application/json")],
      secretHeaders: [.init("Authorization", prefix: "Bearer ", try await endpoint.access.token())],
      body: body, largestReply: 16 << 20)
  }

  /// The last part of a job's name, which may stand in an address. The parts before name the project by its
  /// id or its number.
  private func identifier(in name: String) throws -> String {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard let last = parts.last, Self.isIdentifier(last),
      parts.count == 1 || parts.dropLast().last == "batchPredictionJobs"
    else {
      throw ParallaxError(.badReply, "'vertex' named something that is none of its jobs")
    }
    return String(last)
  }

  private func decoded<Reply: Decodable>(
    _ type: Reply.Type, _ response: HTTPResponse
  ) throws -> Reply {
    do { return try JSONDecoder().decode(type, from: Data(response.body)) } catch {
      throw ParallaxError(.badReply, "'vertex' answered something else than a job")
    }
  }
}

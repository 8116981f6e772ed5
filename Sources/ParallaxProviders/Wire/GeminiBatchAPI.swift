internal import ParallaxCore
private import ParallaxDigest
internal import ParallaxHTTP
internal import ParallaxText

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// Asynchronous batches of the Gemini API (`:asyncBatchEmbedContent`), on files of its Files API.
extension GeminiAPI: BatchAPI {
  var batchPriceShare: Double { 0.5 }
  var secrets: [Secret] { [key] }
  var files: any BatchFiles { GeminiFiles(api: self) }
  var account: String {
    String(Digest.sha256("\(base)\n\(key.revealed())").hexadecimal.prefix(16))
  }
  var jobItemLimit: Int { 10_000 }
  /// The service takes 2 GB; this stands in memory.
  var jobByteLimit: Int { 64 << 20 }

  func line(of input: RemoteInput, at position: Int, side: EmbeddingSide) -> [UInt8] {
    var body = JSONBody()
    body.raw("{\"key\":")
    body.string(String(position))
    body.raw(",\"request\":{\"content\":")
    body.geminiContent(input)
    if let taskType = tasks[side] {
      body.raw(",\"task_type\":")
      body.string(taskType)
    }
    body.raw(",\"output_dimensionality\":")
    body.number(dimension)
    body.raw("}}\n")
    return body.bytes
  }

  func jobRequest(named name: String, on file: String, in folder: String?) -> HTTPRequest {
    var body = JSONBody()
    body.raw("{\"batch\":{\"displayName\":")
    body.string(name)
    body.raw(",\"inputConfig\":{\"fileName\":")
    body.string(file)
    body.raw("}}}")
    return request(
      "POST", Address.appending("/models/\(model):asyncBatchEmbedContent", to: base), body.bytes,
      [.init("Content-Type", "application/json")])
  }

  /// An operation. Where the answers are is said in its response, or in what it says of the batch.
  private struct Operation: Decodable {
    struct Output: Decodable { var responsesFile: String? }
    struct Metadata: Decodable {
      var displayName: String?
      var state: String?
      var output: Output?
    }
    struct Failure: Decodable { var message: String? }
    var name: String
    var metadata: Metadata?
    var response: Output?
    var error: Failure?
    var done: Bool?
  }

  private struct Page: Decodable {
    var operations: [Operation]?
    var nextPageToken: String?
  }

  func status(in response: HTTPResponse) throws -> BatchStatus {
    try status(try decoded(Operation.self, response))
  }

  private func status(_ operation: Operation) throws -> BatchStatus {
    let word = operation.metadata?.state ?? ""
    // The documentation writes BATCH_STATE_, older replies JOB_STATE_.
    let state: BatchStatus.State =
      switch word.split(separator: "_").last {
      case "SUCCEEDED": .succeeded
      case "FAILED": .failed
      case "CANCELLED": .cancelled
      case "EXPIRED": .expired
      case "RUNNING": .running
      default: operation.error != nil ? .failed : operation.done == true ? .succeeded : .pending
      }
    return BatchStatus(
      job: try checked(operation.name, "batches"), name: operation.metadata?.displayName ?? "",
      state: state,
      answers: operation.response?.responsesFile ?? operation.metadata?.output?.responsesFile,
      message: operation.error?.message)
  }

  func statusRequest(of job: String) throws -> HTTPRequest {
    request("GET", Address.appending("/\(try checked(job, "batches"))", to: base))
  }

  func cancelRequest(of job: String) throws -> HTTPRequest {
    request("POST", Address.appending("/\(try checked(job, "batches")):cancel", to: base))
  }

  func listRequest(page: String?) -> HTTPRequest {
    let fields = "pageSize=100" + (page.map { "&pageToken=\(Address.encoded($0))" } ?? "")
    return request("GET", Address.adding(fields, to: Address.appending("/batches", to: base)))
  }

  func statuses(in response: HTTPResponse) throws -> (jobs: [BatchStatus], next: String?) {
    let page = try decoded(Page.self, response)
    let next = page.nextPageToken.flatMap { $0.isEmpty ? nil : $0 }
    // Jobs that others submitted may be named as they like.
    let own = (page.operations ?? []).filter {
      $0.metadata?.displayName?.hasPrefix(BatchStatus.namePrefix) ?? false
    }
    return (try own.map { try status($0) }, next)
  }

  fileprivate func request(
    _ method: String, _ url: String, _ body: [UInt8] = [], _ headers: [HTTPRequest.Header] = []
  ) -> HTTPRequest {
    HTTPRequest(
      method: method, url: url, headers: headers,
      secretHeaders: [.init("x-goog-api-key", key)], body: body, timeout: .seconds(600))
  }

  fileprivate func decoded<Reply: Decodable>(
    _ type: Reply.Type, _ response: HTTPResponse
  ) throws -> Reply {
    do { return try JSONDecoder().decode(type, from: Data(response.body)) } catch {
      throw ParallaxError(.badReply, "'gemini' answered something else than a batch or a file")
    }
  }

  /// A name that may stand in an address.
  fileprivate func checked(_ name: String, _ kind: String) throws -> String {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isPlain =
      parts.count == 2 && parts[0] == kind && Self.isIdentifier(parts[1])
    guard isPlain else {
      throw ParallaxError(.badReply, "'gemini' named something that is none of its \(kind)")
    }
    return name
  }
}

/// Files of the Gemini API, which deletes them after two days.
private struct GeminiFiles: BatchFiles {
  let api: GeminiAPI

  func judge(_ response: HTTPResponse, about place: String) -> HTTPClient.Verdict {
    api.judge(response)
  }

  func uploadRequest(named name: String, in folder: String?, size: Int) -> HTTPRequest {
    var body = JSONBody()
    body.raw("{\"file\":{\"display_name\":")
    body.string(name)
    body.raw("}}")
    return api.request(
      "POST", Address.inserting("/upload", before: "/files", in: api.base), body.bytes,
      [
        .init("Content-Type", "application/json"), .init("X-Goog-Upload-Protocol", "resumable"),
        .init("X-Goog-Upload-Command", "start"),
        .init("X-Goog-Upload-Header-Content-Length", String(size)),
        .init("X-Goog-Upload-Header-Content-Type", "application/jsonl"),
      ])
  }

  func uploadAddress(in response: HTTPResponse) throws -> String {
    let address = response.header("X-Goog-Upload-URL") ?? ""
    guard Address.origin(of: address) == Address.origin(of: api.base) else {
      throw ParallaxError(
        .badReply, "'gemini' named no address of its own to upload to",
        hint: "try again; PARALLAX_SHOW_HTTP=1 shows what was answered")
    }
    return address
  }

  func uploadRequest(
    of piece: [UInt8], from offset: Int, of total: Int, to address: String
  ) -> HTTPRequest {
    api.request(
      "POST", address, piece,
      [
        .init("Content-Type", "application/octet-stream"),
        .init("X-Goog-Upload-Offset", String(offset)),
        .init(
          "X-Goog-Upload-Command", offset + piece.count == total ? "upload, finalize" : "upload"),
      ])
  }

  private struct UploadedFile: Decodable {
    struct File: Decodable { var name: String }
    var file: File
  }

  func file(in response: HTTPResponse) throws -> String {
    try api.checked(try api.decoded(UploadedFile.self, response).file.name, "files")
  }

  func downloadRequest(of file: String) throws -> HTTPRequest {
    let path = "/\(try api.checked(file, "files")):download"
    return api.request(
      "GET",
      Address.adding("alt=media", to: Address.inserting("/download", before: path, in: api.base)))
  }
}

internal import ParallaxCore
internal import ParallaxHTTP

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// The JSON API of Google Cloud Storage: objects are `gs://BUCKET/NAME`.
struct GoogleStorage: BatchFolders {
  /// Such as `https://storage.googleapis.com`.
  let base: String
  let access: GoogleAccess

  static let address = "https://storage.googleapis.com"
  private static let timeout: Duration = .seconds(600)

  func uploadRequest(
    named name: String, in folder: String?, size: Int
  ) async throws -> HTTPRequest {
    let (bucket, prefix) = try Self.parts(of: folder ?? "")
    let fields = "uploadType=resumable&name=\(Address.encoded(prefix + name))"
    return try await request(
      "POST", Address.adding(fields, to: "\(base)/upload\(Self.path(of: bucket))"),
      [
        .init("X-Upload-Content-Type", "application/jsonl"),
        .init("X-Upload-Content-Length", String(size)),
      ])
  }

  func uploadAddress(in response: HTTPResponse) throws -> String {
    let address = response.header("Location") ?? ""
    guard Address.origin(of: address) == Address.origin(of: base) else {
      throw ParallaxError(
        .badReply, "Cloud Storage named no address of its own to upload to",
        hint: "try again; PARALLAX_SHOW_HTTP=1 shows what was answered")
    }
    return address
  }

  /// The address itself says who may upload, so that no token goes along.
  func uploadRequest(
    of piece: [UInt8], from offset: Int, of total: Int, to address: String
  ) -> HTTPRequest {
    HTTPRequest(
      method: "PUT", url: address,
      headers: [
        .init("Content-Type", "application/jsonl"),
        .init("Content-Range", "bytes \(offset)-\(offset + piece.count - 1)/\(total)"),
      ], body: piece, timeout: Self.timeout, hidden: [Secret(address)])
  }

  /// 308 stands for a file that is not whole yet, `Range` for what there is of it.
  func received(in response: HTTPResponse, upTo end: Int) -> Int? {
    guard response.status == 308 else { return response.isSuccess ? end : nil }
    let last = response.header("Range")?.split(separator: "-").last.flatMap { Int($0) }
    return last.map { min($0 + 1, end) } ?? 0
  }

  private struct Object: Decodable {
    var name: String
    var bucket: String?
  }

  private struct Page: Decodable {
    var items: [Object]?
    var nextPageToken: String?
  }

  func file(in response: HTTPResponse) throws -> String {
    let object = try decoded(Object.self, response)
    guard let bucket = object.bucket else { throw Self.strange }
    return "gs://\(bucket)/\(object.name)"
  }

  func listRequest(of folder: String, page: String?) async throws -> HTTPRequest {
    let (bucket, prefix) = try Self.parts(of: folder)
    let fields =
      "prefix=\(Address.encoded(prefix))&fields=items(name),nextPageToken"
      + (page.map { "&pageToken=\(Address.encoded($0))" } ?? "")
    return try await request("GET", Address.adding(fields, to: base + Self.path(of: bucket)))
  }

  func files(
    in response: HTTPResponse, of folder: String
  ) throws -> (files: [String], next: String?) {
    let page = try decoded(Page.self, response)
    let (bucket, prefix) = try Self.parts(of: folder)
    // What is not below it is no business of ours, whatever the service lists.
    let own = (page.items ?? []).map(\.name).filter { $0.hasPrefix(prefix) }
    return (
      own.map { "gs://\(bucket)/\($0)" }, page.nextPageToken.flatMap { $0.isEmpty ? nil : $0 }
    )
  }

  func downloadRequest(of file: String) async throws -> HTTPRequest {
    try await request("GET", Address.adding("alt=media", to: try address(of: file)))
  }

  func deleteRequest(of file: String) async throws -> HTTPRequest {
    try await request("DELETE", try address(of: file))
  }

  func judge(_ response: HTTPResponse, about place: String) -> HTTPClient.Verdict {
    let error = ServiceError(response)
    switch error.status {
    case 401:
      return .refused(
        ParallaxError(
          .authentication, "Cloud Storage does not accept the token (401): \(error.message)",
          hint: "log in again, or set \(GoogleAccess.sources.joined(separator: " or "))"))
    case 403:
      return .refused(
        ParallaxError(
          .provider,
          "Cloud Storage does not let this account use '\(place)' (403): \(error.message)",
          hint: "give it the role 'Storage Object User' on the bucket, or name another bucket with "
            + "--bucket or 'set batch.bucket'"))
    case 404:
      return .refused(
        ParallaxError(
          .provider, "Cloud Storage has nothing at '\(place)' (404): \(error.message)",
          hint:
            "create the bucket if it is missing, or name another with --bucket or 'set batch.bucket'"
        ))
    case 400..<500 where ![408, 425, 429].contains(error.status):
      return .refused(
        ParallaxError(.provider, "Cloud Storage answered \(error.status): \(error.message)"))
    default: return error.verdict(model: "", keyNames: GoogleAccess.sources)
    }
  }

  private func request(
    _ method: String, _ url: String, _ headers: [HTTPRequest.Header] = []
  ) async throws -> HTTPRequest {
    HTTPRequest(
      method: method, url: url, headers: headers,
      secretHeaders: [.init("Authorization", prefix: "Bearer ", try await access.token())],
      timeout: Self.timeout)
  }

  private static func path(of bucket: String) -> String {
    "/storage/v1/b/\(Address.encoded(bucket))/o"
  }

  private func address(of file: String) throws -> String {
    let (bucket, name) = try Self.parts(of: file)
    return "\(base)\(Self.path(of: bucket))/\(Address.encoded(name))"
  }

  private static func parts(of address: String) throws -> (bucket: String, rest: String) {
    guard let parts = JobBucket.parts(of: address), !parts.rest.isEmpty else {
      throw ParallaxError(.badReply, "the files of a job are in no bucket: '\(address)'")
    }
    return parts
  }

  private func decoded<Reply: Decodable>(
    _ type: Reply.Type, _ response: HTTPResponse
  ) throws -> Reply {
    do { return try JSONDecoder().decode(type, from: Data(response.body)) } catch {
      throw Self.strange
    }
  }

  private static var strange: ParallaxError {
    ParallaxError(.badReply, "Cloud Storage answered something else than a file or a list of files")
  }
}

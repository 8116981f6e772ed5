private import ParallaxCore
private import ParallaxDigest
private import ParallaxSystem

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A request and its reply in a file, without secrets: evidence of what a provider said, and a stand-in
/// for it.
///
/// One JSON file an exchange, named by the digest of method, address and body, so that the same
/// request finds its reply whatever else was recorded. Bodies are texts; no provider sends others.
struct RecordedExchange: Codable, Sendable, Hashable {
  struct Header: Codable, Sendable, Hashable {
    var name: String
    var value: String
  }

  var method: String
  var url: String
  var requestHeaders: [Header]
  var requestBody: String
  var status: Int
  var responseHeaders: [Header]
  var responseBody: String

  /// Headers of replies that name accounts or sessions, beside those that are secrets.
  private static let dropped: Set = ["x-request-id", "x-cloud-trace-context"]

  init(_ request: HTTPRequest, _ response: HTTPResponse, secrets: [Secret]) {
    let redactor = Redactor(secrets + request.secrets)
    let clean = { (text: String) in redactor.redacted(text) }
    method = request.method
    url = clean(request.shownURL)
    requestHeaders = request.headers.map { Header(name: $0.name, value: clean($0.value)) }
    requestBody = clean(String(decoding: request.body, as: UTF8.self))
    status = response.status
    responseHeaders = response.headers.filter {
      !Self.dropped.contains($0.name.lowercased()) && !HTTPResponse.isSecret(header: $0.name)
    }.map { Header(name: $0.name, value: clean(HTTPResponse.shown($0))) }
    responseBody = clean(String(decoding: response.body, as: UTF8.self))
  }

  var response: HTTPResponse {
    HTTPResponse(
      status: status, headers: responseHeaders.map { .init($0.name, $0.value) },
      body: Array(responseBody.utf8))
  }

  static func fileName(for request: HTTPRequest) -> String {
    let digest = Digest.sha256(Array("\(request.method) \(request.shownURL)\n".utf8) + request.body)
    return "\(digest.hexadecimal.prefix(24)).json"
  }

  /// Larger than any reply that is believed.
  private static let sizeLimit = 1 << 30

  /// The exchange of a request in a folder; `nil` when there is none that can be read.
  static func find(_ request: HTTPRequest, in folder: String) -> RecordedExchange? {
    let path = "\(folder)/\(fileName(for: request))"
    guard let bytes = try? InputFile.contents(of: path, atMost: sizeLimit) else { return nil }
    return try? JSONDecoder().decode(RecordedExchange.self, from: Data(bytes))
  }

  /// Writes the exchange whole or not at all.
  ///
  /// - Returns: whether it is there now.
  func write(for request: HTTPRequest, in folder: String) -> Bool {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else { return false }
    try? Folder.make(folder, permissions: 0o700)
    let file = FileWriter.File("\(folder)/\(Self.fileName(for: request))", Array(data))
    return (try? FileWriter().write(file, replace: true)) != nil
  }
}

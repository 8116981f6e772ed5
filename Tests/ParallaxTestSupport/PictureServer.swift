private import ParallaxCore

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// A local web server and object store whose pictures are the files of a folder.
package final class PictureServer: Sendable {
  /// What the store's private buckets want requests signed with.
  package static let keys = [
    "AWS_ACCESS_KEY_ID": "AKIATESTTESTTEST",
    "AWS_SECRET_ACCESS_KEY": "test/secret+key0123456789abcdefghijklm",
    "AWS_SESSION_TOKEN": "test-session-token==", "AWS_REGION": "us-east-1",
  ]

  package struct Request: Decodable, Sendable {
    package var path: String
    /// Names in small letters.
    package var headers: [String: String]
  }

  package let port: Int
  private let process: ProgramRun

  package init(_ folder: String) async throws {
    guard let python = ProviderServer.python else {
      throw ParallaxError(.missingComponent, "the server needs Python")
    }
    process = try ProgramRun(
      python,
      [TestData.packageRoot + "/Tests/ParallaxTestSupport/Servers/picture_server.py", folder],
      input: nil)
    guard let port = Int(await process.firstLine()) else {
      throw ParallaxError(.missingComponent, "the server did not start")
    }
    self.port = port
  }

  package func stop() { process.abandon() }

  package var origin: String { "http://127.0.0.1:\(port)" }

  /// What a program under test finds in its environment.
  package func environment(keys: [String: String] = PictureServer.keys) -> [String: String] {
    keys.merging(["AWS_ENDPOINT_URL_S3": origin, "PARALLAX_SOURCE_PRIVATE": "on"]) { $1 }
  }

  /// Gives the next requests these answers.
  package func fail(_ statuses: [Int]) async throws {
    _ = try await control("{\"fail\":\(statuses)}")
  }

  /// Objects of one page of a list.
  package func setPage(_ count: Int) async throws { _ = try await control("{\"page\":\(count)}") }

  /// Refuses an object of a store, whoever asks.
  package func deny(_ key: String) async throws {
    _ = try await control("{\"deny\":[\"\(key)\"]}")
  }

  package func forgetRequests() async throws { _ = try await control("{\"seen\":[]}") }

  package func requests() async throws -> [Request] {
    struct Seen: Decodable { var requests: [Request] }
    return try JSONDecoder().decode(Seen.self, from: Data(try await control().utf8)).requests
  }

  private func control(_ body: String = "") async throws -> String {
    try await RawClient.control(port: port, body)
  }
}

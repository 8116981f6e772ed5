private import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Moto's S3, an independent implementation, with the files of a folder in the bucket `photos`.
package final class MotoStore: Sendable {
  /// A Python with moto's server and boto3; `nil` where none is named.
  package static let python = getenv("PARALLAX_TEST_MOTO").map { String(cString: $0) }

  private let port: Int
  private let process: ProgramRun

  package init(_ folder: String) async throws {
    guard let python = Self.python else {
      throw ParallaxError(.missingComponent, "PARALLAX_TEST_MOTO names no Python")
    }
    process = try ProgramRun(
      python, [TestData.packageRoot + "/Tests/ParallaxTestSupport/Servers/moto_store.py", folder],
      input: nil)
    guard let port = Int(await process.firstLine()) else {
      throw ParallaxError(.missingComponent, "moto did not start")
    }
    self.port = port
  }

  package func stop() { process.abandon() }

  /// What a program under test finds in its environment.
  package var environment: [String: String] {
    [
      "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:\(port)", "AWS_ACCESS_KEY_ID": "key",
      "AWS_SECRET_ACCESS_KEY": "secret",
    ]
  }
}

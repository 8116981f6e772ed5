private import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Qdrant's REST interface over the engine in Python's `qdrant-client`, empty.
package final class QdrantServer: Sendable {
  /// A Python with `qdrant-client`; `nil` where none is named, which is said once.
  package static let python: String? = {
    let named = getenv("PARALLAX_TEST_QDRANT_PYTHON").map { String(cString: $0) }
    if named == nil { print("SKIPPED: tests of publishing in Qdrant: \(comment)") }
    return named
  }()

  /// Why a test that needs it is skipped.
  package static let comment =
    "they need a Python with qdrant-client, which PARALLAX_TEST_QDRANT_PYTHON names"

  package let port: Int
  private let process: ProgramRun

  /// - Parameter key: what requests must have; `nil` for nothing.
  package init(key: String? = nil, version: String = "1.16.0") async throws {
    process = try ProgramRun(
      Self.python ?? "",
      [TestData.packageRoot + "/Tests/ParallaxTestSupport/Servers/qdrant_server.py", version]
        + [key].compactMap(\.self), input: nil)
    guard let port = Int(await process.firstLine()) else {
      throw ParallaxError(.missingComponent, "the server did not start")
    }
    self.port = port
  }

  package func stop() { process.abandon() }

  package var address: String { "qdrant://127.0.0.1:\(port)" }
}

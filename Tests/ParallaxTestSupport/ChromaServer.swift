private import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Chroma's own server, empty.
package final class ChromaServer: Sendable {
  /// A Python with `chromadb`; `nil` where none is named, which is said once.
  package static let python: String? = {
    let named = getenv("PARALLAX_TEST_CHROMA_PYTHON").map { String(cString: $0) }
    if named == nil { print("SKIPPED: tests of publishing in Chroma: \(comment)") }
    return named
  }()

  /// Why a test that needs it is skipped.
  package static let comment =
    "they need a Python with chromadb, which PARALLAX_TEST_CHROMA_PYTHON names"

  package let port: Int
  private let process: ProgramRun

  /// - Parameter folder: where it keeps its files.
  package init(in folder: String) async throws {
    process = try ProgramRun(
      Self.python ?? "",
      [TestData.packageRoot + "/Tests/ParallaxTestSupport/Servers/chroma_server.py", folder],
      input: nil)
    guard let port = Int(await process.firstLine()) else {
      throw ParallaxError(.missingComponent, "the server did not start")
    }
    self.port = port
  }

  package func stop() { process.abandon() }

  package var address: String { "chroma://127.0.0.1:\(port)" }
}

/// Chroma's own server, empty.
package struct ChromaServer: Sendable {
  /// A Python with `chromadb`; `nil` where none is named, which is said once.
  package static let python = ScriptedServer.python(
    named: "PARALLAX_TEST_CHROMA_PYTHON", orSkip: "tests of publishing in Chroma: \(comment)")

  /// Why a test that needs it is skipped.
  package static let comment =
    "they need a Python with chromadb, which PARALLAX_TEST_CHROMA_PYTHON names"

  private let server: ScriptedServer

  /// - Parameter folder: where it keeps its files.
  package init(in folder: String) async throws {
    server = try await ScriptedServer(Self.python ?? "", "chroma_server.py", [folder])
  }

  package var port: Int { server.port }

  package func stop() { server.stop() }

  package var address: String { "chroma://127.0.0.1:\(port)" }
}

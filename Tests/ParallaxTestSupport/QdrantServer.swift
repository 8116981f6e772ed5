/// Qdrant's REST interface over the engine in Python's `qdrant-client`, empty.
package struct QdrantServer: Sendable {
  /// A Python with `qdrant-client`; `nil` where none is named, which is said once.
  package static let python = ScriptedServer.python(
    named: "PARALLAX_TEST_QDRANT_PYTHON", orSkip: "tests of publishing in Qdrant: \(comment)")

  /// Why a test that needs it is skipped.
  package static let comment =
    "they need a Python with qdrant-client, which PARALLAX_TEST_QDRANT_PYTHON names"

  private let server: ScriptedServer

  /// - Parameter key: what requests must have; `nil` for nothing.
  package init(key: String? = nil, version: String = "1.16.0") async throws {
    server = try await ScriptedServer(
      Self.python ?? "", "qdrant_server.py", [version] + [key].compactMap(\.self))
  }

  package var port: Int { server.port }

  package func stop() { server.stop() }

  package var address: String { "qdrant://127.0.0.1:\(port)" }
}

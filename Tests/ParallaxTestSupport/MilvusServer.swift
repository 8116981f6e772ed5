/// Milvus Lite's own server, empty at first.
package struct MilvusServer: Sendable {
  /// A Python with `milvus-lite`; `nil` where none is named, which is said once.
  package static let python = ScriptedServer.python(
    named: "PARALLAX_TEST_MILVUS_PYTHON", orSkip: "tests of publishing in Milvus: \(comment)")

  /// Why a test that needs it is skipped.
  package static let comment =
    "they need a Python with milvus-lite, which PARALLAX_TEST_MILVUS_PYTHON names"

  private let server: ScriptedServer

  /// - Parameters:
  ///   - folder: where it keeps its files, and what an earlier one kept.
  ///   - port: `nil` for a free one.
  package init(in folder: String, port: Int? = nil) async throws {
    server = try await ScriptedServer(
      Self.python ?? "", "milvus_server.py", [folder] + (port.map { [String($0)] } ?? []))
  }

  package var port: Int { server.port }

  package func stop() { server.stop() }

  package var address: String { "milvus://127.0.0.1:\(port)" }
}

private import ParallaxCore

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
  ///   - token: that every call must have, at a free port.
  package init(in folder: String, port: Int? = nil, token: String? = nil) async throws {
    server = try await ScriptedServer(
      Self.python ?? "", "milvus_server.py",
      [folder, port.map { String($0) } ?? ""] + (token.map { [$0] } ?? []))
  }

  /// Makes a collection as the client library of others does.
  package func makeForeignCollection(named name: String) async throws {
    let code =
      "from pymilvus import MilvusClient\n"
      + "MilvusClient('http://127.0.0.1:\(port)').create_collection('\(name)', dimension=8)"
    let outcome = await (try ProgramRun(Self.python ?? "", ["-c", code])).finish()
    guard outcome.code == 0 else {
      throw ParallaxError(.missingComponent, "no collection was made: \(outcome.errors)")
    }
  }

  package var port: Int { server.port }

  package func stop() { server.stop() }

  package var address: String { "milvus://127.0.0.1:\(port)" }
}

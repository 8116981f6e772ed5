/// Moto's S3, an independent implementation, with the files of a folder in the bucket `photos`.
package struct MotoStore: Sendable {
  /// A Python with moto's server and boto3; `nil` where none is named.
  package static let python = ScriptedServer.python(named: "PARALLAX_TEST_MOTO")

  private let server: ScriptedServer

  package init(_ folder: String) async throws {
    server = try await ScriptedServer(Self.python ?? "", "moto_store.py", [folder])
  }

  package func stop() { server.stop() }

  /// What a program under test finds in its environment.
  package var environment: [String: String] {
    [
      "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:\(server.port)", "AWS_ACCESS_KEY_ID": "key",
      "AWS_SECRET_ACCESS_KEY": "secret",
    ]
  }
}

import ParallaxCore
import ParallaxHTTP
import ParallaxImaging
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxProviders

/// Where the tokens of Vertex AI come from, against a server that checks what is signed.
@Suite(
  .enabled(
    if: ProviderServer.python != nil && TestFiles.isExecutable("/usr/bin/openssl"),
    "needs Python and the openssl program"))
struct VertexAccessTests {
  private func embedder(_ variables: [String: String]) async throws -> any Embedder {
    try await VertexProvider.makeEmbedder(
      EmbedderRequest(model: "vertex:gemini-embedding-2", dimension: 128),
      in: ProviderEnvironment(
        decoder: ImageDecoder(workers: 1, executable: builtProduct(named: "parallax")), threads: 1,
        miniFolder: nil,
        transport: CurlTransport(connections: 2, agent: "parallax-tests"), variables: variables))
  }

  /// A server that knows the account of a key, and a credentials file with the private half.
  private func withAccount(
    _ body: (ProviderServer, _ folder: String, _ variables: [String: String]) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      let key = folder + "/account.pem"
      let made = try await ProgramRun(
        "/usr/bin/openssl",
        ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key]
      ).finish()
      #expect(made.code == 0, "\(made.errors)")
      let server = try await ProviderServer(["--account-key", key])
      defer { server.stop() }
      var variables = server.environment()
      variables["GOOGLE_OAUTH_ACCESS_TOKEN"] = nil
      variables["GOOGLE_CLOUD_PROJECT"] = nil
      variables["GOOGLE_APPLICATION_CREDENTIALS"] = folder + "/credentials.json"
      try await body(server, folder, variables)
    }
  }

  private func writeAccount(
    _ folder: String, _ server: ProviderServer, key: String, mode: Int = 0o600
  ) throws {
    let pem = (TestFiles.text(of: key) ?? "").replacing("\n", with: "\\n")
    try TestFiles.write(
      """
      {"type": "service_account", "project_id": "own", "client_email": "a@own.example",
       "private_key": "\(pem)", "token_uri": "http://127.0.0.1:\(server.port)/token"}
      """, to: folder + "/credentials.json", mode: mode)
  }

  @Test func `a service account signs for a token and renews it when it has run out`() async throws
  {
    try await withAccount { server, folder, variables in
      try writeAccount(folder, server, key: folder + "/account.pem")
      let vertex = try await embedder(variables)
      try await server.misbehave([nil, "expired"])
      let first = try await vertex.vectors(of: ["cat"], side: .query)
      #expect(try await vertex.vectors(of: ["cat"], side: .query) == first)
      let seen = try await server.seen().requests
      #expect(
        seen.map { $0.headers["authorization"] } == [
          "Bearer test-token-0", "Bearer test-token-0", "Bearer test-token-1",
        ])
      #expect(
        seen.first?.path
          == "/v1/projects/own/locations/global/publishers/google/models/gemini-embedding-2"
          + ":embedContent")
    }
  }

  @Test func `a token that runs out while a job is submitted and fetched is renewed`() async throws
  {
    try await withAccount { server, folder, variables in
      try writeAccount(folder, server, key: folder + "/account.pem")
      let vertex = try await embedder(variables)
      let batches = try #require((vertex as? any MeteredEmbedder)?.batches)
      // Upload begun, its only piece, the job; then the status.
      try await server.misbehave([nil, nil, "expired", nil, "expired"])
      let meter = KeptJob()
      let failures = try await batches.submit(
        [.text("cat")], side: .document, bucket: try JobBucket("gs://mine/x"), meter: meter)
      #expect(failures.isEmpty)
      let job = try #require(meter.job)
      try await server.goOn(withJobs: "succeeded")
      let answers = try await batches.answers(of: try await batches.status(of: job), count: 1)
      #expect(try answers.outcomes[0]?.get().count == 128)
      #expect(try await batches.statuses().count == 1)
      #expect(
        try await server.seen().requests.last?.headers["authorization"] == "Bearer test-token-2")
    }
  }

  private final class KeptJob: BatchMeter {
    private let kept = Mutex<String?>(nil)
    var job: String? { kept.withLock { $0 } }
    func begin(_ positions: [Int]) throws -> String { "parallax-renewed" }
    func wasSubmitted(_ name: String, as job: String) throws { kept.withLock { $0 = job } }
    func wasRefused(_ name: String) throws {}
  }

  @Test func `another's key, and a file that others may read, are refused in words`() async throws {
    try await withAccount { server, folder, variables in
      let other = try await ProgramRun(
        "/usr/bin/openssl", ["genrsa", "-out", folder + "/other.pem"]
      ).finish()
      #expect(other.code == 0)
      try writeAccount(folder, server, key: folder + "/other.pem")
      let vertex = try await embedder(variables)
      await #expect {
        _ = try await vertex.vectors(of: ["cat"], side: .query)
      } throws: { error in
        guard let error = error as? ParallaxError else { return false }
        return error.code == .authentication && error.message.contains("Invalid JWT Signature")
      }
      try writeAccount(folder, server, key: folder + "/account.pem", mode: 0o644)
      await #expect {
        _ = try await embedder(variables)
      } throws: { ($0 as? ParallaxError)?.message.contains("other users can read") == true }
      try TestFiles.write(
        "{\"type\": \"service_account\"}", to: folder + "/credentials.json", mode: 0o600)
      let empty = try await embedder(variables.merging(["GOOGLE_CLOUD_PROJECT": "p"]) { $1 })
      await #expect {
        _ = try await empty.vectors(of: ["cat"], side: .query)
      } throws: { ($0 as? ParallaxError)?.message.contains("has no 'client_email'") == true }
      #expect(try await server.seen().requests.isEmpty)
    }
  }

  @Test func `what a login leaves is exchanged, and needs a project`() async throws {
    try await withAccount { server, folder, variables in
      try TestFiles.write(
        """
        {"type": "authorized_user", "client_id": "id", "client_secret": "test-secret",
         "refresh_token": "test-refresh-token", "token_uri": "http://127.0.0.1:\(server.port)/token"}
        """, to: folder + "/credentials.json", mode: 0o600)
      await #expect {
        _ = try await embedder(variables)
      } throws: { ($0 as? ParallaxError)?.message.contains("Google Cloud project") == true }
      let vertex = try await embedder(variables.merging(["GOOGLE_CLOUD_PROJECT": "p"]) { $1 })
      #expect(try await vertex.vectors(of: ["cat"], side: .query).count == 1)
    }
  }

  @Test func `a token service that quotes what it was sent gives no secret away`() async throws {
    try await withAccount { server, folder, variables in
      try TestFiles.write(
        """
        {"type": "authorized_user", "client_id": "id", "client_secret": "GOC-wrong/secret+0001",
         "refresh_token": "1//0refresh-token-of-somebody",
         "token_uri": "http://me:login@127.0.0.1:\(server.port)/token"}
        """, to: folder + "/credentials.json", mode: 0o600)
      let vertex = try await embedder(variables.merging(["GOOGLE_CLOUD_PROJECT": "p"]) { $1 })
      let message = try await refusal(vertex)
      #expect(message.contains("Invalid JWT Signature. Got") && message.contains("•••"))
      for secret in ["GOC-wrong", "goc-wrong", "wrong/secret", "0refresh", "0REFRESH", "login"] {
        #expect(!message.contains(secret), "\(message)")
      }

      let other = try await ProgramRun(
        "/usr/bin/openssl", ["genrsa", "-out", folder + "/other.pem"]
      ).finish()
      #expect(other.code == 0, "\(other.errors)")
      try writeAccount(folder, server, key: folder + "/other.pem")
      let signed = try await refusal(embedder(variables))
      // The head of every such assertion is the same, and none is shown.
      #expect(signed.contains("•••") && !signed.contains("eyJhbGciOi"), "\(signed)")
    }
  }

  private func refusal(_ embedder: any Embedder) async throws -> String {
    do {
      _ = try await embedder.vectors(of: ["cat"], side: .query)
      Issue.record("nothing was refused")
      return ""
    } catch let error as ParallaxError {
      #expect(error.code == .authentication)
      return "\(error)"
    }
  }

  @Test func `a token that is given cannot be renewed`() async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    let vertex = try await embedder(server.environment())
    #expect(try await vertex.vectors(of: ["cat"], side: .query).count == 1)
    try await server.misbehave(["expired"])
    await #expect {
      _ = try await vertex.vectors(of: ["dog"], side: .query)
    } throws: { ($0 as? ParallaxError)?.code == .authentication }
  }
}

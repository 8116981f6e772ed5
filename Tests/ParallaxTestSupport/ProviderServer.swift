private import ParallaxCore

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif
#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A local server that speaks the providers' wire formats and misbehaves on request.
package final class ProviderServer: Sendable {
  /// The key it accepts.
  package static let key = "test-key-0123456789abcdef"
  /// The Python that runs it; `nil` where there is none.
  package static let python = ["/usr/bin/python3", "/usr/local/bin/python3"]
    .first { TestFiles.isExecutable($0) }

  /// A Python with the providers' own packages; `nil` where none is named.
  package static let pythonWithSDKs = getenv("PARALLAX_TEST_SDK_PYTHON").map {
    String(cString: $0)
  }

  package let port: Int
  private let process: ProgramRun

  /// What the server saw.
  package struct Seen: Decodable, Sendable {
    package struct Request: Decodable, Sendable {
      package var path: String
      package var headers: [String: String]
    }
    package var requests: [Request]
    /// Items it gave vectors for.
    package var items: Int
    package var accepted: Int
    /// Names in the only bucket, `mine`.
    package var objects: [String]
  }

  package init(_ options: [String] = []) async throws {
    guard let python = Self.python else {
      throw ParallaxError(.missingComponent, "the server needs Python")
    }
    let script = Self.folder + "/provider_server.py"
    process = try ProgramRun(python, [script] + options, input: nil)
    guard let port = Int(await process.firstLine()) else {
      throw ParallaxError(.missingComponent, "the server did not start")
    }
    self.port = port
  }

  package func stop() { process.abandon() }

  /// Ends it and waits until it has ended.
  package func stopAndWait() async {
    _ = process.closeInput()
    _ = await process.finish()
  }

  /// What a program under test finds in its environment: every provider is this server.
  package func environment(
    key: String = ProviderServer.key, scheme: String = "http", path: String = "v1"
  ) -> [String: String] {
    let keys = [
      "GEMINI_API_KEY", "VOYAGE_API_KEY", "CO_API_KEY", "JINA_API_KEY", "OPENAI_API_KEY",
      "GOOGLE_OAUTH_ACCESS_TOKEN",
    ]
    var variables = Dictionary(uniqueKeysWithValues: keys.map { ($0, key) })
    variables["GOOGLE_CLOUD_PROJECT"] = "test"
    for provider in ["GEMINI", "VERTEX", "VOYAGE", "COHERE", "JINA", "OPENAI"] {
      variables["PARALLAX_\(provider)_URL"] = "\(scheme)://127.0.0.1:\(port)/\(path)"
    }
    variables["PARALLAX_VERTEX_STORAGE_URL"] = "\(scheme)://127.0.0.1:\(port)"
    return variables
  }

  /// Gives the next requests one fault each; pictures with a poisoned digest are refused always.
  package func misbehave(_ faults: [String?] = [], poison: [String] = []) async throws {
    let list = faults.map { $0.map { "\"\($0)\"" } ?? "null" }.joined(separator: ",")
    let digests = poison.map { "\"\($0)\"" }.joined(separator: ",")
    _ = try await control("{\"faults\":[\(list)],\"poison\":[\(digests)]}")
  }

  /// From now on two answers to one item differ by about `noise` of their length, and all answers by
  /// about `drift` from those before.
  package func change(noise: Double = 0, drift: Double = 0) async throws {
    _ = try await control("{\"noise\":\(noise),\"drift\":\(drift)}")
  }

  /// From now on a judge prefers what it is shown first, whatever that is.
  package func preferFirst() async throws { _ = try await control("{\"judge\":\"first\"}") }

  /// How all jobs under way go on: `running`, `succeeded`, `failed`, `cancelled` or `expired`; `lost` where the
  /// service has no such job any more.
  ///
  /// - Parameter kept: how many requests of a job are answered all the same where it does not succeed.
  package func goOn(withJobs state: String, kept: Int = 0) async throws {
    _ = try await control("{\"jobs\":\"\(state)\",\"kept\":\(kept)}")
  }

  /// The first request of each job is refused once, with words that quote the key.
  package func refuseNext() async throws { _ = try await control("{\"refuse\":true}") }

  /// From now on jobs answer with every number that a model has, however many were asked for.
  package func answerWhole() async throws { _ = try await control("{\"whole\":true}") }

  /// Forgets the faults that no request has met yet.
  package func behave() async throws { _ = try await control("{\"clear\":true}") }

  private struct Counts: Decodable { var items, pending: Int }

  /// Items it gave vectors for until now.
  package func items() async throws -> Int { try await counts().items }

  /// Items it gave vectors for, once every request is answered.
  package func settledItems() async throws -> Int {
    var now = try await counts()
    try await eventually("the answers") {
      now = try await counts()
      return now.pending == 0
    }
    return now.items
  }

  private func counts() async throws -> Counts {
    let reply = try await RawClient.control(port: port, "", at: "/control/counts")
    return try JSONDecoder().decode(Counts.self, from: Data(reply.utf8))
  }

  /// Sends what an official package sends.
  package func runSDK(_ arguments: [String]) async throws -> ProgramOutcome {
    try await ProgramRun(
      Self.pythonWithSDKs ?? "", [Self.folder + "/sdk_request.py"] + arguments
    ).finish()
  }

  /// One line for each way in which the last two requests differ.
  package func differencesOfLastRequests() async throws -> String {
    let outcome = try await ProgramRun(
      Self.python ?? "", [Self.folder + "/compare_requests.py", String(port)]
    ).finish()
    return outcome.output + outcome.errors
  }

  private static let folder = TestData.packageRoot + "/Tests/ParallaxTestSupport/Servers"

  package func seen() async throws -> Seen {
    try JSONDecoder().decode(Seen.self, from: Data(try await control().utf8))
  }

  private func control(_ body: String = "") async throws -> String {
    try await RawClient.control(port: port, body)
  }
}

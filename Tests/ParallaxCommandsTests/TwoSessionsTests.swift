import ParallaxCore
import ParallaxHTTP
import ParallaxImaging
import ParallaxProviders
import ParallaxStorage
import ParallaxTestSupport
import ParallaxWorkbench
import Testing

@testable import ParallaxCommands

@MainActor @Suite struct TwoSessionsTests {
  /// Each question waits at the server until the other has come.
  @Test(.timeLimit(.minutes(10)))
  func `questions of two sessions run at the same time`() async throws {
    let barrier = Barrier(of: 2)
    try await withTemporaryDirectory { folder in
      try TestFiles.copy("\(Bench.tiles)/images/mug-001.jpg", to: "\(folder)/in/mug.jpg")
      try TestFiles.write("file,text\nmug.jpg,mug\n", to: folder + "/meta.csv")
      let bench = try workbench(folder, arrival: {})
      let first = Interpreter(session: session(bench))
      let setUp = await first.run(
        script: "create collection c ; ingest c \(folder)/in --meta \(folder)/meta.csv ; "
          + "embed c --model openai:test --dim 2 --content text", source: "test")
      #expect(setUp == 0)
      bench.close()

      let shared = try workbench(folder, arrival: { await barrier.pass() })
      defer { shared.close() }
      let interpreters = [1, 2].map { _ in Interpreter(session: session(shared)) }
      async let red = interpreters[0].run(script: "query c --text red", source: "red")
      async let blue = interpreters[1].run(script: "query c --text blue", source: "blue")
      #expect(await [red, blue] == [0, 0])
    }
  }

  private func session(_ bench: Workbench) -> Session {
    Session(
      bench: bench,
      console: Console(
        results: .plain, notes: .plain, writeResults: { _ in }, writeNotes: { _ in }))
  }

  private func workbench(
    _ folder: String, arrival: @escaping @Sendable () async -> Void
  ) throws -> Workbench {
    Workbench(
      workspace: try Workspace(path: folder + "/work.parallax"),
      providers: ProviderEnvironment(
        decoder: ImageDecoder(workers: 1, executable: builtProduct(named: "parallax")), threads: 1,
        miniFolder: nil,
        transport: OneVector(arrival: arrival),
        variables: ["PARALLAX_OPENAI_URL": "http://127.0.0.1:9/v1"]))
  }
}

/// A server that answers every text with the same vector.
private struct OneVector: HTTPTransport {
  let arrival: @Sendable () async -> Void

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    await arrival()
    return HTTPResponse(
      status: 200, body: Array("{\"data\":[{\"index\":0,\"embedding\":[1,0]}]}".utf8))
  }
}

import ParallaxCore
import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The built program embeds a collection again and is killed meanwhile: the old space stays as it was,
/// the new one loses nothing, and nothing is paid for twice.
@Suite(.fewAtOnce) struct ReembedTests {
  private static let prepare = """
    create collection t
    ingest t \(Shell.tiles)/images --meta \(Shell.tiles)/metadata.csv --key filename
    embed t --as base --model mini@2
    """

  private func scores(_ space: String, _ shell: Shell) async throws -> [[String]] {
    try await shell.rows(
      "query \(space) --text 'a red shoe' --top 1000 --columns id,score", options: ["--read-only"])
  }

  @Test(.timeLimit(.minutes(10)))
  func `kills at random moments lose nothing of either space`() async throws {
    var random = SeededGenerator(seed: 12)
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      let old = try await scores("t@base", shell)
      try await shell.succeed("reembed t@base --as undisturbed --dim 64")
      let undisturbed = try await scores("t@undisturbed", shell)
      var vectors = 0
      for kill in 1...20 {
        // What is known from elsewhere in the workspace would take no time.
        if kill == 1 { try await shell.succeed("drop space t@undisturbed --yes") }
        let run = try shell.start(["work.parallax", "-c", "reembed t@base --as v2 --dim 64"])
        try await Task.sleep(for: .milliseconds(Int.random(in: 50...500, using: &random)))
        run.kill(SIGKILL)
        _ = await run.finish()
        let now = try await shell.vectorCount(of: "t@v2")
        #expect(now >= vectors, "kill \(kill): \(vectors) vectors became \(now)")
        vectors = now
      }
      #expect(try await scores("t@base", shell) == old)
      try await shell.succeed("reembed t@base --as v2 --dim 64")
      #expect(try await scores("t@v2", shell) == undisturbed)
      #expect(try await scores("t@base", shell) == old)
    }
  }

  @Test(.enabled(if: ProviderServer.python != nil, "needs Python"), .timeLimit(.minutes(10)))
  func `a sample and a killed run are not paid for again`() async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      let reembed = "reembed t@base --as v2 --model gemini-embedding-2 --dim 128"
      let sample = try await shell.run(
        "\(reembed) --sample 64", options: ["--mode", "csv"], environment: server.environment())
      #expect(sample.code == 0, "\(sample.errors)")
      #expect(sample.output.contains("\ncontents left,305,,,"), "\(sample.output)")
      // 305 pictures at 0.00012 dollars.
      #expect(sample.output.contains("\ndollars left,0.0366,,,"), "\(sample.output)")
      #expect(sample.errors.contains("left to embed: 305 images"), "\(sample.errors)")
      #expect(try await server.items() == 64)

      // Four requests are answered, and eight more are under way.
      try await server.misbehave(
        Array(repeating: nil, count: 4) + Array(repeating: "never", count: 8))
      let run = try shell.start(
        ["work.parallax", "-c", reembed], environment: server.environment())
      try await eventually("the requests") { try await server.items() >= 64 + 12 * 16 }
      run.kill(SIGKILL)
      _ = await run.finish()
      try await server.behave()
      let resumed = try await shell.run(
        "\(reembed) --resume", environment: server.environment())
      #expect(resumed.code == 0, "\(resumed.errors)")
      #expect(try await server.items() == 369 + 8 * 16)
      #expect(try await shell.vectorCount(of: "t@v2") == 369)
      #expect(try await shell.vectorCount(of: "t@base") == 369)
    }
  }
}

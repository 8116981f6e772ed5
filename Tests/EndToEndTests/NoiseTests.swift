import ParallaxTestSupport
import Testing

/// How much a remote model's answers differ by themselves, over the network.
@Suite(.enabled(if: ProviderServer.python != nil, "needs Python"))
struct NoiseTests {
  @Test func `a difference within the noise is said, and asking again is paid for`() async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    try await Shell.inNewFolder { shell in
      let environment = server.environment()
      let embedded = try await shell.run(
        "create collection t ; ingest t \(Shell.tiles)/images --glob 'm*.jpg' ; "
          + "embed t --as g --model gemini-embedding-2 --dim 256 ; project t@g --dim 128",
        environment: environment)
      #expect(embedded.code == 0, "\(embedded.errors)")
      let before = try await server.items()
      let poor = try await shell.run(
        "set budget 0.0001 ; diff t@g t@g-128 --noise 0.2", environment: environment)
      #expect(poor.code == 4 && poor.errors.contains("nothing was asked for"), "\(poor.errors)")
      #expect(try await server.items() == before)

      // So noisy that nothing is left of the answers.
      try await server.change(noise: 30)
      let noisy = try await shell.run(
        "set mode csv ; diff t@g t@g-128 --noise 0.2", environment: environment)
      #expect(noisy.code == 0, "\(noisy.errors)")
      #expect(noisy.errors.contains("verdict: promote"), "\(noisy.errors)")
      #expect(
        noisy.errors.contains("the lists differ no more than those of one system asked twice"))
      let asked = try await server.items() - before
      #expect(noisy.errors.contains("asked for \(asked) inputs"), "\(asked), \(noisy.errors)")
      #expect(try await shell.rows("cost").first?[1] == String(before + asked))
    }
  }
}

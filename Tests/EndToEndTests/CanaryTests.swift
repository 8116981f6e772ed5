import ParallaxTestSupport
import Testing

/// A model behind the same name that answers differently, over the network.
@Suite(.enabled(if: ProviderServer.python != nil, "needs Python"))
struct CanaryTests {
  @Test func `noise is no drift, a changed model is`() async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    try await Shell.inNewFolder { shell in
      let environment = server.environment()
      let embedded = try await shell.run(
        "create collection t ; ingest t \(Shell.tiles)/images --glob 'm*.jpg' ; "
          + "embed t --as g --model gemini-embedding-2 --dim 128", environment: environment)
      #expect(embedded.code == 0, "\(embedded.errors)")
      try await server.change(noise: 0.001)
      let added = try await shell.run(
        "canary add t@g --probes 16", environment: environment)
      #expect(added.code == 0 && added.errors.contains("4 were asked twice"), "\(added.errors)")
      let same = try await shell.run(
        "set mode csv ; canary check t@g", environment: environment)
      #expect(same.code == 0 && same.output.contains("\nt@g,as before,16,16,0,"), "\(same)")

      try await server.change(noise: 0.001, drift: 0.05)
      let items = try await server.items()
      let drifted = try await shell.run(
        "set mode csv ; canary check t@g", environment: environment)
      #expect(drifted.code == 3 && drifted.output.contains("\nt@g,drifted,16,16,16,"), "\(drifted)")
      #expect(drifted.errors.contains("the model of 't@g' has drifted: 16 of 16 probes are"))
      #expect(try await server.items() == items + 16)
      let allowed = try await shell.run(
        "canary check t@g --tolerance 0.1", environment: environment)
      #expect(allowed.code == 0, "\(allowed.errors)")
      let offline = try await shell.run(
        "canary check t@g", options: ["--offline"], environment: environment)
      #expect(offline.code == 4 && offline.errors.contains("cannot be asked again"))
      let listed = try await shell.rows("canary list t@g")
      #expect(listed.map { $0[1] } == ["as before", "drifted", "as before", "as before"])
    }
  }
}

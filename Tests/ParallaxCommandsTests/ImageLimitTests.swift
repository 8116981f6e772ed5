import ParallaxImaging
import ParallaxProviders
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// What an image may cost is a person's choice.
@MainActor
@Suite struct ImageLimitTests {
  @Test func `settings limit pixels and bytes`() async throws {
    try await Bench.inNewFolder { bench in
      try bench.pictures(["a.jpg": "mug-001"])
      try TestFiles.write([UInt8](repeating: 7, count: 1_200_000), to: bench.folder + "/in/b.jpg")
      let limited = await bench.run(
        "set mode csv ; set image.max_megabytes 1 ; create collection c ; ingest c \(bench.folder)/in ; show _"
      )
      #expect(limited.notes.contains("warning: b.jpg: the file has 2 MB; the limit is 1 ("))
      #expect(bench.session.providers.decoder.limits.fileBytes == 1_000_000)
      await bench.succeed("embed c")
      let asked = await bench.run("query c@base --image \(bench.folder)/in/b.jpg")
      #expect(asked.code == 1)
      #expect(asked.notes.contains("the file has 2 MB; the limit is 1"))
      #expect(asked.notes.contains("'set image.max_megabytes' raises it"))

      await bench.succeed("set image.max_megapixels 1000")
      #expect(bench.session.providers.decoder.limits.pixels == 1_000_000_000)
      #expect(bench.session.providers.decoder.limits.memory > 8_000_000_000)
      await bench.succeed("reset image.max_megapixels")
      #expect(bench.session.providers.decoder.limits.pixels == 250_000_000)
    }
  }
}

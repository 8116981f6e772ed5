import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// What `health` shows and asks for.
@MainActor @Suite struct HealthCommandTests {
  @Test func `a small space is measured, and that this says little is said`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let outcome = await bench.succeed("set mode csv ; health c@base --hubs 1 --texts 0")
      let lines = outcome.output.split(separator: "\n").map(String.init)
      #expect(lines[0] == "measure,value,usual,finding,id,path,meaning")
      let measures = lines.dropFirst().map { String($0.prefix { $0 != "," }) }
      #expect(
        measures == [
          "hubness", "hubs", "places of hubs", "antihubs", "hub 1", "mean cosine",
          "effective dimension", "variance in first 128", "variance in first 64",
          "variance in first 32", "largest dimension", "dead dimensions", "modality gap",
          "same vector", "near copies", "zero vectors", "shortest", "longest",
        ])
      // Of three items each is in two lists, so that nothing varies.
      #expect(lines[1].hasPrefix("hubness,,below 2,not defined,,,"))
      #expect(lines[5].hasPrefix("hub 1,2,,,a,\(bench.folder)/in/a.jpg,"))
      #expect(lines[13].hasPrefix("modality gap,,,not measured,,,no texts were to be embedded"))
      #expect(outcome.notes.contains("these are the measures of 3 images: with fewer than 100"))
      let described = await bench.succeed("describe _")
      #expect(described.output.contains("seed,1"), "\(described.output)")
    }
  }

  @Test func `a local model embeds the texts there are`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let rows = await bench.rows("health c@base")
      let gap = try #require(rows.first { $0.hasPrefix("modality gap,") })
      #expect(gap.contains("(2 pairs)") && gap.contains(",usual,"), "\(gap)")
    }
  }

  @Test func `texts of a remote model are asked for on demand and within the budget`() async throws
  {
    try await Bench.withService { bench, service in
      await bench.succeed("embed c --as t --model openai:test --content text --dim 4")
      let before = service.items
      let rows = await bench.rows("health c@base --texts 0")
      #expect(!rows.isEmpty && service.items == before)
      let few = await bench.run("health c@t")
      #expect(few.code == 1 && few.notes.contains("'c@t' has 2 vectors with a direction"))
      #expect(few.notes.contains("test:1:8"), "\(few.notes)")
    }
  }
}

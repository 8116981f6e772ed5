import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// Probes of a local model, and what `canary` says.
@MainActor @Suite struct CanaryCommandTests {
  private func withFour(_ body: (Bench) async throws -> Void) async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      try bench.pictures(["d.jpg": "vase-001"])
      await bench.succeed("ingest c \(bench.folder)/in ; embed c")
      try await body(bench)
    }
  }

  @Test func `a local model answers the same, bit for bit`() async throws {
    try await withFour { bench in
      let planned = await bench.succeed("set mode csv ; canary add c@base --probes 8 --dry-run")
      // Four items and two texts, and every fourth of these again.
      #expect(planned.output.contains("inputs to ask for,8\n"), "\(planned.output)")
      #expect(planned.output.contains("0.00 (local model)"))
      #expect(planned.notes.contains("nothing was asked"))
      #expect(await bench.rows("canary list") == [])
      let added = await bench.succeed("canary add c@base --probes 8")
      #expect(added.output.hasSuffix("\nc@base,as before,6,6,0,0.0,0.0,1e-06,0.0\n"), "\(added)")
      #expect(added.notes.contains("keeps 6 probes with 'c@base'; 2 were asked twice"))
      let checked = await bench.succeed("canary check c@base --per-probe")
      #expect(checked.output.hasPrefix("probe,kind,distance,finding\na,item,0.0,as before\n"))
      #expect(checked.notes.contains("every answer is what is kept, bit for bit"))
      #expect(await bench.rows("canary list c@base").count == 2)
      #expect(await bench.rows("canary list").count == 1)
    }
  }

  @Test func `what does not go together is refused, with its place`() async throws {
    try await withFour { bench in
      let other = await bench.run("canary list --probes 8")
      #expect(other.code == 2 && other.notes.contains("'canary list' takes no --probes"))
      #expect(other.notes.contains("test:1:22"), "\(other.notes)")
      let none = await bench.run("canary check c@base")
      #expect(none.code == 1 && none.notes.contains("'c@base' has no canary"))
      #expect(none.notes.contains("test:1:14"), "\(none.notes)")
      let unnamed = await bench.run("canary add")
      #expect(unnamed.code == 2 && unnamed.notes.contains("'canary add' needs a space"))
      let unsure = await bench.run("canary drop c@base")
      #expect(unsure.code == 2 && unsure.notes.contains("'canary' needs --yes"))
      await bench.succeed("canary add c@base --probes 8")
      let twice = await bench.run("canary add c@base")
      #expect(twice.code == 1 && twice.notes.contains("'c@base' has a canary"))
      await bench.succeed("canary drop c@base --yes")
      let gone = await bench.run("canary drop c@base --yes")
      #expect(gone.code == 1 && gone.notes.contains("'c@base' has no canary"))
    }
  }
}

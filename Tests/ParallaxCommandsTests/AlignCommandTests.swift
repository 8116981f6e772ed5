import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

@MainActor @Suite struct AlignCommandTests {
  /// The pictures of the repository in both spaces of `c`.
  private func embed(_ bench: Bench) async {
    await bench.succeed(
      "create collection c ; ingest c \(Bench.tiles)/images --glob '*-00*.jpg' ; "
        + "embed c --as old --model mini@2 ; embed c --as new --model mini --dim 64")
  }

  @Test func `a map is measured, made and searched`() async throws {
    try await Bench.inNewFolder { bench in
      await embed(bench)
      let outcome = await bench.succeed(
        "set mode csv ; a = align c@old c@new --sample 100 --as v2 ; query c@v2 --text mug --top 3")
      let lines = outcome.output.split(separator: "\n").map(String.init)
      #expect(
        lines[0]
          == "system,metric,value,low,high,difference,diff_low,diff_high,p,verdict,images")
      #expect(lines[1].hasPrefix("c@old,overlap@10,") && lines[2].hasPrefix("c@v2,overlap@10,"))
      #expect(lines[3].hasPrefix("rank,id,score") && lines.count == 7)
      #expect(outcome.notes.contains("made c@v2: "))
      #expect(outcome.notes.contains("queries are embedded with mini"))
      let facts = await bench.succeed("describe a").output
      #expect(facts.contains("seed") && facts.contains("map(method="))
      let list = await bench.succeed("list spaces").output
      #expect(list.contains("mini (mapped)"))
    }
  }

  @Test func `a script knows the space that will be there`() async throws {
    try await Bench.inNewFolder { bench in
      await embed(bench)
      await bench.succeed(
        "align c@old c@new --sample 100 --as v2 ; set mode csv ; query c@v2 --like mug-001 --top 1")
      let same = await bench.run("align c@old c@old")
      #expect(same.code == 2 || same.code == 1)
      #expect(same.notes.contains("'c@old' cannot be mapped onto itself"))
      let unknown = await bench.run("align c@old c@nev")
      #expect(unknown.notes.contains("did you mean 'new'?"))
    }
  }
}

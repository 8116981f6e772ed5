import ParallaxCore
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Files that commands write for a person.
@MainActor @Suite struct FileCommandTests {
  @Test func `what a collection is read from is never written`() async throws {
    try await Bench.inNewFolder(isInteractive: true) { bench in
      try await bench.prepare()
      let before = TestFiles.text(of: bench.folder + "/meta.csv")
      symlink("meta.csv", bench.folder + "/link.csv")
      _ = await bench.type("r = list collections")
      let targets = ["meta.csv", "link.csv", "in/a.jpg", "work.parallax", "work.parallax-wal"]
      for target in targets {
        let path = "\(bench.folder)/\(target)"
        for line in [
          "export r --to \(path) --format csv --replace", "history --save \(path) --replace",
          "cache export --to \(path) --replace",
        ] {
          let outcome = await bench.type(line)
          #expect(outcome.code == 1, "\(line)")
          #expect(outcome.notes.hasPrefix("error: cannot write '\(path)'"), "\(outcome.notes)")
        }
      }
      #expect(TestFiles.text(of: bench.folder + "/meta.csv") == before)
      let other = await bench.type("export r --to \(bench.folder)/other.csv")
      #expect(other.code == 0, "\(other.notes)")
    }
  }

  @Test func `cells are guarded where spreadsheets read them, and nowhere else`() async throws {
    try await Bench.inNewFolder { bench in
      let other = await bench.run(
        "create collection c ; r = list results ; export r --to \(bench.folder)/r.json --csv-safe")
      #expect(other.code == 2)
      #expect(other.notes.contains("--csv-safe goes with csv and tsv; the format of"))
      let made = try bench.session.workspace.collections()
      #expect(made.isEmpty)
      await bench.succeed(
        "create collection c --desc '=1+1' ; r = list collections ; "
          + "export r --to \(bench.folder)/r.csv --csv-safe")
      #expect(TestFiles.text(of: bench.folder + "/r.csv")?.contains("'=1+1") == true)
    }
  }

  @Test func `a side file of somebody's own is kept without replace`() async throws {
    try await Bench.inNewFolder { bench in
      let side = bench.folder + "/r.csv-metadata.json"
      try TestFiles.write("mine", to: side)
      let line = "r = list collections ; export r --to \(bench.folder)/r.csv"
      let refused = await bench.run(line)
      #expect(refused.code == 1)
      #expect(refused.notes.contains("error: '\(side)' exists"))
      #expect(TestFiles.text(of: side) == "mine")
      #expect(TestFiles.text(of: bench.folder + "/r.csv") == nil)
      await bench.succeed(line + " --replace")
      #expect(TestFiles.text(of: side)?.hasPrefix("{") == true)
    }
  }
}

import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// What is warned of under `--strict` leaves no file, and one that is there untouched.
@MainActor @Suite struct StrictFileTests {
  @Test func `a report with a picture that cannot be shown is not written`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let path = bench.folder + "/r.html"
      await bench.succeed("r = query c@base --text mug")
      try TestFiles.write("no picture", to: bench.folder + "/in/b.jpg")
      for before in [nil, "mine"] {
        if let before { try TestFiles.write(before, to: path) }
        let refused = await bench.run("set strict on ; report r --to \(path) --replace")
        #expect(refused.code == 1 && refused.notes.contains("nothing was written"))
        #expect(TestFiles.text(of: path) == before)
        #expect(!TestFiles.exists(path + "-metadata.json"))
      }
      let written = await bench.succeed("set strict off ; report r --to \(path) --replace")
      #expect(written.notes.contains("warning: "), "\(written.notes)")
    }
  }

  @Test func `a script without the commands that hold a key is not written`() async throws {
    try await Bench.inNewFolder(isInteractive: true) { bench in
      _ = await bench.type("let token = sk-abcdefghijklm0123456789")
      _ = await bench.type("list collections")
      let path = bench.folder + "/h.plx"
      _ = await bench.type("set strict on")
      let refused = await bench.type("history --save \(path)")
      #expect(
        refused.code == 1 && refused.notes.contains("nothing was written"), "\(refused.notes)")
      #expect(!TestFiles.exists(path))
      _ = await bench.type("set strict off")
      let written = await bench.type("history --save \(path)")
      #expect(written.code == 0 && written.notes.contains("warning: 1 command with a key in it"))
      #expect(TestFiles.text(of: path)?.contains("list collections") == true)
    }
  }
}

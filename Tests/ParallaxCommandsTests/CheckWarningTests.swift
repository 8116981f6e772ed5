import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// What the commands of a checked page warn of.
@MainActor @Suite struct CheckWarningTests {
  /// A page that takes in a folder with a picture that is none, twice.
  private func write(_ bench: Bench) throws -> String {
    try bench.pictures(["a.jpg": "mug-001"])
    try TestFiles.write("no picture", to: bench.folder + "/in/x.jpg")
    let page = "\(bench.folder)/n.md"
    try TestFiles.write(
      """
      # Pictures

      ```parallax
      > create collection c
      > ingest c \(bench.folder)/in
      > create collection d
      > ingest d \(bench.folder)/in
      > list collections
      ```
      """, to: page)
    return page
  }

  @Test func `it is said once with its place, and is no part of the page`() async throws {
    try await Bench.inNewFolder { bench in
      let page = try write(bench)
      await bench.succeed("check \(page) --update")
      let text = TestFiles.text(of: page)
      #expect(text?.contains("warning") == false)
      let checked = await bench.succeed("check \(page)")
      let said = "n.md:5: warning: an image cannot be read and was left out: 'x.jpg'"
      #expect(checked.notes.split(separator: said).count == 2, "\(checked.notes)")
      #expect(checked.notes.contains(" (also line 7)\n"), "\(checked.notes)")
      #expect(!checked.output.contains("warning") && checked.output.contains("all as expected"))
      #expect(TestFiles.text(of: page) == text)
    }
  }

  @Test(arguments: ["check PAGE --strict", "set strict on ; check PAGE"])
  func `under strict it is a failure, and nothing is written`(command: String) async throws {
    try await Bench.inNewFolder { bench in
      let page = try write(bench)
      let before = TestFiles.text(of: page)
      let command = command.replacing("PAGE", with: page)
      let failed = await bench.run(command)
      #expect(failed.code == 3 && failed.notes.contains("error: 1 warning, which --strict takes"))
      #expect(failed.notes.contains("n.md:5: warning: an image"), "\(failed.notes)")
      let update = await bench.run(command + " --update")
      #expect(update.code == 3 && update.notes.contains("nothing was written to '\(page)'"))
      #expect(
        TestFiles.text(of: page) == before && !TestFiles.exists("\(bench.folder)/n.lock.json"))
    }
  }
}

import ParallaxTestSupport
import Testing

/// The picture of the terminal in the README shows what the program prints.
@Suite struct PictureTests {
  @Test func `the picture of the terminal shows what its commands print`() async throws {
    let drawing = try #require(
      TestFiles.text(of: "\(TestData.packageRoot)/docs/pictures/terminal.svg"))
    let steps = Self.steps(of: Self.lines(of: drawing))
    #expect(steps.count >= 4, "\(steps)")
    #expect(steps.contains { $0.contains("exit: 2") }, "a mistake is shown")
    try await Shell.inNewFolder { shell in
      try TestFiles.write(
        """
        ---
        needs: [tiles@mini]
        ---
        ```parallax
        \(steps.joined(separator: "\n"))
        ```

        """, to: shell.folder + "/page.md")
      let outcome = try await shell.runWithDatasets(
        """
        create collection tiles
        ingest tiles datasets/tiles/images --meta datasets/tiles/metadata.csv --key filename
        embed tiles --as mini --model mini
        check page.md
        """, workspace: "work.parallax")
      #expect(outcome.code == 0, "run scripts/pictures\n\(outcome.output)\(outcome.errors)")
      #expect(outcome.output.contains("all as expected"), "\(outcome.output)")
    }
  }

  /// The texts of a drawing, a line of the terminal each.
  private static func lines(of drawing: String) -> [String] {
    drawing.split(separator: "\n").filter { $0.hasPrefix("<text") }.map { line in
      line.split(separator: "<").map { $0.drop { $0 != ">" }.dropFirst() }.joined()
        .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    }
  }

  /// What was typed and what it printed, as a page for `check` says it: a command that names its space, and
  /// its results; of an error what it says.
  private static func steps(of lines: [String]) -> [String] {
    var steps: [String] = []
    for line in lines {
      if let command = command(of: line) {
        // The last one is not finished: Tab shows what it may become.
        if command.count(where: { $0 == "\"" }) % 2 == 1 { break }
        if command.hasPrefix("use ") { continue }
        steps.append("> " + command.replacing("query ", with: "query tiles@mini "))
      } else if line.hasPrefix("error: ") {
        steps[steps.count - 1] += "\nerror[[..]]: \(line.dropFirst("error: ".count))\n...\nexit: 2"
      } else if !steps.isEmpty, !isSaidBeside(line) {
        steps[steps.count - 1] += "\n" + line
      }
    }
    return steps
  }

  /// What stands behind a prompt such as `tiles@mini 3> `.
  private static func command(of line: String) -> String? {
    guard let end = line.firstRange(of: "> ") else { return nil }
    let words = line[..<end.lowerBound].split(separator: " ")
    guard words.count <= 2, words.last.map({ Int($0) != nil }) ?? false else { return nil }
    return String(line[end.upperBound...])
  }

  /// Whether a line belongs to the standard error: notes with times, and where an error is.
  private static func isSaidBeside(_ line: String) -> Bool {
    line.contains(" · ") || line.hasPrefix("using ") || line.hasPrefix(" -->")
      || line.hasPrefix(" |")
  }
}

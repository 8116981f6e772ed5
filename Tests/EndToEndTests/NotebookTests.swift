import ParallaxTestSupport
import Testing

/// The notebooks of the repository show what the program prints.
@Suite struct NotebookTests {
  static let names = TestFiles.names(in: TestData.packageRoot + "/notebooks", endingWith: ".md")

  @Test(arguments: names)
  func `a notebook shows what its commands print`(_ name: String) async throws {
    try await Shell.inNewFolder { shell in
      let outcome = try await shell.runWithDatasets(
        "check \(TestData.packageRoot)/notebooks/\(name) --offline")
      #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
      #expect(!outcome.errors.contains("no lock"), "\(outcome.errors)")
    }
  }

  /// The ten minutes of the page about experiments print the table that it shows.
  @Test func `the page about experiments shows what its commands print`() async throws {
    let page = try #require(TestFiles.text(of: "\(TestData.packageRoot)/docs/experiments.md"))
    let commands = try #require(
      page.split(separator: "```\n").first { $0.hasPrefix("create collection") })
    let shown = page.split(separator: "\n").filter { $0.hasPrefix("    ") }.prefix(5)
    let lines = commands.split(separator: "\n")
    let again = lines.filter { $0.hasPrefix("let ") || $0.hasPrefix("dims = ") }
    let show = try #require(lines.first { $0.hasPrefix("show dims") })
    try await Shell.inNewFolder { shell in
      try TestFiles.write(
        """
        ---
        needs: [tiles@base]
        ---
        ```parallax
        \(again.joined(separator: "\n"))
        ```
        ```parallax tol=0.004
        > \(show)
        \(shown.joined(separator: "\n"))
        ```
        """, to: shell.folder + "/page.md")
      let outcome = try await shell.runWithDatasets(
        "\(commands)check page.md\n", workspace: "work.parallax")
      #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.errors.contains("64 numbers are enough: ndcg@10 differs from 256 by"))
      #expect(TestFiles.text(of: shell.folder + "/dims.svg") != nil)
    }
  }
}

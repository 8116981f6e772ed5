import ParallaxTestSupport
import Testing

/// The notebooks show what the program prints.
@Suite struct NotebookTests {
  static let names = ["dimension", "reranking", "task-type", "upgrade"]

  @Test(arguments: names)
  func `a notebook shows what its commands print`(_ name: String) async throws {
    let root = TestData.packageRoot
    let text = try #require(TestFiles.text(of: "\(root)/notebooks/\(name).md"))
    let notebook = Transcript(notebook: text)
    #expect(!notebook.steps.isEmpty)
    try await Shell.inNewFolder { shell in
      let outcome = try await ProgramRun(
        "/bin/sh",
        ["-c", "ln -s \"$1/datasets\" . && exec \"$0\" --no-init --echo", shell.program, root],
        input: notebook.script, folder: shell.folder
      ).finish()
      #expect(outcome.code == 0, "\(name).md said: \(outcome.errors)")
      for difference in notebook.differences(from: outcome.output) {
        Issue.record("\(name).md, \(difference)")
      }
    }
  }

  /// The ten minutes of the page about experiments print the table that it shows.
  @Test func `the page about experiments shows what its commands print`() async throws {
    let root = TestData.packageRoot
    let page = try #require(TestFiles.text(of: "\(root)/docs/experiments.md"))
    let commands = try #require(
      page.split(separator: "```\n").first { $0.hasPrefix("create collection") })
    let shown = page.split(separator: "\n").filter { $0.hasPrefix("    ") }.prefix(5)
    let example = "```parallax tol=0.004\n> show\n\(shown.joined(separator: "\n"))\n```\n"
    try await Shell.inNewFolder { shell in
      let outcome = try await ProgramRun(
        "/bin/sh",
        ["-c", "ln -s \"$1/datasets\" . && exec \"$0\" --no-init --echo", shell.program, root],
        input: String(commands), folder: shell.folder
      ).finish()
      #expect(outcome.code == 0, "\(outcome.errors)")
      let table = try #require(outcome.output.split(separator: "> show dims").last)
      let printed = table.split(separator: "\n").dropFirst().prefix(5).joined(separator: "\n")
      #expect(Transcript(notebook: example).differences(from: "> show\n\(printed)\n") == [])
      #expect(outcome.errors.contains("32 numbers are enough: ndcg@10 differs from 256 by"))
      #expect(TestFiles.text(of: shell.folder + "/dims.svg") != nil)
    }
  }

  private static let example = """
    ```parallax tol=0.01
    > list
    name  value
    a     1
    ...
    z     0.50 [..]
    > end
    ```

    ```parallax
    unchecked
    ```
    """

  @Test(
    arguments: [
      ("name value\na 1\nz 0.50", true), ("name value\na 1\nmore\nmore\nz 0.51 and words", true),
      ("name value\na 1\nz 0.52", false), ("name value\na 2\nz 0.50", false),
      ("name value\nz 0.50", false), ("name value\na 1\nz 0.50\nmore", false),
    ])
  func `a transcript tells what differs`(_ output: String, _ agrees: Bool) {
    let transcript = Transcript(notebook: Self.example)
    #expect(transcript.script == "list\nend\nunchecked\n")
    let differences = transcript.differences(
      from: "> list\n\(output)\n> end\n> unchecked\nanything\n")
    #expect(differences.isEmpty == agrees)
  }
}

import CommandLanguage
import ParallaxCore
import Testing

/// What of a page of Markdown is read as commands and their output.
@Suite struct NotebookTests {
  private func commands(_ page: String) throws -> [String] {
    try Notebook(page, name: "n.md").steps.map(\.source.text)
  }

  static let fences: [(page: String, commands: [String])] = [
    ("```parallax\n> a\n```\n", ["a"]),
    ("``` parallax tol=0.1\n> a\n```\n", ["a"]),
    ("~~~parallax\n> a\n```\n> b\n~~~\n", ["a", "b"]),
    ("````parallax\n> a\n```\n> b\n````\n> c\n", ["a", "b"]),
    // A fence ends with at least as many marks as it began with.
    ("```parallax\n> a\n`````  \n> b\n", ["a"]),
    ("```parallax\n> a\n``` x\n> b\n```\n", ["a", "b"]),
    ("   ```parallax\n   > a\n     > out\n   ```\n", ["a"]),
    ("  ```parallax\n> a\n  > b\n  ```\n", ["a", "b"]),
    // Without an end it goes to the end of the page.
    ("```parallax\n> a\n", ["a"]),
    ("```parallax\n> a\n    ```\n> b\n```\n", ["a", "b"]),
    // Other languages, and fences within other blocks.
    ("```sh\n> a\n```\n```\n> a\n```\n```parallaxes\n> a\n```\n", []),
    ("````\n```parallax\n> a\n```\n````\n", []),
    ("~~~\n```parallax\n> a\n```\n~~~\n", []),
    ("<!--\n```parallax\n> a\n```\n-->\n```parallax\n> b\n```\n", ["b"]),
    ("<pre>\n\n```parallax\n> a\n```\n</pre>\n", []),
    ("<details>\n```parallax\n> a\n```\n\n```parallax\n> b\n```\n</details>\n", ["b"]),
    ("``` a`b\n```parallax\n> a\n```\n", ["a"]),
    ("text `` ```parallax `` text\n", []),
    // Windows' line ends.
    ("```parallax\r\n> a\r\nout\r\n```\r\n", ["a"]),
    // A block without '> ' is one text.
    ("```parallax\na\n\nb\n```\n", ["a\n\nb"]),
    // Commands that go on.
    (
      "```parallax\n> a \\\n. b\nout\n> c |\n. d\n> 'e\n. . f'\n```\n",
      ["a \\\nb", "c |\nd", "'e\n. f'"]
    ),
    ("```parallax\n>\n> # note\n```\n", ["", "# note"]),
  ]

  @Test(arguments: fences)
  func `blocks are read as a code host shows them`(_ sample: (page: String, commands: [String]))
    throws
  {
    #expect(try commands(sample.page) == sample.commands)
  }

  @Test func `what is expected stands below a command`() throws {
    let page =
      "# T\n\n  ```parallax tol=0.5 rows=set\n\n  > a\n   x\n  y\n  exit: 3\n\n  > b\n  ```\nend"
    let notebook = try Notebook(page, name: "n.md")
    let expected = try #require(notebook.steps[0].expected)
    #expect(expected.lines == [" x", "y"] && expected.exitCode == 3)
    #expect(expected.options.tolerance == 0.5 && expected.options.rowsAreSet)
    #expect(expected.place == 5..<8)
    let none = try #require(notebook.steps[1].expected)
    #expect(none.lines.isEmpty && none.place == 10..<10 && none.exitCode == nil)
    let location = notebook.steps[0].source.location(of: 0..<1)
    #expect(location.line == 5 && location.text == "  > a" && location.part == "a")
    #expect(
      notebook.page.replacing([(expected.place, ["n"]), (none.place, ["m", "o"])])
        == page.replacing("   x\n  y\n  exit: 3\n", with: "n\n").replacing(
          "> b\n", with: "> b\nm\no\n"))
  }

  @Test func `front matter`() throws {
    let page = """
      ---
      title: Night shots # for people
      parallax: 1
      needs: [photos@base, "other"]
      params: { k: 4, name: 'a, b' }
      ---
      """
    let front = try Notebook(page, name: "n.md").frontMatter
    #expect(front.needs == ["photos@base", "other"])
    #expect(front.params.map(\.name) == ["k", "name"])
    #expect(front.params.map(\.value) == ["4", "a, b"])
    let lines = try Notebook(
      "---\nneeds:\n  - a\n- b@c\nparams:\n  k: 1\n  t: x y\n---\n", name: "n")
    #expect(lines.frontMatter.needs == ["a", "b@c"])
    #expect(lines.frontMatter.params.map(\.value) == ["1", "x y"])
    #expect(try Notebook("# no front matter\n---\n", name: "n").frontMatter == FrontMatter())
    let odd = try Notebook("---\nparms: { k: 4 }\n---\n", name: "n.md")
    #expect(odd.warnings.count == 1 && odd.warnings[0].contains("did you mean 'params'?"))
  }

  static let mistakes: [(page: String, line: Int, message: String)] = [
    ("---\nparallax: 2\n---\n", 2, "this program reads notebooks of version 1; got '2'"),
    ("---\nparallax: 1\n", 1, "never closed"),
    ("---\nneeds: photos\n---\n", 2, "'needs' takes a list"),
    ("---\nparams: { 1k: 4 }\n---\n", 2, "'params' takes names and values"),
    ("---\nparams: { k: 4, k: 5 }\n---\n", 2, "'k' is given twice"),
    ("---\nneeds: [a]\nneeds: [b]\n---\n", 3, "says 'needs' twice"),
    ("---\njust words\n---\n", 2, "lines of 'key: value'"),
    ("```parallax tolerance=1\n> a\n```\n", 1, "unknown option 'tolerance' of a block"),
    ("```parallax tol=x\n> a\n```\n", 1, "'tol' takes a number from 0; got 'x'"),
    ("```parallax rows=any\n> a\n```\n", 1, "'rows' takes 'set'; got 'any'"),
    ("```parallax overlap=1.5\n> a\n```\n", 1, "'overlap' takes a number above 0, up to 1"),
    ("```parallax tol=1\na\n```\n", 1, "no command in it begins with '> '"),
    ("text\n```parallax\nout\n> a\n```\n", 3, "before the first command"),
    ("```parallax\n> a |\nout\n```\n", 2, "its next line does not begin with '. '"),
    ("```parallax\n> a\n. b\n```\n", 3, "'. ' continues a command"),
  ]

  @Test(arguments: mistakes)
  func `a mistake has its line`(_ sample: (page: String, line: Int, message: String)) {
    let error = #expect(throws: ParallaxError.self) { try commands(sample.page) }
    #expect(error?.location?.line == sample.line)
    #expect(error?.message.contains(sample.message) ?? false, "\(error?.message ?? "")")
    #expect(error?.code.exitCode == 2)
  }

  @Test(arguments: [
    "    ```parallax\n    > a\n    ```\n", "> ```parallax\n> > a\n> ```\n",
    "1. one\n   - two\n\n     ```parallax\n     > a\n     ```\n",
  ])
  func `a fence that is not read is reported`(_ page: String) throws {
    let notebook = try Notebook(page, name: "n.md")
    #expect(notebook.steps.isEmpty && notebook.warnings.count == 1, "\(notebook.warnings)")
  }
}

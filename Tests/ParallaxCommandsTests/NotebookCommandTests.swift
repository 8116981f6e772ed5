import CommandLanguage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// `run`, `check` and `record` with pages of Markdown.
@MainActor @Suite struct NotebookCommandTests {
  private func write(_ text: String, _ bench: Bench, _ name: String = "n.md") throws -> String {
    try TestFiles.write(text, to: "\(bench.folder)/\(name)")
    return "\(bench.folder)/\(name)"
  }

  private func text(_ path: String) -> String { TestFiles.text(of: path) ?? "" }

  @Test func `a page runs in the session, with its own values and those given`() async throws {
    try await Bench.inNewFolder { bench in
      let page = try write(
        """
        ---
        params: { name: a, other: b }
        ---
        ```parallax
        create collection $name
        ```
        ```parallax
        > create collection $other
        > list nothing
        exit: 2
        > describe c
        exit: 1
        > list collections
        ```
        """, bench)
      let outcome = await bench.run("let name = z ; run \(page) other=x ; show variables")
      #expect(outcome.code == 0, "\(outcome.notes)")
      #expect(outcome.notes.contains("error: there is no collection 'c'"), "\(outcome.notes)")
      let names = await bench.rows("list collections").map { $0.prefix { $0 != "," } }
      #expect(names == ["a", "x"])
      #expect(await bench.rows("show variables") == ["$name,z"])
      let wrong = await bench.run("drop collection x --yes ; run \(try write(Self.failing, bench))")
      #expect(wrong.code == 3 && wrong.notes.contains("n.md:2:3"), "\(wrong.notes)")
      #expect(wrong.notes.contains("was expected to fail with exit code 1, and succeeded"))
    }
  }

  private static let failing = "```parallax\n> list collections\nexit: 1\n```\n"

  @Test func `a mistake in the last line runs nothing`() async throws {
    try await Bench.inNewFolder { bench in
      let page = try write(
        "# T\n```parallax\n> create collection a\n```\n  ```parallax\n  > show nothing\n  ```\n",
        bench)
      for command in ["run", "check"] {
        let outcome = await bench.run("\(command) \(page)")
        #expect(outcome.code == 2)
        #expect(outcome.notes.contains("n.md:6:10"), "\(outcome.notes)")
        #expect(outcome.notes.contains("6 |   > show nothing"), "\(outcome.notes)")
      }
      #expect(await bench.rows("list collections").isEmpty)
    }
  }

  @Test func `check sees no setting, variable or result of the session`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let page = try write(
        """
        ---
        needs: [c@base]
        ---
        ```parallax
        > query c@base --like a --top 2 --columns rank,id,score
        ```
        """, bench)
      let filled = await bench.succeed("check \(page) --pending")
      #expect(filled.output.hasSuffix("1 output written\n"), "\(filled.output)")
      #expect(text(page).contains("rank  id   score\n   1  a   1.0000\n"), "\(text(page))")
      let again = await bench.succeed(
        "set mode json ; set show.precision 2 ; let k = 3 ; top = list spaces ; check \(page)")
      #expect(again.output.contains("1 command compared, all as expected"), "\(again.output)")
      for (wrong, message) in [
        ("$k", "unknown variable '$k'"), ("top", "unknown result 'top'"),
      ] {
        let bad = try write("```parallax\n> show \(wrong)\n```\n", bench, "bad.md")
        let outcome = await bench.run("check \(bad)")
        #expect(outcome.code == 2 && outcome.notes.contains(message), "\(outcome.notes)")
      }
      let missing = try write("```parallax\n> query c@base --like a\n```\n", bench, "m.md")
      let outcome = await bench.run("check \(missing)")
      #expect(outcome.code == 2 && outcome.notes.contains("needs: [c@base]"), "\(outcome.notes)")
    }
  }

  @Test func `what fails unexpectedly ends a page and is never written`() async throws {
    try await Bench.inNewFolder { bench in
      let body =
        "```parallax\n> create collection a\n> export nothing_yet --to x.csv\n> list spaces\n```\n"
      let page = try write(
        body.replacing("export nothing_yet --to x.csv", with: "ingest a no/such"), bench)
      let before = text(page)
      for option in ["", "--update"] {
        let outcome = await bench.run("check \(page) \(option)")
        #expect(outcome.code != 0, "\(outcome.output)")
        #expect(text(page) == before)
      }
    }
  }

  @Test func `several pages do not meet, and each is reported`() async throws {
    try await Bench.inNewFolder { bench in
      let page = "```parallax\n> create collection a\n> list collections\n...\n```\n"
      let first = try write(page, bench, "one.md")
      let second = try write(page.replacing("...", with: "x"), bench, "two.md")
      let outcome = await bench.run("check \(first) \(second)")
      #expect(outcome.code == 3)
      #expect(outcome.output.contains("one.md: 2 commands compared, all as expected"))
      #expect(outcome.output.contains("two.md: 1 of 2 commands compared differs"))
      #expect(
        outcome.notes.contains("two.md' shows is not what is printed now"), "\(outcome.notes)")
      #expect(await bench.rows("list collections").isEmpty)
    }
  }

  @Test func `an update keeps everything else of a page`() async throws {
    try await Bench.inNewFolder { bench in
      let page = try write(
        "\u{FEFF}# T\r\n\r\n  ~~~parallax\r\n  > create collection a\r\n  > list collections\r\n  old\r\n\r\n"
          + "  > list spaces\r\n  ~~~\r\nend", bench)
      await bench.succeed("check \(page) --update")
      let new = text(page)
      #expect(new.hasPrefix("\u{FEFF}# T\r\n\r\n  ~~~parallax\r\n  > create collection a\r\n"))
      #expect(new.contains("> list collections\r\n  ") && new.hasSuffix("  ~~~\r\nend"), "\(new)")
      #expect(!new.contains("old") && new.contains("\r\n\r\n  > list spaces\r\n"))
      await bench.succeed("check \(page)")
      await bench.succeed("check \(page) --update")
      #expect(text(page) == new)
    }
  }

  @Test func `a recording passes its check`() async throws {
    try await Bench.inNewFolder(isInteractive: true) { bench in
      try await bench.prepare()
      let page = bench.folder + "/rec.md"
      for line in [
        "set show.precision 6", "let k = 2", "red = query c@base --like a --top $k",
        "use c@base", "record start \(page)",
      ] { #expect(await bench.type(line).code == 0) }
      bench.session.recording?.add(note: "The nearest first.")
      for line in [
        "query --like b --top $k", "show _ --rows 1", "filter red --top 1", "list spacess",
        "set mode csv", "query c@base --like a --top 1 --columns id,score", "help show",
        "record stop",
      ] { _ = await bench.type(line) }
      let recorded = text(page)
      #expect(
        recorded.hasPrefix("---\nparallax: 1\nneeds: [c, c@base]\n---\n# rec\n")
          || recorded.hasPrefix("---\nparallax: 1\nneeds: [c@base]\n---\n# rec\n"), "\(recorded)")
      #expect(
        recorded.contains("set show.precision 6\nlet k = 2\nred = query c@base"), "\(recorded)")
      #expect(recorded.contains("\nThe nearest first.\n\n```parallax\n> "), "\(recorded)")
      #expect(!recorded.contains("spacess") && !recorded.contains("help show"))
      let outcome = await bench.type("check \(page)")
      #expect(outcome.code == 0, "\(outcome.output)\(outcome.notes)\n\(recorded)")
      #expect(await bench.type("run \(page) --dry-run").code == 0)
      #expect(await bench.type("record start \(page)").notes.contains("exists"))
    }
  }

  @Test func `a plan says what is asked for, at what price, and what is written`() async throws {
    try await Bench.withService { bench, service in
      let table = bench.folder + "/out.csv"
      let script = try write(
        """
        embed c --as o --model openai:test --dim 4 --content text
        r = query c@o --text cat
        export r --to \(table)
        query c@base --like a
        """, bench, "n.plx")
      let plan = await bench.rows("run \(script) --dry-run")
      #expect(plan.count == 4)
      #expect(plan[0].contains(" text,1,") && plan[0].hasSuffix(","), "\(plan[0])")
      #expect(plan[1].hasSuffix(" cat,1,,"), "\(plan[1])")
      #expect(plan[2].hasSuffix(",0,0.0,\(table)") && plan[3].hasSuffix(",0,0.0,"), "\(plan)")
      #expect(service.items == 0 && !TestFiles.exists(table))
    }
  }

  @Test(arguments: [
    ("> list spaces", InputLine.transcript("list spaces", ignored: 0)),
    ("> a \\\n. b\nout\n\nout\n> c\n", .transcript("a \\\nb\nc", ignored: 2)),
    ("```parallax\n> a\n```", .transcript("a", ignored: 0)), ("list > x", .commands),
    ("12> a\nout\nt@base 13> b\n", .transcript("a\nb", ignored: 1)), ("a b 3> c", .commands),
    ("out\n> a", .commands),
  ])
  func `a transcript is commands`(_ text: String, _ kind: InputLine) {
    #expect(InputLine(text) == kind)
  }
}

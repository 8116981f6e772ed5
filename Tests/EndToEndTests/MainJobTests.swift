import ParallaxTestSupport
import Testing

/// The main job on the pictures of the repository, with the built-in model.
@Suite struct MainJobTests {
  private static let prepare = """
    create collection tiles --desc "drawn pictures"
    ingest tiles \(Shell.tiles)/images --meta \(Shell.tiles)/metadata.csv --key filename
    embed tiles --as base --model mini
    """

  @Test func `pictures are found by picture, item and text`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      let counts = try await shell.rows("list spaces")
      #expect(counts.map { Array($0[5...8]) } == [["256", "369", "369", "0"]])

      // An altered copy finds the picture it was made from.
      let copies = try await shell.rows(
        "query tiles@base --image \(Shell.tiles)/queries/copy-of-mug-006.jpg --top 3 --columns id")
      #expect(copies.contains(["mug-006"]))

      let own = try await shell.rows("query tiles --like shoe-001 --top 2 --columns rank,id,score")
      #expect(own.first == ["1", "shoe-001", "1.0"])

      // Red things lead when red is asked for among shoes of every colour.
      let red = try await shell.rows(
        "query tiles --text 'a red shoe' --where \"product = 'shoe'\" --top 4 --columns colour")
      #expect(red.filter { $0 == ["red"] }.count >= 2)
    }
  }

  @Test func `conditions hold for every row and are applied before the search`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      let rows = try await shell.rows(
        "query tiles --like mug-001 --top 10 --columns rank,id,price,in_stock "
          + "--where 'price between 5 and 20 and in_stock = true'")
      #expect(rows.count == 10)
      #expect(rows.allSatisfy { (5...20).contains(Double($0[2]) ?? 0) && $0[3] == "true" })
      #expect(rows.map { $0[0] } == (1...10).map(String.init))
    }
  }

  @Test func `weights move a mixed question between its terms`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      func ids(_ terms: String) async throws -> [[String]] {
        try await shell.rows("query tiles \(terms) --top 8 --columns id")
      }
      let item = try await ids("--like fabric-001")
      #expect(try await ids("--like fabric-001^1 --text red^0") == item)
      #expect(try await ids("--like fabric-001^0.5 --text red^0.5") != item)
      #expect(try await ids("--like fabric-001 --not-like fabric-001^0.99 --text red") != item)
    }
  }

  @Test func `results are named, narrowed and exported with their provenance`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      try await shell.succeed(
        """
        near = query tiles --like wood-009 --top 50 --columns rank,id,score,caption | filter --min-score 0.5
        export near --to near.csv
        """)
      let table = try #require(TestFiles.text(of: shell.folder + "/near.csv"))
      #expect(table.hasPrefix("rank,id,score,caption\n1,wood-009,1.0,"))
      let provenance = try #require(
        TestFiles.text(of: shell.folder + "/near.csv-metadata.json"))
      for fact in ["tiles@base", "model=mini;version=", "--like wood-009"] {
        #expect(provenance.contains(fact), "no \(fact) in \(provenance)")
      }

      let again = try await shell.run("query tiles --like wood-001 ; export _ --to near.csv")
      #expect(again.code == 1 && again.errors.contains("--replace"))
      #expect(TestFiles.text(of: shell.folder + "/near.csv") == table)
    }
  }

  @Test(.enabled(if: Shell.systemProgram("python3") != nil, "needs Python"))
  func `an independent reader reads back what was exported`() async throws {
    try await Shell.inNewFolder { shell in
      let captions = ["", "a \"quoted\", word", "two\nlines", "猫 と 犬", "=1+1", "  blanks "]
      for index in captions.indices {
        try TestFiles.copy(
          "\(Shell.tiles)/images/mug-00\(index + 1).jpg", to: "\(shell.folder)/in/\(index).jpg")
      }
      let lines = captions.enumerated().map { index, caption in
        "\(index).jpg,\"\(caption.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
      }
      try TestFiles.write(
        "file,caption\n" + lines.dropFirst().joined(separator: "\n") + "\n0.jpg,\n",
        to: shell.folder + "/captions.csv")
      try await shell.succeed(
        """
        create collection c
        ingest c in --meta captions.csv --key file
        embed c --as base --model mini
        query c --like 0 --top 6 --columns id,score,caption ; export _ --to out.csv
        """)
      let script = """
        import csv, struct, sys
        rows = list(csv.DictReader(open("out.csv", encoding="utf-8", newline="")))
        for row in sorted(rows, key=lambda row: row["id"]):
            score = float(row["score"])
            assert struct.unpack("f", struct.pack("f", score))[0] - score < 1e-7
            print(row["id"], ascii(row["caption"]))
        """
      let python = try #require(Shell.systemProgram("python3"))
      let outcome = try await ProgramRun(
        python, ["-c", script], folder: shell.folder
      ).finish()
      #expect(outcome.errors.isEmpty)
      #expect(
        outcome.output == """
          0 ''
          1 'a "quoted", word'
          2 'two\\nlines'
          3 '\\u732b \\u3068 \\u72ac'
          4 '=1+1'
          5 '  blanks '

          """)
    }
  }

  @Test func `a closed pipe ends the program quietly`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      let outcome = try await ProgramRun(
        "/bin/sh",
        [
          "-c", "{ \"$0\" work.parallax -c \"$1\" ; echo $? >&2 ; } | head -n 1", shell.program,
          "set show.rows 400 ; "
            + Array(repeating: "query tiles --like mug-001 --top 369", count: 20)
            .joined(separator: " ; "),
        ], folder: shell.folder
      ).finish()
      #expect(outcome.output.split(separator: "\n").count == 1)
      #expect(outcome.errors.hasSuffix("141\n"))
      #expect(!outcome.errors.contains("error:"))
    }
  }

  @Test func `the script of the demo runs`() async throws {
    try await Shell.inNewFolder { shell in
      let root = TestData.packageRoot
      let outcome = try await ProgramRun(
        "/bin/sh",
        [
          "-c",
          "ln -s \"$1/datasets\" datasets && mkdir demo && exec \"$0\" -f \"$1/notebooks/demo.plx\"",
          shell.program, root,
        ], folder: shell.folder
      ).finish()
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(!outcome.output.isEmpty)
    }
  }

  /// The commands of the README's ten minutes, and what it says to run next, twice.
  @Test func `the ten minutes of the README lead on to the tour`() async throws {
    let readme = try #require(TestFiles.text(of: TestData.packageRoot + "/README.md"))
    let blocks = readme.split(separator: "```\n")
    let commands = ["create collection tiles ", "let asked = "].map { beginning in
      String(blocks.first { $0.hasPrefix(beginning) } ?? "")
    }.joined()
    try await Shell.inNewFolder { shell in
      let script = "\(commands)run notebooks/tour.md\nrun notebooks/tour.md\nlist collections\n"
      try TestFiles.write(script, to: shell.folder + "/minutes.plx")
      let outcome = try await ProgramRun(
        "/bin/sh",
        [
          "-c",
          "ln -s \"$1/datasets\" . && ln -s \"$1/notebooks\" . && exec \"$0\" tour.parallax -f minutes.plx",
          shell.program, TestData.packageRoot,
        ], folder: shell.folder
      ).finish()
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(!outcome.errors.contains("warning"), "\(outcome.errors)")
      #expect(TestFiles.text(of: shell.folder + "/cloth.csv") != nil)
      #expect(TestFiles.text(of: shell.folder + "/report.html") != nil)
    }
  }
}

import ParallaxTestSupport
import Testing

/// What `check` accepts, refuses and writes, with the built program.
@Suite struct NotebookCheckTests {
  private static let images = "\(Shell.tiles)/images"

  /// Six pictures, of which `a` and `b` are the same, in a space of which a notebook shows a ranking.
  private func withNotebook(_ body: (Shell, _ page: String) async throws -> Void) async throws {
    try await Shell.inNewFolder { shell in
      let tiles = ["a": "mug-001", "b": "mug-001", "c": "shoe-001", "d": "brick-001"]
      for (name, tile) in tiles {
        try TestFiles.copy("\(Self.images)/\(tile).jpg", to: "\(shell.folder)/in/\(name).jpg")
      }
      try await shell.succeed("create collection t ; ingest t in ; embed t --as base --model mini")
      try TestFiles.write(Self.empty, to: shell.folder + "/n.md")
      let filled = try await shell.run("check n.md --update")
      #expect(filled.code == 0, "\(filled.output)\(filled.errors)")
      try await body(shell, try #require(TestFiles.text(of: shell.folder + "/n.md")))
    }
  }

  private static let empty = """
    ---
    needs: [t@base]
    ---
    # Mugs

    The twins come first.

    ```parallax
    > query t@base --like c --top 4 --columns rank,id,score
    > query t@base --like a --where "yaer > 1"
    exit: 2
    ```

    The end.

    """

  private func check(_ page: String, _ shell: Shell, _ options: String = "") async throws
    -> ProgramOutcome
  {
    try TestFiles.write(page, to: shell.folder + "/n.md")
    return try await shell.run("check n.md \(options)")
  }

  @Test func `what differs is found, and nothing else`() async throws {
    try await withNotebook { shell, page in
      let rows = page.split(separator: "\n").map(String.init)
        .filter { "1234".contains($0.drop { $0 == " " }.first ?? "x") }
      #expect(rows.count == 4, "\(page)")
      let words = rows.map { $0.split(separator: " ").map(String.init) }
      let twins = words.indices.filter { ["a", "b"].contains(words[$0][1]) }
      #expect(twins.count == 2 && words[twins[0]][2] == words[twins[1]][2])
      let other = try #require(words.indices.dropFirst().first { !twins.contains($0) })
      func replacing(_ row: Int, _ column: Int, by text: String) -> String {
        var cells = words[row]
        cells[column] = text
        return page.replacing(rows[row], with: cells.joined(separator: "  "))
      }
      func swapping(_ one: Int, _ two: Int) -> String {
        let lines = [(one, two), (two, one)].map { place, row in
          ([words[place][0]] + words[row].dropFirst()).joined(separator: " ")
        }
        return page.replacing(rows[one], with: "FIRST").replacing(rows[two], with: lines[1])
          .replacing("FIRST", with: lines[0])
      }
      let score = words[twins[0]][2]
      let moved = String(score.dropLast()) + (score.hasSuffix("9") ? "8" : "9")
      for (name, changed, code) in [
        ("nothing", page, 0),
        ("jitter", replacing(twins[0], 2, by: Self.rounded(score)), 0),
        ("tied swap", swapping(twins[0], twins[1]), 0),
        ("moved score", replacing(twins[0], 2, by: moved), 3),
        ("untied swap", swapping(twins[0], other), 3),
        ("replaced id", replacing(other, 1, by: "x"), 3),
        ("changed count", replacing(other, 0, by: "9"), 3),
        ("missing row", page.replacing(rows[3] + "\n", with: ""), 3),
        ("another row", page.replacing(rows[3], with: rows[3] + "\n5 e 0.0001"), 3),
        ("another error", page.replacing("unknown-field", with: "unknown-name"), 3),
        ("another exit", page.replacing("exit: 2", with: "exit: 1"), 3),
        ("no failure", page.replacing("exit: 2\n", with: ""), 2),
        ("a note", page.replacing("The end.", with: "Another end."), 0),
        ("wildcards", page.replacing(rows[1] + "\n" + rows[2], with: "..."), 0),
        ("a typo", page.replacing("> query t@base --like c", with: "> query t@base --lik c"), 2),
      ] {
        let outcome = try await check(changed, shell)
        #expect(outcome.code == Int32(code), "\(name): \(outcome.output)\(outcome.errors)")
        if code == 3 {
          #expect(outcome.output.contains("n.md:9") || outcome.output.contains("n.md:15"))
        }
        #expect(TestFiles.text(of: shell.folder + "/n.md") == changed)
      }
      try TestFiles.write(page, to: shell.folder + "/n.md")
      let loud = try await shell.run(
        "set mode csv ; set show.precision 9 ; set error.codes off ; check n.md",
        environment: ["PARALLAX_MODE": "json", "LC_ALL": "de_DE.UTF-8", "CLICOLOR_FORCE": "1"])
      #expect(loud.code == 0, "\(loud.output)")

      // Both versions have the same vectors of images: nothing but the lock can tell them apart.
      try await shell.succeed("drop space t@base --yes ; embed t --as base --model mini@2")
      let again = try await check(page, shell)
      #expect(again.code == 3)
      #expect(
        again.output.hasPrefix("n.md: 't@base' was embedded again with mini"), "\(again.output)")
    }
  }

  /// With a digit less.
  private static func rounded(_ score: String) -> String {
    let value = (Double(score) ?? 0) * 1_000
    let digits = String(Int(value.rounded()))
    return "0." + String(repeating: "0", count: 3 - digits.count) + digits
  }

  @Test func `an update is made once and keeps what agrees`() async throws {
    try await withNotebook { shell, page in
      let path = shell.folder + "/n.md"
      let lock = TestFiles.text(of: shell.folder + "/n.lock.json")
      #expect(lock?.contains("\"t@base\"") ?? false)
      let wrong = page.replacing("\n   2 ", with: "\n   7 ").replacing("unknown-field", with: "x")
        .replacing("The end.", with: "...")
      #expect(wrong != page)
      let first = try await check(wrong, shell, "--update")
      #expect(first.code == 0 && first.output.contains("2 outputs written"), "\(first.output)")
      #expect(TestFiles.text(of: path) == page.replacing("The end.", with: "..."))
      let second = try await shell.run("check n.md --update")
      #expect(second.code == 0 && second.output.contains("all as expected"))
      #expect(TestFiles.text(of: path) == page.replacing("The end.", with: "..."))
      #expect(TestFiles.text(of: shell.folder + "/n.lock.json") == lock)
      // Only what is not there yet.
      let pending = wrong.replacing("```parallax\n", with: "```parallax\n> list collections\n")
      let filled = try await check(pending, shell, "--pending")
      #expect(filled.code == 3, "\(filled.output)")
      let text = try #require(TestFiles.text(of: path))
      #expect(
        text.contains("> list collections\ncollection  ")
          || text.contains("> list collections\nname  "), "\(text)")
      #expect(text.contains("\n   7 ") && text.contains("error[x]"))
    }
  }

  @Test(.enabled(if: ProviderServer.python != nil, "needs Python"))
  func `offline nothing is asked for`() async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    try await Shell.inNewFolder { shell in
      for tile in ["mug-001", "shoe-001"] {
        try TestFiles.copy("\(Self.images)/\(tile).jpg", to: "\(shell.folder)/in/\(tile).jpg")
      }
      let commands = """
        create collection t
        ingest t in
        embed t --as g --model gemini-embedding-2 --dim 128
        """
      try TestFiles.write(
        """
        ```parallax
        \(commands)
        ```
        ```parallax
        > query t@g --text shoes --top 2 --columns rank,id
        ```
        """, to: shell.folder + "/n.md")
      let first = try await shell.run("check n.md --update", environment: server.environment())
      #expect(first.code == 0, "\(first.output)\(first.errors)")
      let paid = try await server.seen().requests.count
      #expect(paid > 0)
      // The replies are in the workspace, although the notebook had one of its own.
      let warm = try await shell.run("check n.md --offline", environment: server.environment())
      #expect(warm.code == 0, "\(warm.output)\(warm.errors)")
      let page = try #require(TestFiles.text(of: shell.folder + "/n.md"))
      let cold = try await check(
        page.replacing("shoes", with: "\"blue shoes\""), shell, "--offline")
      #expect(cold.code == 3)
      #expect(
        cold.output.contains("error[offline]: offline, and 'gemini-embedding-2' has given no"))
      #expect(cold.output.contains("blue shoes"), "\(cold.output)")
      #expect(try await server.seen().requests.count == paid)
    }
  }

  /// No version of the program was released yet; a script of each version of the language is kept.
  @Test(arguments: ["version-1.plx", "version-1.md"])
  func `old scripts still pass`(_ name: String) async throws {
    try await Shell.inNewFolder { shell in
      try TestFiles.link(shell.folder + "/datasets", to: TestData.packageRoot + "/datasets")
      let path = "\(TestData.packageRoot)/Tests/EndToEndTests/Fixtures/\(name)"
      let command = name.hasSuffix(".md") ? ["-c", "check \(path)"] : ["-f", path]
      let outcome = try await shell.run(arguments: command)
      #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    }
  }

  @Test func `a recording passes its check`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed("create collection t ; ingest t \(Self.images)/mug-00*.jpg")
      try await shell.succeed(
        "let n = t ; record start r.md ; list collections ; describe $n ; record stop ; check r.md")
      let page = try #require(TestFiles.text(of: shell.folder + "/r.md"))
      #expect(page.contains("needs: [t]") && page.contains("let n = t"), "\(page)")
      let dry = try await shell.succeed("run r.md --dry-run")
      #expect(dry.output.contains("describe $n"))
      // One that makes what it uses starts from nothing.
      let made = try await shell.run(
        arguments: [
          "-c",
          "record start m.md ; create collection u ; list collections ; record stop ; check m.md",
        ])
      #expect(made.code == 0, "\(made.output)\(made.errors)")
    }
  }

  @Test func `a saved history passes a dry run`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(
        "create collection t --desc 'a \"b\" c' ; let k = 3 ; ingest t \(Self.images)/mug-00*.jpg ; "
          + "list collections ; history --save n.plx ; history --save n.md")
      for name in ["n.plx", "n.md"] {
        let outcome = try await shell.run(arguments: ["-c", "run \(name) --dry-run"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("create collection t"))
      }
    }
  }
}

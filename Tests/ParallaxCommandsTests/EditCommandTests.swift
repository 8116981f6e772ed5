import ParallaxProviders
import ParallaxStorage
import ParallaxSystem
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// `edit`, with a script of the shell as the editor.
@MainActor @Suite struct EditCommandTests {
  /// Runs `body` on the prompt of a session whose editor runs `script`, with the file as `$file`.
  private func withEditor(
    _ script: String, isSafe: Bool = false, _ body: (Bench) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      let editor = folder + "/it's an editor"
      try TestFiles.write("for file; do :; done\ncd '\(folder)'\n\(script)\n", to: editor)
      var providers = Bench.providers
      providers.variables = [
        "VISUAL": " ", "EDITOR": "sh \"\(editor)\" --wait",
      ]
      let bench = try Bench(
        folder: folder, isInteractive: true, isSafe: isSafe, providers: providers)
      defer { bench.session.workspace.close() }
      try await body(bench)
    }
  }

  @Test func `the last input is edited whole, and what is saved takes its place`() async throws {
    let script = """
      stat -c %a "$file" > seen; cat "$file" >> seen; printf %s "${file##*.}" >> seen
      printf %s "$file" > path; printf 'list spaces\\nlist collections\\n\\n' > "$file"
      """
    try await withEditor(script) { bench in
      _ = await bench.type("list collections")
      // What failed most of all is to be mended.
      #expect(await bench.type("list |\n  'spaces'").code == 2)
      let edited = await bench.type("edit")
      #expect(edited.code == 0)
      #expect(edited.notes == "3> list spaces\n. list collections\n", "\(edited.notes)")
      #expect(
        TestFiles.text(of: bench.folder + "/seen") == "600\nlist |\n  'spaces'\nplx")
      let path = try #require(TestFiles.text(of: bench.folder + "/path"))
      #expect(!TestFiles.exists(path))
      #expect(bench.session.takeEdited() == "list spaces\nlist collections")
      #expect(bench.session.takeEdited() == nil)
      #expect(bench.session.inputNumber == 3)
      #expect(bench.session.entered.entries.map(\.text) == ["list collections"])
      #expect(await bench.type("edit 1").code == 0)
      #expect(
        TestFiles.text(of: bench.folder + "/seen") == "600\nlist collections\nplx")
    }
  }

  @Test(arguments: [
    ("true", "the text is unchanged: nothing runs\n"),
    ("touch \"$file~\"", "the text is unchanged: nothing runs\n"),
    (": > \"$file\"", "the file is empty: nothing runs\n"),
    ("printf '\\n\\n' > \"$file\"", "the file is empty: nothing runs\n"),
  ])
  func `an unchanged text and an empty one run nothing`(script: String, said: String) async throws {
    try await withEditor(script) { bench in
      _ = await bench.type("list collections")
      let outcome = await bench.type("edit")
      #expect(outcome.code == 0 && outcome.notes == said, "\(outcome.notes)")
      #expect(bench.session.takeEdited() == nil && bench.session.inputNumber == 2)
    }
  }

  @Test func `before the first input an empty file is opened`() async throws {
    try await withEditor("test -s \"$file\" || printf 'list' > \"$file\"") { bench in
      #expect(await bench.type("edit").code == 0)
      #expect(bench.session.takeEdited() == "list")
    }
  }

  @Test func `an editor that fails runs nothing, and what it saved is kept`() async throws {
    let script = """
      cat "$file" > seen; printf 'list spaces' > "$file"; test -e well || exit 3
      """
    try await withEditor(script) { bench in
      _ = await bench.type("list collections")
      let failed = await bench.type("edit")
      #expect(failed.code == 1 && failed.notes.contains("ended with exit code 3: nothing runs"))
      #expect(failed.notes.contains("'edit' opens that"), "\(failed.notes)")
      #expect(bench.session.takeEdited() == nil)
      try TestFiles.write("", to: bench.folder + "/well")
      _ = await bench.type("edit")
      #expect(TestFiles.text(of: bench.folder + "/seen") == "list spaces\n")
    }
    try await withEditor("kill -9 $$") { bench in
      let killed = await bench.type("edit")
      #expect(killed.code == 1 && killed.notes.contains("was ended by signal 9"))
      #expect(killed.notes.contains("'edit' opens it again"), "\(killed.notes)")
    }
    try await withEditor("exit 127") { bench in
      let missing = await bench.type("edit")
      #expect(missing.code == 1 && missing.notes.contains("cannot be run"))
      #expect(missing.notes.contains("VISUAL or EDITOR"), "\(missing.notes)")
    }
  }

  @Test func `what is no text stays where it is`() async throws {
    try await withEditor("printf '\\377' > \"$file\"; printf %s \"$file\" > path") { bench in
      let outcome = await bench.type("edit")
      let path = try #require(TestFiles.text(of: bench.folder + "/path"))
      #expect(outcome.code == 1 && outcome.notes.contains("'\(path)' is not UTF-8"))
      #expect(TestFiles.exists(path))
      Folder.removeAll(String(path.dropLast("/input.plx".count)))
    }
  }

  @Test func `it works at the prompt alone`() async throws {
    try await withEditor("printf 'list' > \"$file\"") { bench in
      for (line, said) in [
        ("edit 7", "there is no input 7 in this session"),
        ("edit 0", "takes a whole number"), ("edit ; list", "'edit' stands alone on its line"),
      ] {
        let outcome = await bench.type(line)
        #expect(outcome.code != 0 && outcome.notes.contains(said), "\(outcome.notes)")
      }
      let scripted = await bench.run("create collection c\nedit")
      #expect(scripted.code == 2 && scripted.notes.contains("'edit' works only at the prompt"))
      #expect(await bench.rows("list collections").isEmpty)
      try TestFiles.write("list\nedit\n", to: bench.folder + "/night.plx")
      let nested = await bench.type("run \(bench.folder)/night.plx")
      #expect(nested.code == 2 && nested.notes.contains("'edit' works only at the prompt"))
    }
    try await withEditor("printf 'list' > \"$file\"", isSafe: true) { bench in
      let outcome = await bench.type("edit")
      #expect(outcome.code == 1 && outcome.notes.contains("started with --safe"))
      #expect(bench.session.takeEdited() == nil)
    }
  }
}

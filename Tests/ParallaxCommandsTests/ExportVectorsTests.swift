import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// The vectors of a space as files.
@MainActor @Suite struct ExportVectorsTests {
  @Test func `what is exported is imported as it was, and asked by text`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let path = "\(bench.folder)/v.npy"
      let wrote = await bench.succeed("export c@base --to \(path)")
      #expect(
        wrote.notes.contains(
          "wrote 3 vectors of 256 to '\(path)', and the ids of their items to "
            + "'\(bench.folder)/v.ids.txt'"), "\(wrote.notes)")
      #expect(TestFiles.text(of: "\(bench.folder)/v.ids.txt") == "a\nb\nc\n")
      let side = TestFiles.text(of: path + "-metadata.json") ?? ""
      for member in [
        "\"format\": \"npy\"", "\"rows\": 3", "\"command\": \"export c@base",
        "\"collection\": \"c\"",
        "\"space c@base\": \"provider=mini;model=mini",
      ] { #expect(side.contains(member), "\(side)") }
      let again = await bench.run("export c@base --to \(path)")
      #expect(again.code == 1 && again.notes.contains("exists"))
      await bench.succeed("export c@base --to \(path) --replace")

      let from = "--vectors \(path) --ids \(bench.folder)/v.ids.txt"
      let copy = await bench.succeed(
        "import c --as copy \(from) --provider mini --model mini ; set strict on ; "
          + "import c --as other \(from) --model mini")
      #expect(
        copy.notes.contains("made c@copy: 3 vectors of 256") && !copy.notes.contains("warning"))
      let base = await bench.rows("query c@base --text 'a red mug'")
      #expect(await bench.rows("query c@copy --text 'a red mug'") == base)
      #expect(
        await bench.rows("query c@other --like a") == bench.rows("query c@base --like a"))
    }
  }

  @Test func `the Projector gets the columns of the items`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let path = "\(bench.folder)/p"
      await bench.succeed("export c@base --to \(path).tsv")
      #expect(try TestFiles.lines(of: path + ".tsv").count == 3)
      #expect(
        try TestFiles.lines(of: path + ".metadata.tsv").prefix(2)
          == ["id\tyear\tprice\tmade\tok\tcaption", "a\t2019\t1.5\t2019-05-01\ttrue\ta mug, red"])
      await bench.succeed("export c@base --to \(path).tsv --columns caption --replace")
      #expect(
        try TestFiles.lines(of: path + ".metadata.tsv") == ["a mug, red", "a shoe", ""])
    }
  }

  @Test func `tables and vectors are written as Parquet`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let path = "\(bench.folder)/x.parquet"
      let wrote = await bench.succeed(
        "r = query c@base --text mug ; export r --to \(path) --columns id,score,made")
      #expect(wrote.notes.contains("wrote 3 rows to '\(path)'"), "\(wrote.notes)")
      let bytes = try TestFiles.bytes(of: path)
      #expect(bytes.starts(with: Array("PAR1".utf8)) && bytes.suffix(4) == Array("PAR1".utf8))
      #expect(
        TestFiles.text(of: path + "-metadata.json")?.contains("\"format\": \"parquet\"") == true)
      let again = await bench.run("export c@base --to \(path)")
      #expect(again.code == 1 && again.notes.contains("exists"))
      let vectors = await bench.succeed("export c@base --to \(path) --replace")
      #expect(vectors.notes.contains("to '\(path)', with the columns of their items"))
      let safe = await bench.run("export r --to \(path) --csv-safe")
      #expect(safe.code == 2 && safe.notes.contains("is Parquet"), "\(safe.notes)")
    }
  }

  @Test(arguments: [
    ("export c@base --to x.csv", "is not that of a file of vectors"),
    ("export c@base --to x.npy --columns id", "'.npy' has no columns"),
    ("export c@base --to x.tsv --format csv", "--format is for results"),
    ("export c@base --to x.tsv --columns nope", "unknown column 'nope'"),
    ("export c@nope --to x.npy", "has no space 'nope'"),
    ("export r --to x.npy", "'.npy' holds the vectors of a space"),
    ("export nope --to x.csv", "unknown result 'nope'"),
  ])
  func `what cannot be written is refused`(line: String, message: String) async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      await bench.succeed("r = query c@base --text mug")
      let outcome = await bench.run(line.replacing("x.", with: "\(bench.folder)/x."))
      #expect(outcome.code != 0 && outcome.notes.contains(message), "\(outcome.notes)")
      #expect(!TestFiles.exists("\(bench.folder)/x.npy"))
    }
  }
}

import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// Vectors that were made elsewhere.
@MainActor @Suite struct ImportCommandTests {
  /// A `.npy` file of 64-bit floats.
  private static func npy(_ rows: [[Double]]) -> [UInt8] {
    let header =
      "{'descr': '<f8', 'fortran_order': False, 'shape': (\(rows.count), \(rows[0].count)), }\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
      + rows.joined().flatMap { number in
        (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt64($0))) }
      }
  }

  /// Four items without an embedding, and a file of vectors.
  private func prepare(_ bench: Bench, _ rows: [[Double]], ids: String) async throws {
    try bench.pictures([
      "a.jpg": "mug-001", "b.jpg": "shoe-001", "c.jpg": "brick-001", "d 猫.jpg": "mug-002",
    ])
    try write(bench, rows, ids: ids)
    await bench.succeed("create collection p ; ingest p \(bench.folder)/in")
  }

  private func write(_ bench: Bench, _ rows: [[Double]], ids: String) throws {
    try TestFiles.write(Self.npy(rows), to: bench.folder + "/x.npy")
    try TestFiles.write(ids, to: bench.folder + "/ids.txt")
  }

  private func line(_ bench: Bench, _ more: String = "") -> String {
    "import p --as clip --vectors \(bench.folder)/x.npy --ids \(bench.folder)/ids.txt \(more)"
  }

  @Test func `a space of vectors from elsewhere is searched by item`() async throws {
    try await Bench.inNewFolder { bench in
      try await prepare(
        bench, [[0, 1, 0], [1, 0, 0], [0.6, 0.8, 0], [-3, 0, 4]], ids: "a\nb\nc\nd 猫\n")
      let strict = await bench.run("set strict on ; " + line(bench, "--model ViT-B-32"))
      #expect(strict.code == 1 && strict.notes.contains("1 of 4 vectors was scaled"))
      #expect(await bench.rows("set strict off ; list spaces p") == [])
      let made = await bench.succeed(line(bench, "--model ViT-B-32 --model-version laion2b"))
      #expect(made.notes.contains("made p@clip: 4 vectors of 3"), "\(made.notes)")
      #expect(
        made.notes.contains(
          "1 of 4 vectors was scaled to unit length; the lengths were from 1.0 to 5.0"))
      #expect(made.notes.contains("the 64-bit numbers of 1 vector were rounded to 32 bits"))
      let rows = await bench.rows("query p@clip --like c --top 4 --columns id,score")
      #expect(rows.map { $0.split(separator: ",")[0] } == ["c", "a", "b", "d 猫"])
      for (row, score) in zip(rows.dropFirst(), [",0.8", ",0.6", ",-0.3"]) {
        #expect(row.contains(score), "\(rows)")
      }
      let facts = await bench.rows("describe p@clip").joined(separator: "\n")
      for fact in [
        "provider,imported", "model,ViT-B-32", "version,laion2b", "preprocessing,unknown",
      ] {
        #expect(facts.contains(fact), "\(facts)")
      }
      for asked in ["query p@clip --text mug", "query p@clip --image \(bench.folder)/in/a.jpg"] {
        let refused = await bench.run(asked)
        #expect(
          refused.code == 1 && refused.notes.contains("ask with --like ID"), "\(refused.notes)")
      }
      let embedded = await bench.run("embed p --as clip")
      #expect(embedded.code == 1 && embedded.notes.contains("were imported"), "\(embedded.notes)")
      await bench.succeed("health p@clip ; workspace check")
    }
  }

  @Test func `what does not fit the collection is counted and said`() async throws {
    try await Bench.inNewFolder { bench in
      try await prepare(bench, [[0, 1], [1, 0], [1, 0]], ids: "a\nx\ny\n")
      let made = await bench.succeed(line(bench))
      #expect(made.notes.contains("made p@clip: 1 vector of 2"))
      #expect(
        made.notes.contains(
          "names 2 items that are not in 'p'; their vectors are left out, such as 'x'"))
      #expect(made.notes.contains("3 items of 'p' have no vector in "), "\(made.notes)")
      let missing = await bench.run("query p@clip --like b")
      #expect(missing.notes.contains("'import p --as clip' adds vectors"), "\(missing.notes)")
    }
  }

  @Test func `vectors of the same identity are added, others never mixed in`() async throws {
    try await Bench.inNewFolder { bench in
      try await prepare(bench, [[0, 1], [1, 0]], ids: "a\nb\n")
      let stated = "--model m --model-version 1"
      await bench.succeed(line(bench, stated))
      try write(bench, [[1, 0], [0, -1]], ids: "b\nc\n")
      let more = await bench.succeed(line(bench, stated))
      #expect(more.notes.contains("completed p@clip: 1 vector of 2, 1 as before"), "\(more.notes)")
      #expect(await bench.rows("query p@clip --like a --columns id").count == 3)
      try write(bench, [[1, 0], [0, 1]], ids: "d 猫\nb\n")
      let other = await bench.run(line(bench, stated))
      #expect(other.code == 1 && other.notes.contains("holds another vector of 'b' than row 2"))
      let unstated = await bench.run(line(bench, "--model m"))
      #expect(unstated.code == 1 && unstated.notes.contains("has another identity: version is '1'"))
      #expect(await bench.rows("query p@clip --like a --columns id").count == 3)
    }
  }

  @Test(
    arguments: [
      ("a\nb\n", [[0, 1], [.nan, 0]], "row 2 ('b') holds a NaN"),
      ("a\nb\n", [[0, 0], [0, 0]], "row 1 ('a') is all zeros; 2 rows are no vectors"),
      ("a\nb\n", [[.infinity, 0], [1, 0]], "row 1 ('a') holds an infinite number"),
      ("a\na\n", [[0, 1], [1, 0]], "line 2: 'a' stands in line 1 already"),
      ("a\n", [[0, 1], [1, 0]], "has 2 vectors and"),
      ("x\ny\n", [[0, 1], [1, 0]], "is an item of 'p'; one of its ids is 'a'"),
    ] as [(String, [[Double]], String)])
  func `nothing is imported of what is wrong`(
    ids: String, rows: [[Double]], message: String
  ) async throws {
    try await Bench.inNewFolder { bench in
      try await prepare(bench, rows, ids: ids)
      let outcome = await bench.run(line(bench))
      #expect(outcome.code == 1 && outcome.notes.contains(message), "\(outcome.notes)")
      #expect(await bench.rows("list spaces p") == [])
    }
  }

  @Test func `an identity is one line, and a provider's own is checked`() async throws {
    try await Bench.inNewFolder { bench in
      try await prepare(bench, [[0, 1]], ids: "a\n")
      let mixed = await bench.run(line(bench, "--model 'a;version=b'"))
      #expect(
        mixed.code == 2 && mixed.notes.contains("'model' takes a text of one line without ';'"))
      let unnamed = await bench.run(line(bench, "--provider mini"))
      #expect(unnamed.code == 2 && unnamed.notes.contains("--provider needs the --model"))
      let odd = await bench.run(line(bench, "--provider mini --model mini"))
      #expect(odd.code == 1, "\(odd.notes)")
      try write(bench, [[1] + [Double](repeating: 0, count: 31)], ids: "a\n")
      let other = await bench.run(line(bench, "--provider mini --model mini --model-version 0"))
      #expect(other.code == 1 && other.notes.contains("is of model-version"), "\(other.notes)")
      await bench.succeed(line(bench, "--provider mini --model mini"))
      #expect(await bench.rows("query p@clip --text mug --columns id") == ["a"])
    }
  }

  @Test func `Parquet is refused with the lines that convert it`() async throws {
    try await Bench.inNewFolder { bench in
      try await prepare(bench, [[0, 1]], ids: "a\n")
      try TestFiles.write("PAR1 and more", to: bench.folder + "/x.npy")
      let refused = await bench.run(line(bench))
      #expect(refused.code == 1 && refused.notes.contains("is a Parquet file, and no .npy file"))
      #expect(refused.notes.contains("numpy.save('x.npy', numpy.stack(t['vector'])"))
    }
  }

  @Test func `imported vectors are cut with a warning, and not under strict`() async throws {
    try await Bench.inNewFolder { bench in
      try await prepare(bench, [[0, 0.6, 0.8], [1, 0, 0]], ids: "a\nb\n")
      await bench.succeed(line(bench, "--model ViT-B-32"))
      let project = "project p@clip --dim 2"
      let refused = await bench.run("set strict on ; \(project)")
      #expect(refused.code == 1 && refused.notes.contains("nothing was made"), "\(refused.notes)")
      #expect(await bench.rows("set strict off ; list spaces p").count == 1)
      let made = await bench.succeed(project)
      #expect(made.notes.contains("warning: nothing says that 'ViT-B-32' was trained so"))
      #expect(made.notes.contains("made p@clip-2: 2 vectors of 2"), "\(made.notes)")
      #expect(await bench.rows("query p@clip-2 --like a --top 1 --columns id,score") == ["a,1.0"])
    }
  }
}

import ParallaxTestSupport
import Testing

/// A space of copies, and answers in which nothing stands out, through the built program.
@Suite(.fewAtOnce) struct CopyTests {
  private static let prepare =
    "create collection t ; ingest t \(Shell.tiles)/images --meta \(Shell.tiles)/metadata.csv "
    + "--key filename ; embed t --as base --model mini ; embed t --as copies --model mini "
    + "--content image --task COPY"

  @Test func `pictures have vectors of their own as copies, and texts have none`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      // Nothing is taken over from a space that differs in the task alone.
      let short = try await shell.run("embed t --as short --model mini --dim 128")
      #expect(short.errors.contains("t@short: 369 embedded"), "\(short.errors)")
      let described = try await shell.run("describe t@copies")
      #expect(described.output.contains("COPY") && described.output.contains("128"))
      let itself = try await shell.rows("query t@copies --like mug-001 --top 1 --columns id,score")
      #expect(itself == [["mug-001", "1.0"]])
      let copy = "\(Shell.tiles)/queries/copy-of-brick-004.jpg"
      let found = try await shell.rows("query t@copies --image \(copy) --top 1 --columns id")
      #expect(found == [["brick-004"]])
      for (command, words) in [
        ("query t@copies --text mug", "under the task 'COPY', model 'mini' embeds images only"),
        ("embed t --as no --model mini --task COPY --dim 64", "has 128 dimensions; got 64"),
        ("embed t --as no --model mini --task COPY --content text", "embeds images only"),
        ("embed t --as no --model mini@3 --task COPY", "got 'COPY'"),
      ] {
        let refused = try await shell.run(command)
        #expect(refused.code != 0 && refused.errors.contains(words), "\(refused.errors)")
      }
    }
  }

  @Test func `where there is one space of copies, copies are looked for in it`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      let said = "'t' stands for 't@copies' here: it is of copies"
      let groups = try await shell.run("dedupe t", options: ["--mode", "csv"])
      #expect(groups.code == 0 && groups.errors.contains(said), "\(groups.errors)")
      let named = try await shell.run("dedupe t@copies", options: ["--mode", "csv"])
      #expect(named.output == groups.output && !named.errors.contains(said))
      #expect(
        try await shell.run("gate t \(Shell.tiles)/queries --max-score 0.9").errors.contains(said))
      // A question of meaning is not asked there.
      let asked = try await shell.run("query t --text mug --top 1")
      #expect(asked.code == 0, "\(asked.errors)")
      // Whoever promotes a space has said which one is meant.
      try await shell.succeed("promote t@base")
      #expect(!(try await shell.run("dedupe t")).errors.contains(said))
    }
  }

  @Test func `a question that no picture answers is said to be one`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      let nothing = "nothing stands out: "
      let answered = try await shell.run(
        "query t@base --text 'a brick wall' --top 3 --columns id,score,standing",
        options: ["--mode", "csv"])
      #expect(answered.code == 0 && !answered.errors.contains(nothing), "\(answered.errors)")
      #expect(answered.output.hasPrefix("id,score,standing\n"))
      let plain = try await shell.run(
        "query t@base --text 'a brick wall' --top 3", options: ["--mode", "csv"])
      #expect(!plain.output.contains("standing"))
      let other = try await shell.run("query t@base --text 'a crowd at a football match' --top 3")
      #expect(other.code == 0 && other.errors.contains(nothing), "\(other.errors)")
      // The best of ten decides, however many are shown.
      let many = try await shell.run("query t@base --text 'a crowd at a football match' --top 369")
      #expect(many.code == 0 && many.errors.contains(nothing), "\(many.errors)")
      // Its questions were not measured under a task.
      try await shell.succeed("embed t --as s --model mini --task SEMANTIC_SIMILARITY")
      let tasked = try await shell.run("query t@s --text 'a crowd at a football match'")
      #expect(tasked.code == 0 && !tasked.errors.contains(nothing), "\(tasked.errors)")
      // It is no fault.
      let strict = try await shell.run(
        "query t@base --text 'a crowd at a football match'", options: ["--strict"])
      #expect(strict.code == 0)
      let like = try await shell.run(
        "query t@base --like mug-001 --top 3 --columns id,standing", options: ["--mode", "csv"])
      #expect(like.errors.contains("'standing' is empty"), "\(like.errors)")
      let run = try await shell.run(
        "query t@base --queries \(Shell.tiles)/queries.csv --columns query,id,standing")
      #expect(run.code != 0 && run.errors.contains("unknown column 'standing'"), "\(run.errors)")
    }
  }
}

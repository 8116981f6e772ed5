import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Many questions through the built program.
@Suite(.fewAtOnce) struct QuestionRunTests {
  private static let queries = "\(Shell.tiles)/queries.csv"
  private static let prepare =
    "create collection t ; ingest t \(Shell.tiles)/images --meta \(Shell.tiles)/metadata.csv "
    + "--key filename ; embed t --as base --model mini"

  @Test func `a run of the bundled questions is the same with any kernels, and as each alone`()
    async throws
  {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      let asked = [
        "", "--dims 64", "--fuse rrf --where \"product = 'mug' or year > 2020\"",
        "--codes int8 --exclude-self", "--similarity euclidean --min-score -1.2", "--mmr 0.3",
      ].map { "query t@base --queries \(Self.queries) --top 7 \($0)" }
      func answer(_ kernels: String) async throws -> ProgramOutcome {
        try await shell.run(
          asked.joined(separator: " ; "), options: ["--mode", "csv"],
          environment: ["PARALLAX_KERNELS": kernels])
      }
      let usual = try await answer("")
      #expect(usual.code == 0, "\(usual.errors)")
      #expect(usual.output.split(separator: "\n").count > 6 * 52 * 4)
      for name in ["scalar", "avx2", "avx512", "neon"] {
        let other = try await answer(name)
        if other.code == 0 { #expect(other.output == usual.output, "\(name)") }
        #expect(name != "scalar" || other.code == 0)
      }

      let run = try await shell.rows(asked[0])
      for (id, terms) in [
        ("q01", "--text 'red mug'"),
        (
          "q44",
          "--text 'made of plastic' --image "
            + "\(Shell.tiles)/queries/chair-brown-wood-plain-blue.jpg"
        ),
        ("q47", "--image \(Shell.tiles)/queries/copy-of-tile-033.jpg"),
      ] {
        let alone = try await shell.rows(
          "query t@base \(terms) --top 7 --columns rank,id,score")
        #expect(run.filter { $0[0] == id }.map { Array($0.dropFirst()) } == alone, "\(id)")
      }
      // What is written for trec_eval is read back as it was.
      let read = try await shell.run(
        "q = \(asked[0]) ; export q --to q.run ; r = import-run q.run --collection t ; "
          + "export q --to a.csv ; export r --to b.csv")
      #expect(read.code == 0, "\(read.errors)")
      let files = ["a.csv", "b.csv"].map { TestFiles.text(of: "\(shell.folder)/\($0)") }
      #expect(files[0] != nil && files[0] == files[1])
    }
  }

  @Test func `all dimensions in one pass are the same with any kernels, and as each alone`()
    async throws
  {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      func table(_ kernels: String) async throws -> String? {
        let outcome = try await shell.run(
          "d = compare t@base --queries \(Self.queries) --qrels \(Shell.tiles)/qrels.tsv "
            + "--dims 16..256 --metric ndcg@10,mrr ; "
            + "export d --to d.csv --replace --columns system,metric,value,low,high,p",
          environment: ["PARALLAX_KERNELS": kernels])
        #expect(outcome.code == 0 || kernels != "scalar", "\(outcome.errors)")
        return outcome.code == 0 ? TestFiles.text(of: shell.folder + "/d.csv") : nil
      }
      let usual = try #require(try await table(""))
      for name in ["scalar", "avx2", "avx512", "neon"] {
        if let other = try await table(name) { #expect(other == usual, "\(name)") }
      }
      for dimension in [16, 128] {
        let alone = try await shell.run(
          "q = query t@base --queries \(Self.queries) --dims \(dimension) --top 110 ; "
            + "eval q --qrels \(Shell.tiles)/qrels.tsv --metric ndcg@10 ; "
            + "export _ --to e.csv --replace --columns value")
        #expect(alone.code == 0, "\(alone.errors)")
        let value = try #require(
          TestFiles.text(of: shell.folder + "/e.csv")?.split(separator: "\n").last)
        #expect(usual.contains("t@base dim \(dimension),ndcg@10,\(value),"), "\(usual)")
      }
    }
  }

  // The server answers two requests and never the others.
  @Test(.enabled(if: ProviderServer.python != nil, "needs Python"), .timeLimit(.minutes(10)))
  func `an interrupted run goes on from the kept replies`() async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    try await Shell.inNewFolder { shell in
      let variables = server.environment()
      let made = try await shell.run(
        "create collection t ; ingest t \(Shell.tiles)/images --glob 'mug-*.jpg' ; "
          + "embed t --as g --model gemini-embedding-2 --dim 128", environment: variables)
      #expect(made.code == 0, "\(made.errors)")
      let before = try await server.items()
      try TestFiles.write(
        "id,text\n" + (0..<100).map { "q\($0),text number \($0)\n" }.joined(),
        to: shell.folder + "/q.csv")
      let ask = "query t@g --queries q.csv --top 1"
      try await server.misbehave([nil, nil] + Array(repeating: "never", count: 30))
      let run = try shell.start(["work.parallax", "-c", ask], environment: variables)
      try await eventually("the requests") { try await server.items() >= before + 32 }
      try await Task.sleep(for: .milliseconds(100))
      run.kill(SIGINT)
      // It ends although the other requests never do.
      let outcome = await run.finish()
      #expect(outcome.code == 130 && outcome.output.isEmpty)
      #expect(
        outcome.errors.contains("cancelled after 32 of 100 texts and images: the replies are kept"),
        "\(outcome.errors)")

      try await server.behave()
      let dry = try await shell.rows("\(ask) --dry-run", options: ["--offline"])
      #expect(dry.contains(["kept replies", "32"]), "\(dry)")
      let sofar = try await server.items()
      let resumed = try await shell.run(ask, environment: variables)
      #expect(resumed.code == 0, "\(resumed.errors)")
      #expect(try await server.items() == sofar + 68)
      let offline = try await shell.rows(ask, options: ["--offline"])
      #expect(offline.count == 100)
    }
  }
}

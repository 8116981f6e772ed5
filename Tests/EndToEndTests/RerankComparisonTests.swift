import ParallaxTestSupport
import Testing

/// Comparing rerankers of one run, through the built program.
@Suite(.fewAtOnce) struct RerankComparisonTests {
  private static let tiles = Shell.tiles
  private static let prepare =
    "create collection t ; ingest t \(tiles)/images --meta \(tiles)/metadata.csv --key filename ; "
    + "embed t --as base --model mini"
  private static let judged = "--qrels \(tiles)/qrels.tsv --metric success@1,mrr"

  /// The questions that are texts.
  private func writeQuestions(in shell: Shell) throws {
    let words = try #require(TestFiles.text(of: "\(Self.tiles)/queries.csv")).split(separator: "\n")
      .filter { $0.hasSuffix(",") }.joined(separator: "\n")
    try TestFiles.write("qid,text,image\n\(words)\n", to: "\(shell.folder)/q.csv")
  }

  @Test func `gains, the oracle and changes are those of the runs themselves`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      try writeQuestions(in: shell)
      let query = "q = query t@base --queries q.csv --top 30"
      let made = try await shell.run(
        """
        \(query)
        r = q | rerank --model mini-cross --depth 20
        c = compare q --rerank none,mini-cross,mmr:lambda=1 --depth 20 \(Self.judged)
        s = compare t@base --queries q.csv --top 30 --rerank none,mini-cross --depth 20 \(Self.judged)
        e = eval q r --qrels \(Self.tiles)/qrels.tsv --metric success@1,mrr,success@20
        k = compare q --rerank none,mini-cross --depth 20 \(Self.judged) --curve
        shallow = q | rerank --model mini-cross --depth 4
        f = eval shallow --qrels \(Self.tiles)/qrels.tsv --metric mrr
        export c --to c.csv ; export s --to s.csv ; export e --to e.csv ; export k --to k.csv
        export f --to f.csv
        """,
        options: ["--mode", "csv"])
      #expect(made.code == 0, "\(made.errors)")
      // The run before it had asked for all of them.
      #expect(
        made.errors.contains("600 of 600 scores of 'q mini-cross' were kept: its time and cost"),
        "\(made.errors)")
      let compared = try table("c", in: shell)
      let evaluated = try table("e", in: shell)
      func value(_ system: String, _ metric: String) -> String? {
        evaluated.first { $0["system"] == system && $0["metric"] == metric }?["value"]
      }
      for metric in ["success@1", "mrr"] {
        func row(_ system: String) -> [String: String]? {
          compared.first { $0["system"] == system && $0["metric"] == metric }
        }
        #expect(row("q none")?["value"] == value("q", metric))
        #expect(row("q mini-cross")?["value"] == value("r", metric))
        // Relevance alone is the order there is.
        #expect(row("q mmr:lambda=1")?["value"] == value("q", metric))
        #expect(row("q mmr:lambda=1")?["flips"] == "0.0")
        #expect(row("q mmr:lambda=1")?["first_changed"] == "0")
        #expect(Double(row("q mini-cross")?["flips"] ?? "") ?? 0 > 0)
      }
      // Whoever has a relevant candidate could have it first.
      #expect(
        compared.filter { $0["metric"] == "success@1" }.allSatisfy {
          $0["oracle"] == value("q", "success@20")
        })
      let asked = try table("s", in: shell)
      #expect(asked.map { $0["system"] }.contains("t@base mini-cross"))
      #expect(
        asked.first { $0["system"] == "t@base mini-cross" && $0["metric"] == "mrr" }?["value"]
          == value("r", "mrr"))
      let curve = try table("k", in: shell)
      #expect(curve.count == 2 * 2 * 10)
      #expect(Set(curve.compactMap { $0["depth"] }) == Set((1...10).map { "\($0 * 2)" }))
      let four = curve.filter {
        $0["depth"] == "4" && $0["metric"] == "mrr" && $0["system"] == "q mini-cross"
      }
      #expect(try four.first?["value"] == table("f", in: shell).first?["value"])
    }
  }

  @Test func `a reranker that does not pay ends a script with 3`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      try writeQuestions(in: shell)
      let query = "q = query t@base --queries q.csv --top 30"
      let failed = try await shell.run(
        "\(query) ; compare q --rerank none,mmr \(Self.judged) --require-gain 0.01 ; list results")
      #expect(failed.code == 3)
      #expect(failed.output.contains("q mmr") && !failed.output.contains("kind"))
      #expect(
        failed.errors.contains("a gain of 0.01 in success@1 is required and not shown: 'q mmr' by"),
        "\(failed.errors)")
      for (command, code, message) in [
        (
          "compare q --rerank none \(Self.judged)", 2,
          "one reranker has nothing to be compared with"
        ),
        ("compare q --rerank mmr,mmr \(Self.judged)", 2, "is named twice"),
        ("compare q q.run --rerank none,mmr \(Self.judged)", 2, "--rerank reorders one run; got 2"),
        ("compare q --rerank none,mrm \(Self.judged)", 2, "did you mean 'mmr'?"),
        ("compare q --depth 10 \(Self.judged)", 2, "--depth goes with --rerank"),
        (
          "compare t@base --queries q.csv --rerank none,mmr --dims 64 \(Self.judged)", 2,
          "--rerank cannot be combined with --dims"
        ),
        ("compare q --rerank none,mmr --noise 0.1 \(Self.judged)", 2, "--noise cannot be combined"),
      ] as [(String, Int32, String)] {
        let refused = try await shell.run("\(query) ; \(command)")
        #expect(
          refused.code == code && refused.errors.contains(message),
          "\(command): \(refused.code) \(refused.errors)")
      }
    }
  }

  private func table(_ name: String, in shell: Shell) throws -> [[String: String]] {
    let lines = try #require(TestFiles.text(of: "\(shell.folder)/\(name).csv"))
      .split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
    return lines.dropFirst().map {
      Dictionary(zip(lines[0], $0), uniquingKeysWith: { first, _ in first })
    }
  }
}

import ParallaxTestSupport
import Testing

/// `rerank` by vectors alone, through the built program.
@Suite(.fewAtOnce) struct RerankMethodTests {
  private static let methods = [
    "aqe", "aqe:n=3:alpha=0", "k-reciprocal", "inverted-softmax", "csls", "rrf:space=t@base-32",
    "mmr:lambda=0.7",
  ]

  @Test func `bundled questions are ranked anew by every method, the same with any kernels`()
    async throws
  {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(
        "create collection t ; ingest t \(Shell.tiles)/images ; embed t --as base --model mini ; "
          + "project t@base --dim 32")
      let ask = "query t@base --queries \(Shell.tiles)/queries.csv --top 40"
      let script = Self.methods.map { "\(ask) | rerank --model \($0) --depth 30" }
        .joined(separator: " ; ")
      func table(_ kernels: String) async throws -> ProgramOutcome {
        try await shell.run(
          script, options: ["--mode", "csv"], environment: ["PARALLAX_KERNELS": kernels])
      }
      let usual = try await table("")
      #expect(usual.code == 0, "\(usual.errors)")
      let scalar = try await table("scalar")
      #expect(scalar.code == 0 && scalar.output == usual.output)

      let before = try await shell.rows(ask)
      for method in Self.methods {
        let after = try await shell.rows(
          "\(ask) | rerank --model \(method) --depth 30 --columns rank,id,stage1_rank")
        #expect(after.count == before.count)
        #expect(after.map { $0[1] } != before.map { $0[2] }, "\(method)")
        // The head has its own candidates in another order; what is behind it stays.
        for start in stride(from: 0, to: before.count, by: 40) {
          let (old, new) = (before[start..<start + 40], after[start..<start + 40])
          #expect(Set(old.prefix(30).map { $0[2] }) == Set(new.prefix(30).map { $0[1] }))
          #expect(old.suffix(10).map { $0[2] } == new.suffix(10).map { $0[1] }, "\(method)")
        }
      }
      let evaluated = try await shell.rows(
        "r = \(ask) ; q = rerank r --model k-reciprocal ; "
          + "eval r q --qrels \(Shell.tiles)/qrels.tsv --metric ndcg@10")
      #expect(evaluated.suffix(2).map { $0[0] } == ["r", "q"])
    }
  }
}

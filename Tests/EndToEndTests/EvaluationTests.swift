import ParallaxTestSupport
import Testing

/// eval and compare through the built program.
@Suite struct EvaluationTests {
  private static let qrels =
    "q1 0 a 2\nq1 0 b 0\nq1 0 c 1\nq1 0 d 3\nq1 0 e -1\nq2 0 a 1\nq2 0 x 1\nq3 0 a 0\nq4 0 z 1\n"
  private static let run =
    "q1 Q0 a 1 0.9 r\nq1 Q0 b 2 0.9 r\nq1 Q0 c 3 0.9 r\nq1 Q0 u 4 0.5 r\nq2 Q0 y 1 0.9 r\n"
    + "q2 Q0 a 2 0.8 r\nq3 Q0 a 1 0.9 r\n"

  @Test func `a small example has the numbers of trec_eval 10, to each digit`() async throws {
    try await Shell.inNewFolder { shell in
      try TestFiles.write(Self.qrels, to: shell.folder + "/j.qrels")
      try TestFiles.write(Self.run, to: shell.folder + "/r.run")
      // trec_eval's own table: map, ndcg_cut_10, recip_rank, P_5, recall_5, Rprec, bpref, unj_5, rbp.
      let metrics = "map,ndcg@10,recip_rank,p@5,recall@5,rprec,bpref,unj@5,rbp"
      let wanted = [
        "q1": [0.5556, 0.4200, 1, 0.4, 0.6667, 0.6667, 0.3333, 0.2, 0.0873],
        "q2": [0.25, 0.3869, 0.5, 0.2, 0.5, 0.5, 0.5, 0.2, 0.09],
        "q3": [0, 0, 0, 0, 0, 0, 0, 0, 0], "q4": [0, 0, 0, 0, 0, 0, 0, 0, 0],
      ]
      let rows = try await shell.rows("eval r.run --qrels j.qrels --metric \(metrics) --per-query")
      #expect(rows.map { $0[0] } == ["q1", "q2", "q3", "q4"])
      for row in rows {
        for (value, number) in zip(row.dropFirst(2), try #require(wanted[row[0]])) {
          #expect(isNear(Double(value), number, 5e-5), "\(row)")
        }
      }
      let means = try await shell.rows("eval r.run --qrels j.qrels --metric map,ndcg@10")
      #expect(
        isNear(Double(means[0][2]), 0.2014, 5e-5) && isNear(Double(means[1][2]), 0.2017, 5e-5))
      #expect(means.allSatisfy { $0.last == "4" })
      // Other orders of the ties of q1: .3889 to .6667.
      #expect(isNear(Double(means[0][6]), (0.3889 + 0.25) / 4, 2e-5))
      #expect(isNear(Double(means[0][7]), (0.6667 + 0.25) / 4, 2e-5))
    }
  }

  @Test func `ten differences have the p of all signs, and of Student's t`() async throws {
    try await Shell.inNewFolder { shell in
      // Precision in thousandths: the relevant ones of 1,000 answers.
      let differences = [120, -50, 300, 0, 80, 100, -20, 220, 50, 0]
      var (qrels, base, other) = ("", "", "")
      for (number, difference) in differences.enumerated() {
        for place in 0..<1_000 { qrels += "q\(number) 0 r\(place) 1\n" }
        for (relevant, name) in [(400, "base"), (400 + difference, "other")] {
          var lines = ""
          for place in 0..<1_000 {
            lines += "q\(number) Q0 \(place < relevant ? "r" : "n")\(place) 1 \(1_000 - place) x\n"
          }
          if name == "base" { base += lines } else { other += lines }
        }
      }
      for (name, text) in [("j.qrels", qrels), ("base.run", base), ("other.run", other)] {
        try TestFiles.write(text, to: "\(shell.folder)/\(name)")
      }
      let rows = try await shell.rows(
        "compare base.run other.run --qrels j.qrels --metric precision@1000")
      let row = rows[1]
      #expect(isNear(Double(row[5]), 0.08, 1e-12), "the mean difference")
      #expect(isNear(Double(row[8]), 0.046875, 1e-15) && row[9] == row[8], "48 of 1024 signs")
      #expect(row[10] == "better" && Array(row[11...13]) == ["6", "2", "2"])
      #expect(isNear(Double(row[25]), 0.7217, 5e-5) && isNear(Double(row[26]), 0.04840, 5e-6))
    }
  }

  @Test func `the table does not depend on the processor`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(
        "create collection t ; ingest t \(Shell.tiles)/images --meta \(Shell.tiles)/metadata.csv "
          + "--key filename ; embed t --as base --model mini")
      let compared =
        "cmp = compare t@base --queries \(Shell.tiles)/queries.csv --qrels \(Shell.tiles)/qrels.tsv "
        + "--dims 32,64,128 --metric ndcg@10,mrr --margin 0.02"
      let shown = "system,metric,value,low,high,difference,diff_low,diff_high,p,p_holm,verdict,p_t"
      func table(_ kernels: String) async throws -> ProgramOutcome {
        try await shell.run(
          "\(compared) ; show cmp --columns \(shown) ; set seed 2 ; \(compared)",
          options: ["--mode", "csv"], environment: ["PARALLAX_KERNELS": kernels])
      }
      func numbers(_ text: String) -> [[Substring]] {
        // Without times, which vary.
        text.split(separator: "\n").map { line in
          let cells = line.split(separator: ",", omittingEmptySubsequences: false)
          return cells.count > 20 ? Array(cells[..<19] + cells[23...]) : cells
        }
      }
      let usual = try await table("")
      #expect(usual.code == 0, "\(usual.errors)")
      #expect(usual.errors.contains("numbers are enough: ndcg@10 differs from 256 by"))
      #expect(numbers(usual.output).count == 3 * 9)
      let scalar = try await table("scalar")
      #expect(numbers(scalar.output) == numbers(usual.output))
      let lines = numbers(usual.output)
      #expect(lines[..<9] != lines[18...], "another seed gives other intervals")
    }
  }

  @Test func `bad input leaves nothing behind`() async throws {
    try await Shell.inNewFolder { shell in
      try TestFiles.write("q1 0 a 1\nq1 0 b 1.5\n", to: shell.folder + "/bad.qrels")
      try TestFiles.write("q1 Q0 a 1 0.9\n", to: shell.folder + "/bad.run")
      try TestFiles.write("q1 Q0 a 1 0.9 r\n", to: shell.folder + "/r.run")
      for (line, code, place) in [
        ("eval r.run --qrels bad.qrels", 1, "'bad.qrels', line 2"),
        ("eval bad.run --qrels bad.qrels", 1, "'bad.run', line 1"),
        ("eval r.run --qrels bad.qrels --metric ndgc", 2, "did you mean 'ndcg'?"),
        ("eval r.run --qrels none", 2, "none"),
      ] as [(String, Int32, String)] {
        let outcome = try await shell.run("ev = \(line) ; export ev --to out.csv")
        #expect(outcome.code == code && outcome.errors.contains(place), "\(outcome.errors)")
        #expect(outcome.output.isEmpty && !TestFiles.exists(shell.folder + "/out.csv"))
      }
    }
  }
}

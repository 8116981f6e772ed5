import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// `rerank` by methods that need vectors alone.
@MainActor @Suite struct RerankMethodCommandTests {
  private static let methods = [
    "aqe", "aqe:n=1:alpha=0", "k-reciprocal", "k-reciprocal:k1=2:k2=1:lambda=1",
    "inverted-softmax", "csls:k=1", "rrf:space=c@base", "mmr",
  ]

  private func inFolder(_ body: (Bench) async throws -> Void) async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      try TestFiles.write(
        "id,text,image\nx,a red mug,\ny,,in/b.jpg\nz,a brick,\n", to: bench.folder + "/q.csv")
      await bench.succeed("r = query c@base --queries \(bench.folder)/q.csv")
      try await body(bench)
    }
  }

  @Test func `every method ranks the lists of a run`() async throws {
    try await inFolder { bench in
      for method in Self.methods {
        let rows = await bench.rows(
          "rerank r --model \(method) --columns rank,id,stage1_rank,score")
        try #require(rows.count == 9, "\(method)")
        let cells = rows.map { $0.split(separator: ",").map(String.init) }
        #expect(cells.map { $0[0] } == ["1", "2", "3", "1", "2", "3", "1", "2", "3"])
        for start in [0, 3, 6] {
          let scores = cells[start..<start + 3].compactMap { Double($0[3]) }
          #expect(scores == scores.sorted(by: >) && scores.count == 3, "\(method)")
          #expect(Set(cells[start..<start + 3].map { $0[2] }) == ["1", "2", "3"])
        }
      }
      // The plain distance alone, and the space itself once more, change nothing.
      for method in ["k-reciprocal:k1=2:k2=1:lambda=1", "rrf:space=c@base"] {
        let places = await bench.rows("rerank r --model \(method) --columns stage1_rank")
        #expect(places == ["1", "2", "3", "1", "2", "3", "1", "2", "3"], "\(method)")
      }
    }
  }

  @Test func `what a method cannot do is refused with its name`() async throws {
    try await inFolder { bench in
      await bench.succeed("one = query c@base --text mug")
      for (line, message) in [
        ("rerank one --model csls", "tells hubs by the other questions of a run"),
        ("rerank r --model rrf", "'rrf' needs the parameter 'space'"),
        ("rerank r --model rrf:space=c@none", "none"),
        ("rerank r --model aqe:n=0", "takes a whole number from 1 to 1000; got '0'"),
        ("rerank r --model k-reciprocal:lambda=2", "takes a number from 0 to 1; got '2'"),
      ] {
        let outcome = await bench.run(line)
        #expect(outcome.code != 0 && outcome.notes.contains(message), "\(outcome.notes)")
      }
      #expect(await bench.rows("rerank one --model aqe").count == 3)
    }
  }

  @Test func `the question's own item changes nobody else's score`() async throws {
    try await inFolder { bench in
      await bench.succeed("all = query c@base --queries \(bench.folder)/q.csv")
      await bench.succeed("others = query c@base --queries \(bench.folder)/q.csv --exclude-self")
      for method in ["aqe:n=1:alpha=0", "k-reciprocal:k1=2:k2=1", "inverted-softmax", "csls:k=1"] {
        let (all, others) = (
          await bench.rows("rerank all --model \(method) --columns query,id,score"),
          await bench.rows("rerank others --model \(method) --columns query,id,score")
        )
        #expect(all.count == 9 && others.count == 8 && Set(others).isSubset(of: all), "\(method)")
      }
    }
  }

  @Test func `a bank that is drawn is said, and refused under strict`() async throws {
    try await inFolder { bench in
      let outcome = await bench.succeed("rerank r --model csls:bank=2")
      #expect(outcome.notes.contains("2 of the 3 questions are the bank of 'csls'"))
      let described = await bench.succeed("describe model k-reciprocal")
      #expect(described.output.contains("where each question has one right answer"))
    }
  }
}

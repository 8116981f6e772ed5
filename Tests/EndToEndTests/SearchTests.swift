import ParallaxCore
import ParallaxTestSupport
import Testing

/// Indexes, short codes, fusion and explanations through the built program.
@Suite(.fewAtOnce) struct SearchTests {
  private static let prepare =
    "create collection t ; ingest t \(Shell.tiles)/images --meta \(Shell.tiles)/metadata.csv "
    + "--key filename ; embed t --as base --model mini"
  private static let question = "query t@base --text 'a red mug' --top 20 --columns id,score"

  private func withTiles(_ body: (Shell) async throws -> Void) async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      try await body(shell)
    }
  }

  @Test func `an index is measured, used, said, completed and dropped`() async throws {
    try await withTiles { shell in
      let exact = try await shell.rows(Self.question)
      let made = try await shell.rows("index t@base --type hnsw --m 8 --storage bf16")
      #expect(made.map { $0[0] } == ["1.0", "0.5", "0.1"])
      for row in made {
        let (recall, bound) = (Double(row[2]) ?? 0, Double(row[3]) ?? 1)
        #expect(recall > 0.9 && bound < recall)
      }
      let outcome = try await shell.run(Self.question, options: ["--mode", "csv"])
      #expect(outcome.errors.contains("hnsw, recall@10"), "\(outcome.errors)")
      // The same scores for what is found; nearly all is.
      let found = try await shell.rows(Self.question)
      let scores = Dictionary(uniqueKeysWithValues: exact.map { ($0[0], $0[1]) })
      #expect(found.count == 20 && found.filter { scores[$0[0]] == $0[1] }.count >= 18)
      #expect(try await shell.rows("\(Self.question) --exact") == exact)
      let filtered = "query t@base --text cup --where \"product = 'mug'\" --top 500 --columns id"
      #expect(
        try await shell.rows(filtered).count == shell.rows("\(filtered) --exact").count)

      // A new picture is compared one by one until it is added: a copy, which joins the node of its vector.
      TestFiles.makeFolder(shell.folder + "/more")
      let copied = try await ProgramRun(
        "/bin/cp", ["\(Shell.tiles)/images/mug-001.jpg", shell.folder + "/more/new.jpg"]
      ).finish()
      #expect(copied.code == 0)
      let more = try await shell.run(
        "ingest t more ; embed t --as base ; query t@base --like mug-001 --columns id ; "
          + "describe t@base", options: ["--mode", "csv"])
      #expect(
        more.output.contains("\nnew\n") && more.output.contains("1 images compared one by one"))
      let completed = try await shell.run("index t@base --m 8 --storage bf16")
      #expect(completed.errors.contains("1 added, 369 nodes"), "\(completed.errors)")

      let dropped = try await shell.run("index t@base --drop ; describe t@base")
      #expect(dropped.code == 0)
      #expect(TestFiles.text(of: shell.folder + "/work.parallax.indexes/1.hnsw") == nil)
    }
  }

  @Test func `scores do not depend on the kernels, and a copy scores 1`() async throws {
    try await withTiles { shell in
      let ask =
        "\(Self.question) ; query t@base --like mug-001 --top 30 --columns id,score ; "
        + "query t@base --image \(Shell.tiles)/images/shoe-002.jpg --columns id,score --min-score 1"
      func answer(_ kernels: String) async throws -> ProgramOutcome {
        try await shell.run(
          ask, options: ["--mode", "csv"], environment: ["PARALLAX_KERNELS": kernels])
      }
      let usual = try await answer("")
      #expect(usual.code == 0 && usual.output.contains("\nmug-001,1.0\n"), "\(usual.errors)")
      #expect(usual.output.hasSuffix("id,score\nshoe-002,1.0\n"))
      #expect(try await answer("scalar").output == usual.output)
      for name in ["avx2", "avx512", "neon"] {
        let other = try await answer(name)
        if other.code == 0 {
          #expect(other.output == usual.output)
        } else {
          #expect(other.code == 2 && other.output.isEmpty && other.errors.contains("'\(name)'"))
        }
      }
      let unknown = try await answer("sse9")
      #expect(unknown.code == 2 && unknown.output.isEmpty)
      #expect(
        unknown.errors.contains("PARALLAX_KERNELS takes the name of an instruction set; got 'sse9'")
          && unknown.errors.contains("this processor has scalar"), "\(unknown.errors)")
    }
  }

  @Test func `an index that finds too little is passed over, and that is said`() async throws {
    try await withTiles { shell in
      let exact = try await shell.rows(Self.question)
      let made = try await shell.rows("index t@base --m 4 --ef-construction 8 --ef 10")
      let recall = try #require(made.first.flatMap { Double($0[2]) })
      #expect(recall > 0.3 && recall < 1)
      // A floor on either side of what was measured.
      let poor = try await shell.run(
        "set index.floor 1 ; \(Self.question)", options: ["--mode", "csv"])
      #expect(poor.code == 0 && poor.errors.contains("of the exact hits when it was measured"))
      #expect(poor.errors.contains("below 1 (index.floor)") && !poor.errors.contains("hnsw"))
      #expect(
        poor.output.split(separator: "\n").dropFirst().elementsEqual(
          exact.map {
            Substring($0.joined(separator: ","))
          }))
      let strict = try await shell.run(
        "set index.floor 1 --workspace ; set strict on ; \(Self.question)")
      #expect(strict.code == 1)
      let filtered = try await shell.run("\(Self.question) --where \"product != 'mug'\"")
      #expect(filtered.errors.contains("(index.floor)"), "\(filtered.errors)")
      let asked = try await shell.run("\(Self.question) --exact")
      #expect(!asked.errors.contains("index.floor"))
      let good = try await shell.run("set index.floor 0 ; \(Self.question)")
      #expect(good.errors.contains("hnsw, recall@10") && !good.errors.contains("index.floor"))
      for wrong in ["1.5", "-0.1", "high", "nan"] {
        let refused = try await shell.run("set index.floor \(wrong)")
        #expect(refused.errors.contains("'index.floor' takes a number from 0 to 1; got '\(wrong)'"))
      }
    }
  }

  @Test func `nothing stays of a workspace that nobody named`() async throws {
    try await Shell.inNewFolder { shell in
      TestFiles.makeFolder(shell.folder + "/tmp")
      let outcome = try await shell.run(
        arguments: ["-c", "\(Self.prepare) ; index t@base ; query t@base --like mug-001 --top 1"],
        environment: ["TMPDIR": shell.folder + "/tmp"])
      #expect(outcome.code == 0 && outcome.errors.contains("nodes"), "\(outcome.errors)")
      let left = try await ProgramRun("/bin/ls", ["-A", shell.folder + "/tmp"]).finish()
      #expect(left.code == 0 && left.output.isEmpty, "\(left.output)")
    }
  }

  @Test func `copies of a picture do not hide the others from an index`() async throws {
    try await Shell.inNewFolder { shell in
      // A hundred copies of one picture under other names, among the 369.
      TestFiles.makeFolder(shell.folder + "/copies")
      for number in 0..<100 {
        try TestFiles.copy(
          "\(Shell.tiles)/images/mug-001.jpg", to: "\(shell.folder)/copies/\(number).jpg")
      }
      try await shell.succeed("\(Self.prepare) ; ingest t copies ; embed t --as base")
      let ask = ["shoe-002", "mug-001", "wood-009", "brick-003"].map {
        "query t@base --like \($0) --top 20 --columns id,score"
      }.joined(separator: " ; ")
      var answers: Set<String> = []
      for _ in 0..<2 {
        let made = try await shell.run("index t@base --rebuild")
        #expect(made.errors.contains("469 added, 369 nodes"), "\(made.errors)")
        answers.insert(try await shell.run(ask, options: ["--mode", "csv"]).output)
      }
      let exact = ask.replacing(" --top", with: " --exact --top")
      #expect(answers == [try await shell.run(exact, options: ["--mode", "csv"]).output])
      let first = try #require(answers.first)
      // The copies come in the order of their ids, each with a score of 1.
      #expect(first.contains("id,score\n0,1.0\n1,1.0\n10,1.0\n"), "\(first)")
    }
  }

  @Test func `a damaged index is said and searched around`() async throws {
    try await withTiles { shell in
      try await shell.succeed("index t@base")
      let path = shell.folder + "/work.parallax.indexes/1.hnsw"
      var bytes = try TestFiles.bytes(of: path)
      bytes[bytes.count / 2] ^= 4
      try TestFiles.write(bytes, to: path)
      let outcome = try await shell.run(Self.question, options: ["--mode", "csv"])
      #expect(outcome.code == 0 && outcome.errors.contains("is damaged"), "\(outcome.errors)")
      #expect(outcome.output.split(separator: "\n").count == 21)
      let again = try await shell.run("index t@base ; \(Self.question)")
      #expect(again.code == 0 && !again.errors.contains("damaged"), "\(again.errors)")
      try await shell.succeed("drop space t@base --yes")
      #expect(TestFiles.text(of: path) == nil)
    }
  }

  @Test func `short codes say how much they find`() async throws {
    try await withTiles { shell in
      let exact = try await shell.rows(Self.question)
      let int8 = try await shell.run(
        "\(Self.question) --codes int8", options: ["--mode", "csv"])
      #expect(int8.errors.contains("int8 codes, recall@20"), "\(int8.errors)")
      #expect(try await shell.rows("\(Self.question) --codes int8 --oversample 19") == exact)
      let bits = try await shell.rows("\(Self.question) --codes binary --oversample 19")
      #expect(bits == exact)
    }
  }

  @Test func `terms are explained, fused by rank, and may leave themselves out`() async throws {
    try await withTiles { shell in
      let query =
        "query t@base --text 'a red mug'^0.7 --like mug-001^0.3 --not-text blue^0.2 --top 5"
      let rows = try await shell.rows("\(query) ; explain _ 2")
      // The table of the query stands before that of the explanation.
      let terms = rows.suffix(3)
      #expect(terms.map { $0[3] } == ["0.7", "0.3", "-0.2"])
      let whole = try await shell.rows("\(query) --columns rank,score")
      let sum = terms.compactMap { Double($0[4]) }.reduce(0, +)
      #expect(abs(sum - (Double(whole[1][1]) ?? 9)) < 1e-5)

      // 1 / 61 for a first rank, weights counted, the least when alone.
      let fused = try await shell.rows(
        "query t@base --text 'a red mug' --fuse rrf --top 3 --columns rank,score")
      for row in fused {
        let rank = Double(row[0]) ?? 0
        #expect(abs((Double(row[1]) ?? 0) - 1 / (60 + rank)) < 1e-6)
      }
      let own = try await shell.rows(
        "query t@base --like mug-001 --top 400 --exclude-self --columns id")
      #expect(own.count == 368 && !own.contains(["mug-001"]))
      let file = "\(Shell.tiles)/images/mug-001.jpg"
      let other = try await shell.rows(
        "query t@base --image '\(file)' --top 400 --exclude-self --columns id")
      #expect(other == own)
      let unexplained = try await shell.run("query t@base --text mug --fuse rrf ; explain _ 1")
      #expect(unexplained.code == 1 && unexplained.errors.contains("no scores that are sums"))
    }
  }

  @Test func `difference costs score, and less of it costs less`() async throws {
    try await withTiles { shell in
      func mean(_ lambda: String) async throws -> Double {
        let rows = try await shell.rows(
          "query t@base --text 'a red mug' --top 8 --mmr \(lambda) --columns id,score")
        #expect(Set(rows.map { $0[0] }).count == 8)
        return rows.compactMap { Double($0[1]) }.reduce(0, +) / 8
      }
      let (all, some, none) = try await (mean("1"), mean("0.6"), mean("0.1"))
      #expect(all > some && some > none)
      let plain = try await shell.rows(
        "query t@base --text 'a red mug' --top 8 --columns id,score")
      #expect(
        try await shell.rows(
          "query t@base --text 'a red mug' --top 8 --mmr 1 --columns id,score") == plain)
    }
  }

  @Test func `several collections of one identity are searched together`() async throws {
    try await withTiles { shell in
      try await shell.succeed(
        "create collection m ; ingest m \(Shell.tiles)/images --glob 'mug-*.jpg' "
          + "; embed m --as base ; embed m --as short --dim 64")
      let together = try await shell.rows(
        "query t@base --also m@base --text mug --top 6 --columns rank,id,score")
      #expect(together.map { $0[1] } == (1...6).map(String.init))
      let scores = together.compactMap { Double($0[3]) }
      #expect(scores == scores.sorted(by: >))
      // The mugs are in both: each comes twice, the first collection's first.
      let twice = try await shell.rows(
        "query t@base --also m@base --like mug-001 --top 2 --columns id")
      #expect(twice == [["t", "mug-001"], ["m", "mug-001"]])
      let other = try await shell.run("query t@base --also m@short --text mug")
      #expect(
        other.code == 1 && other.errors.contains("another identity")
          && other.errors.contains("dimension"), "\(other.errors)")
      let explained = try await shell.run(
        "query t@base --also m@base --text mug^2 --like mug-001 --top 3 ; explain _ 3")
      #expect(explained.code == 0, "\(explained.errors)")
    }
  }

  @Test func `several dimensions are searched in one pass`() async throws {
    try await withTiles { shell in
      let rows = try await shell.rows(
        "query t@base --text 'a red mug' --dims 256,64,32 --top 5 --columns rank,id,score")
      #expect(rows.map { $0[0] } == ["32", "64", "256"].flatMap { Array(repeating: $0, count: 5) })
      let full = try await shell.rows(
        "query t@base --text 'a red mug' --top 5 --columns rank,id,score")
      #expect(rows.suffix(5).map { $0[2] } == full.map { $0[1] })
      // A space cut to 64 gives the same order: its vectors are these, at unit length.
      try await shell.succeed("project t@base --dim 64")
      let cut = try await shell.rows(
        "query t@base-64 --text 'a red mug' --top 5 --columns rank,id,score")
      #expect(rows[5..<10].map { $0[2] } == cut.map { $0[1] })
      let wrong = try await shell.run("query t@base --text mug --dims 512")
      #expect(wrong.code == 1 && wrong.errors.contains("from 1 to 256"), "\(wrong.errors)")
    }
  }
}

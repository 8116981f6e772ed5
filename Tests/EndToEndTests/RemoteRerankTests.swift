import ParallaxCore
import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The built program and a server that speaks the wire formats of rerankers, and misbehaves.
@Suite(.fewAtOnce, .enabled(if: ProviderServer.python != nil, "needs Python"))
struct RemoteRerankTests {
  private static let prepare =
    "create collection t ; ingest t \(Shell.tiles)/images --glob 'mug-*.jpg' "
    + "--meta \(Shell.tiles)/metadata.csv --key filename ; embed t --as base --model mini"
  private static let query = "query t@base --text 'red mug' --top 12"
  private static let shown = "--columns rank,id,score,stage1_rank"
  private static let document = "--document '{id}: {caption}'"

  private func withServer(
    _ options: [String] = [], _ body: (Shell, ProviderServer) async throws -> Void
  ) async throws {
    let server = try await ProviderServer(options)
    defer { server.stop() }
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      try await body(shell, server)
    }
  }

  private func rows(_ output: String) -> [[String]] {
    output.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  private func rerank(
    _ shell: Shell, _ server: ProviderServer, _ command: String, options: [String] = [],
    variables: [String: String] = [:]
  ) async throws -> ProgramOutcome {
    let outcome = try await shell.run(
      command, options: ["--mode", "csv"] + options,
      environment: server.environment().merging(variables) { $1 })
    // Whatever happens.
    #expect(!(outcome.output + outcome.errors).contains(ProviderServer.key))
    return outcome
  }

  @Test(arguments: [
    ("jina-reranker-m0", "", nil), ("rerank-v4.0-pro", document, nil),
    ("rerank-2.5", document, nil), ("openai:Qwen/Qwen3-VL-Reranker-2B", "", nil),
    ("openai:m", "", "vllm-score"), ("openai:text-only", document, "llama"),
    ("gemini-judge", "", nil), ("gemini-judge:mode=listwise", "", nil),
    ("gemini-judge:mode=listwise:layout=grid", "", nil),
    ("gemini-judge:mode=pairwise", "", nil),
  ])
  func `what was paid for is never asked for again, offline neither`(
    model: String, document: String, form: String?
  ) async throws {
    try await withServer { shell, server in
      var variables: [String: String] = [:]
      variables["PARALLAX_OPENAI_RERANK_FORM"] = form
      let command = "\(Self.query) | rerank --model \(model) --depth 6 \(document) \(Self.shown)"
      let dry = try await shell.run("\(command) --dry-run", environment: variables)
      #expect(dry.code == 0, "\(dry.errors)")
      let asked = try await server.items()
      #expect(asked == 0)

      let first = try await rerank(shell, server, command, variables: variables)
      #expect(first.code == 0, "\(first.errors)")
      let table = rows(first.output)
      #expect(table.count == 12 && table.map { $0[0] } == (1...12).map(String.init))
      #expect(table[6...].map { $0[3] } == (7...12).map(String.init))
      let scores = table[..<6].compactMap { Double($0[2]) }
      #expect(scores.count == 6 && scores == scores.sorted(by: >), "\(first.output)")
      // Grades are counts, not measures.
      #expect(table[..<6].allSatisfy { $0[2].contains(".") } != (model == "gemini-judge"))
      let paid = try await server.seen()
      let times = model.contains("listwise") ? 2 : model.contains("pairwise") ? 10 : 1
      #expect(paid.items == 6 * times)

      let again = try await shell.run(
        command, options: ["--mode", "csv", "--offline"], environment: variables)
      #expect(again.code == 0 && again.output == first.output, "\(again.errors)")
      let after = try await server.seen().requests.count
      #expect(after == paid.requests.count)
      let cost = try await shell.rows("cost")
      #expect(cost.count == 1 && cost[0][1] == "\(6 * times)", "\(cost)")
      let missing = try await shell.run(
        "\(command) --query other", options: ["--offline"], environment: variables)
      #expect(missing.code == 4 && missing.errors.contains("no score yet"), "\(missing.errors)")
    }
  }

  @Test func `faults cost time and nothing else, and a refused candidate keeps its place`()
    async throws
  {
    try await withServer { shell, server in
      let command = "\(Self.query) | rerank --model jina-reranker-m0 --depth 6 \(Self.shown)"
      try await server.misbehave(["429", "503", "html", "error-in-200"])
      let outcome = try await rerank(shell, server, command)
      #expect(outcome.code == 0, "\(outcome.errors)")
      let cost = try await shell.rows("cost")
      #expect(cost[0][1] == "6")
      try await server.misbehave(["missing-index"])
      let lame = try await rerank(shell, server, "\(command) --query 'blue mug'")
      #expect(lame.code == 0, "\(lame.errors)")
      #expect(lame.errors.contains("1 of 6 candidates got no score"), "\(lame.errors)")
      #expect(lame.errors.contains("missing in the reply"), "\(lame.errors)")
      let second = rows(lame.output)[1]
      #expect(second[2].isEmpty && second[3] == "2", "\(lame.output)")
      try await server.misbehave(["same-index"])
      let bad = try await rerank(shell, server, "\(command) --query 'green mug'")
      #expect(bad.code == 4 && bad.errors.contains("numbers its scores wrongly"), "\(bad.errors)")
    }
  }

  @Test func `the price is known before, and the budget holds`() async throws {
    try await withServer { shell, server in
      let command = "\(Self.query) | rerank --model gemini-judge --depth 10"
      let dry = try await shell.rows("\(command) --dry-run")
      // Ten images of 1120 tokens at 0.30, and answers of at most 128 tokens at 2.50 a million.
      let least = 10 * (1_120 * 0.30 + 128 * 2.50) / 1e6
      let price = try #require(dry.first { $0[0].contains("cost") }?[1])
      let dollars = try #require(Double(price.filter { $0.isNumber || $0 == "." }))
      #expect(dollars > least && dollars < 1.3 * least, "\(dry)")
      let poor = try await rerank(shell, server, "set budget 0.001 ; \(command)")
      #expect(poor.code == 4 && poor.errors.contains("nothing was asked for"), "\(poor.errors)")
      let asked = try await server.seen().requests.count
      #expect(asked == 0)
      let rich = try await rerank(shell, server, "set budget 0.01 ; \(command)")
      #expect(rich.code == 0, "\(rich.errors)")
      #expect(rich.errors.contains("tokens read"), "\(rich.errors)")
      let cost = try await shell.rows("cost")
      // It was shown with two digits.
      #expect(abs((Double(cost[0][2]) ?? 0) - dollars) <= 5e-5, "\(cost) \(dollars)")
    }
  }

  @Test func `what each reranker would cost is known before any is asked`() async throws {
    try await withServer { shell, server in
      try TestFiles.write(
        "id,text\na,red mug\nb,blue mug\n", to: shell.folder + "/q.csv")
      try TestFiles.write("a 0 mug-001 1\nb 0 mug-002 1\n", to: shell.folder + "/qrels.tsv")
      let compare =
        "compare --qrels qrels.tsv --depth 6 --rerank "
        + "none,mini-cross,gemini-judge,gemini-judge:mode=listwise,gemini-judge:mode=listwise:layout=grid"
      let command = "query t@base --queries q.csv --top 6 | \(compare)"
      let outcome = try await rerank(shell, server, "\(command) --dry-run")
      #expect(outcome.code == 0, "\(outcome.errors)")
      let asked = try await server.seen().requests.count
      let (costs, kept) = (try await shell.rows("cost").count, try await shell.rows("cache info"))
      #expect(asked == 0 && costs == 0 && !kept.contains { $0.contains("gemini") }, "\(kept)")
      let table = rows(outcome.output)
      #expect(
        table.map { $0[1...4].joined(separator: " ") } == [
          "0 0 0 0", "12 0 12 0", "12 0 12 12", "12 0 12 4", "12 0 12 4",
        ])
      // The pictures of two lists of six, in two orders: each 280 tokens, or one grid of 1120.
      let tokens = table.compactMap { Int($0[5]) }
      #expect(tokens[2] - 12 * 1_120 > 0 && tokens[2] < 16 * 1_120, "\(tokens)")
      #expect(tokens[3] - tokens[4] - (4 * 6 * 280 - 4 * 1_120) < 200, "\(tokens)")
      let paid = try await rerank(
        shell, server,
        "query t@base --queries q.csv --top 6 | rerank --model gemini-judge --depth 3")
      #expect(paid.code == 0, "\(paid.errors)")
      let after = rows(try await rerank(shell, server, "\(command) --dry-run").output)
      #expect(after[2][1...4].joined(separator: " ") == "12 6 6 6", "\(after)")
      let space = try await rerank(
        shell, server,
        "compare t@base --queries q.csv --qrels qrels.tsv --rerank none,mini-cross --dry-run")
      #expect(
        space.code == 1 && space.errors.contains("known once it was asked"), "\(space.errors)")
    }
  }

  @Test func `a comparison that cannot be judged asks no reranker`() async throws {
    try await withServer { shell, server in
      try TestFiles.write("id,text\na,red mug\nb,blue mug\n", to: shell.folder + "/q.csv")
      try TestFiles.write("a 0 mug-001 1\nb 0 mug-002 1\n", to: shell.folder + "/qrels.tsv")
      try TestFiles.write("other 0 mug-001 1\n", to: shell.folder + "/others.tsv")
      for (judged, part) in [
        ("qrels.tsv --cluster-by photo", "no column 'photo'"),
        ("qrels.tsv --by photo", "no column 'photo'"),
        ("others.tsv", "none of the judged questions was answered"),
      ] {
        let outcome = try await rerank(
          shell, server,
          "compare t@base --queries q.csv --top 6 --rerank none,gemini-judge --depth 3 --qrels \(judged)"
        )
        #expect(outcome.code == 1 && outcome.errors.contains(part), "\(outcome.errors)")
      }
      let asked = try await server.seen().requests.count
      #expect(asked == 0)
    }
  }

  @Test func `where a judge goes by place, lists keep their order, and it is said`() async throws {
    try await withServer { shell, server in
      try await server.preferFirst()
      let command =
        "\(Self.query) | rerank --model gemini-judge:mode=listwise --depth 12 \(Self.shown)"
      let outcome = try await rerank(shell, server, command)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(rows(outcome.output).allSatisfy { $0[0] == $0[3] }, "\(outcome.output)")
      #expect(outcome.errors.contains("1 of 1 lists keep the order"), "\(outcome.errors)")
      #expect(outcome.errors.contains("of 66 pairs"), "\(outcome.errors)")
      let strict = try await rerank(
        shell, server, "\(command) --query 'blue mug'", options: ["--strict"])
      #expect(strict.code != 0)
    }
  }

  // The server answers four requests and never the others: it would not end if it waited for them.
  @Test(.timeLimit(.minutes(10)))
  func `Ctrl-C waits for no answer, and what was paid for stays`() async throws {
    try await withServer { shell, server in
      try TestFiles.write(
        "id,text\n" + (0..<20).map { "q\($0),mug number \($0)\n" }.joined(),
        to: shell.folder + "/q.csv")
      let command =
        "query t@base --queries q.csv --top 6 | rerank --model rerank-v4.0-pro --depth 4 "
        + Self.document
      try await server.misbehave(
        Array(repeating: nil, count: 4) + Array(repeating: "never", count: 8))
      let run = try shell.start(
        ["work.parallax", "-c", command], environment: server.environment())
      // Eight are under way.
      try await eventually("the requests") { try await server.items() >= 12 * 4 }
      run.kill(SIGINT)
      let outcome = await run.finish()
      #expect(outcome.code == 130)
      #expect(
        outcome.errors.contains("cancelled after 4 of 20 questions: the scores are kept"),
        "\(outcome.errors)")
      let again = try await rerank(shell, server, command)
      #expect(again.code == 0, "\(again.errors)")
      #expect(again.errors.contains("16 of them kept"), "\(again.errors)")
      let asked = try await server.items()
      #expect(asked == (20 + 8) * 4)
    }
  }

  @Test(
    .timeLimit(.minutes(30)),
    arguments: [
      ("rerank-v4.0-pro \(document)", 1_000, 4, 1), ("gemini-judge:mode=listwise", 60, 4, 2),
    ])
  func `kills in a run of many questions pay for nothing twice`(
    model: String, questions: Int, depth: Int, sendings: Int
  ) async throws {
    try await withServer(["--latency", "0.01"]) { shell, server in
      try TestFiles.write(
        "id,text\n" + (0..<questions).map { "q\($0),mug number \($0)\n" }.joined(),
        to: shell.folder + "/q.csv")
      let command =
        "query t@base --queries q.csv --top 6 | rerank --model \(model) --depth \(depth)"
      let calm = Shell(folder: shell.folder + "/calm", program: shell.program)
      TestFiles.makeFolder(calm.folder)
      try await calm.succeed(Self.prepare)
      try TestFiles.write(
        try #require(TestFiles.text(of: shell.folder + "/q.csv")), to: calm.folder + "/q.csv")
      let undisturbed = try await rerank(calm, server, command)
      #expect(undisturbed.code == 0, "\(undisturbed.errors)")
      let once = try await server.settledItems()
      #expect(once == questions * depth * sendings)

      for kill in 1...3 {
        let run = try shell.start(
          ["work.parallax", "-c", command], environment: server.environment())
        try await eventually("the requests") {
          try await server.items() >= once + kill * once / 5
        }
        run.kill(SIGKILL)
        _ = await run.finish()
      }
      let last = try await rerank(shell, server, command)
      #expect(last.code == 0, "\(last.errors)")
      #expect(last.output == undisturbed.output)
      // What was paid for twice was under way at a kill: eight requests at most.
      let all = try await server.settledItems() - once
      #expect((once...(once + 3 * 8 * depth)).contains(all), "\(all) of \(once)")
      // A request that was charged and never came is none that the service counted.
      let charged = try await shell.rows("cost")[0][1]
      #expect((all...(all + 3 * 8 * depth)).contains(Int(charged) ?? 0), "\(charged) of \(all)")
    }
  }

  @Test func `a model grades as a judge of its own, within the budget, and nothing twice`()
    async throws
  {
    try await withServer { shell, server in
      try TestFiles.write("id,text\nq1,red mug\nq2,blue mug\n", to: shell.folder + "/q.csv")
      let judge = "judge t@base --queries q.csv --pool 4 --to g"
      let model = "\(judge) --model gemini-judge"
      let dry = try await rerank(shell, server, "\(model) --dry-run")
      #expect(dry.code == 0 && dry.output.contains("to score,8"), "\(dry.errors)")
      let poor = try await rerank(shell, server, "set budget 0.000001 ; \(model)")
      #expect(poor.code == 4 && !poor.errors.contains("--depth"), "\(poor.errors)")
      #expect(poor.errors.contains("--pool or --top"), "\(poor.errors)")
      // What --strict refuses is refused before it is paid for.
      try TestFiles.write("q1 Q0 nowhere 1 2 s\nq1 Q0 mug-001 2 1 s\n", to: shell.folder + "/x.run")
      let strict = try await rerank(
        shell, server,
        "x = import-run x.run --collection t --queries q.csv ; set strict on ; "
          + "judge x --to strict --model gemini-judge")
      #expect(strict.code == 1 && strict.errors.contains("'nowhere'"), "\(strict.errors)")
      #expect(try await server.items() == 0)
      let done = try await rerank(shell, server, model)
      #expect(done.code == 0 && done.errors.contains("'gemini-judge' graded 8 answers in 'g'"))
      let asked = try await server.items()
      #expect(asked == 8)
      // Its grades count where it is named.
      let plain = try await rerank(shell, server, "eval t@base --queries q.csv --qrels g")
      #expect(plain.code == 1 && plain.errors.contains("'g:gemini-judge'"), "\(plain.errors)")
      let named = try await rerank(
        shell, server, "eval t@base --queries q.csv --qrels g:gemini-judge")
      #expect(named.code == 0, "\(named.errors)")
      // What it is told makes another judge of it.
      let told = try await rerank(shell, server, "\(model) --instruction 'be kind'")
      #expect(
        told.errors.contains("8 grades of 'gemini-judge' are of another version")
          && told.errors.contains("graded 8 answers"), "\(told.errors)")
      #expect(try await server.items() == 2 * asked)
      let part = try await rerank(shell, server, "\(model) --top 2")
      #expect(part.code == 0, "\(part.errors)")
      let mixed = try await rerank(
        shell, server, "eval t@base --queries q.csv --qrels g:gemini-judge")
      #expect(mixed.errors.contains("are of 2 versions or instructions"), "\(mixed.errors)")
      let again = try await rerank(
        shell, server, "drop judgements g --yes ; \(model)", options: ["--offline"])
      #expect(again.code == 0 && again.errors.contains("8 of them known"), "\(again.errors)")
      let person = try await shell.run(
        arguments: ["work.parallax", "-c", judge], input: "3\n2\n1\n0\n3\n2\n1\n0\n")
      #expect(person.code == 0, "\(person.errors)")
      let agreement = try await rerank(shell, server, "judgements g --agreement")
      #expect(
        rows(agreement.output).map { Array($0.prefix(3)) } == [
          ["me", "gemini-judge", "same"], ["me", "gemini-judge", "kappa"],
          ["me", "gemini-judge", "weighted kappa"],
        ])
      for (name, words) in [
        ("mini-cross", "gives scores, not grades"), ("mmr", "gives scores, not grades"),
        ("gemini-judge:mode=listwise", "gives scores, not grades"), ("nobody", "unknown reranker"),
      ] {
        let refused = try await rerank(shell, server, "\(judge) --model \(name)")
        #expect(refused.code != 0 && refused.errors.contains(words), "\(refused.errors)")
      }
      #expect(try await server.items() == 2 * asked)
    }
  }
}

import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// `run FILE --dry-run`: what each line would ask of a service, found out without asking it.
@MainActor @Suite struct ScriptPlanTests {
  private nonisolated static let service =
    "embed c --as o --model openai:test --dim 4 --content text"
  private nonisolated static let reranker = "gemini-judge"

  /// Runs `body` where the space `c@o` is a service's, and `red` and `q` are an answer and a run.
  private func withSpaces(
    _ body: (Bench, VectorService) async throws -> Void
  ) async throws {
    try await Bench.withService { bench, service in
      try bench.pictures(["d.jpg": "vase-001", "e.jpg": "mug-002"])
      try TestFiles.write(
        "file,caption\nd.jpg,a vase\ne.jpg,another mug\n", to: bench.folder + "/more.csv")
      try TestFiles.write(
        "id,text,item\nq1,boat,a\nq2,a shoe and a mug,b\nq3,rain,b\n", to: bench.folder + "/q.csv")
      await bench.succeed(
        "let q = \(bench.folder)/q.csv ; let judged = \"id = :item\" ; "
          + "ingest c \(bench.folder)/in --meta \(bench.folder)/more.csv --key file ; embed c ; "
          + "\(Self.service) ; red = query c@base --text red ; q = query c@base --queries $q")
      try await body(bench, service)
    }
  }

  /// Calls and dollars of each line.
  private func plan(_ lines: [String], _ bench: Bench) async throws -> [[String]] {
    try TestFiles.write(lines.joined(separator: "\n"), to: bench.folder + "/plan.plx")
    let rows = await bench.rows(
      "run \(bench.folder)/plan.plx q=$q judged=$judged --dry-run")
    return rows.map { Array($0.split(separator: ",", omittingEmptySubsequences: false).suffix(3)) }
      .map { $0.prefix(2).map(String.init) }
  }

  @Test(arguments: [
    ("query c@o --queries $q", "requests, about"),
    ("compare c@o --queries $q --relevant-if $judged --codes none,int8", "requests, about"),
    ("diff c@o c@base --queries $q", "c@o: requests, about"),
    ("rerank red --model \(reranker)", "requests"),
    ("reembed c@o --as next --content image --model voyage-multimodal-3.5", "requests, about"),
  ])
  func `a line has the calls that its own dry run says`(
    command: String, fact: String
  ) async throws {
    try await withSpaces { bench, service in
      let before = service.items
      let own = await bench.succeed("set mode csv ; \(command) --dry-run").output
      let quoted = fact.contains(",") ? "\"\(fact)\"" : fact
      let line = try #require(own.split(separator: "\n").first { $0.hasPrefix(quoted + ",") })
      let row = try await plan([command], bench)[0]
      #expect(row[0] == line.dropFirst(quoted.utf8.count + 1))
      #expect((Double(row[1]) ?? 0) > 0, "\(row)")
      #expect(service.items == before)
    }
  }

  @Test func `every command that asks is priced, and nobody is asked`() async throws {
    try await withSpaces { bench, service in
      let before = service.items
      let judged = "--queries $q --relevant-if $judged"
      let asking = [
        "query c@o --text boat", "eval c@o \(judged)", "eval c@o q \(judged)",
        "compare c@o c@base \(judged)", "compare c@o c@base \(judged) --noise 0.5",
        "compare q --rerank none,\(Self.reranker) --relevant-if $judged",
        "canary add c@o --probes 4", "diff c@o c@base --noise 0.5 --queries $q",
      ]
      for (command, row) in zip(asking, try await plan(asking, bench)) {
        #expect((Int(row[0]) ?? 0) > 0 && (Double(row[1]) ?? 0) > 0, "\(command): \(row)")
      }
      let quiet = [
        "load c@o", "align c@o c@base", "project c@o --dim 2", "query c@o --like a",
        "eval q --relevant-if $judged", "canary list c@o", "query c@o --queries $q --dry-run",
        "check \(bench.folder)/none.md --offline",
      ]
      try TestFiles.write("# Nothing\n", to: bench.folder + "/none.md")
      for (command, row) in zip(quiet, try await plan(quiet, bench)) {
        #expect(row == ["0", "0.0"], "\(command): \(row)")
      }
      #expect(service.items == before)
    }
  }

  @Test func `what an earlier line makes is not known, which is said with the line`() async throws {
    try await withSpaces { bench, service in
      let before = service.items
      let script = """
        red = query c@base --text blue
        rerank red --model \(Self.reranker)
        query c@base --text red | rerank --model \(Self.reranker)
        embed c --as late --model openai:test --dim 4 --content text
        canary add c@late
        run \(bench.folder)/other.plx
        eval q --relevant-if $judged
        query c@unpriced --text boat
        """
      let files = ["plan.plx": script, "other.plx": "list"]
      for (name, text) in files { try TestFiles.write(text, to: "\(bench.folder)/\(name)") }
      await bench.succeed(
        "embed c --as unpriced --model openai:other --dim 4 --content text")
      let outcome = await bench.succeed(
        "set mode csv ; run \(bench.folder)/plan.plx judged=$judged --dry-run")
      let rows = outcome.output.split(separator: "\n").dropFirst().map {
        Array($0.split(separator: ",", omittingEmptySubsequences: false).suffix(3).prefix(2))
      }
      try #require(rows.count == 8)
      #expect(rows[0] == ["0", "0.0"])
      for index in [1, 2, 4, 5] { #expect(rows[index] == ["", ""], "line \(index + 1)") }
      #expect(rows[6] == ["0", "0.0"])
      #expect(rows[7] == ["1", ""])
      for said in [
        "line 2: calls not known before it runs: an earlier line makes what it works on",
        "line 3: calls not known before it runs: the command before it makes what it works on",
        "line 5: calls not known before it runs: 'c' has no space 'late'",
        "line 6: calls not known before it runs: 'run \(bench.folder)/other.plx --dry-run' shows them",
        "line 8: the price of what it asks is not known", ", without those not known",
      ] { #expect(outcome.notes.contains(said), "\(outcome.notes)") }
      #expect(service.items == before + 4)
    }
  }
}

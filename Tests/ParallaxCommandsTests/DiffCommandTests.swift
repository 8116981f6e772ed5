import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// What `diff` shows, refuses and leaves to `explain`.
@MainActor @Suite struct DiffCommandTests {
  private func withSpaces(_ body: (Bench) async throws -> Void) async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      try bench.pictures(["d.jpg": "vase-001", "e.jpg": "mug-002", "f.jpg": "shoe-002"])
      await bench.succeed("ingest c \(bench.folder)/in ; embed c ; project c@base --dim 32")
      try await body(bench)
    }
  }

  @Test func `the items of two spaces ask, and the verdict is about change`() async throws {
    try await withSpaces { bench in
      let outcome = await bench.succeed("set mode csv ; d = diff c@base c@base-32 --top 3")
      let lines = outcome.output.split(separator: "\n").map(String.init)
      #expect(lines[0] == "measure,value,low,high,a,b,meaning")
      let measures = lines.dropFirst().map { String($0.prefix { $0 != "," }) }
      #expect(
        measures.filter { !$0.hasPrefix("score") && !$0.hasPrefix("\"score") } == [
          "overlap@3", "rbo", "rbo_min", "rbo_max", "tau", "tau_ap", "churned items", "cka",
          "hubness", "items missing", "same acceptance", "verdict",
        ])
      #expect(
        outcome.notes.contains("a: c@base, b: c@base-32 · 6 questions (items of the collection)"))
      #expect(outcome.notes.contains("12 answers are the question itself and left out"))
      #expect(outcome.notes.contains("verdict: "))
      #expect(
        outcome.notes.contains(
          "this is about change alone; questions in words were not asked (--queries FILE)"))
      let explained = await bench.succeed("explain d a --top 3")
      #expect(
        explained.output.hasPrefix("change,id,grade,kept,c@base rank,c@base score,c@base-32 rank"))
      #expect(!explained.output.contains(",a,"), "\(explained.output)")
      let changed = await bench.succeed("diff c@base c@base-32 --top 2 --changed")
      #expect(changed.output.hasPrefix("kind,id,kept,only c@base,only c@base-32,text\n"))
      let described = await bench.succeed("describe d")
      #expect(
        described.output.contains("seed,1") && described.output.contains("space,c@base-32: "))
    }
  }

  @Test func `fields of the items are columns of the questions`() async throws {
    try await withSpaces { bench in
      let rows = await bench.rows(
        "diff c@base c@base-32 --relevant-if \"ok = :ok\" --by ok --metric mrr,ndcg@10")
      #expect(
        rows.contains { $0.hasPrefix(",mrr,") } && rows.contains { $0.hasPrefix(",ndcg@10,") })
      #expect(rows.contains { $0.hasPrefix("true,overlap@10,") }, "\(rows)")
      #expect(rows.last?.contains("not enough evidence; mrr changes by") == true, "\(rows)")
    }
  }

  @Test func `asking a local model again changes nothing`() async throws {
    try await withSpaces { bench in
      let outcome = await bench.succeed(
        "set mode csv ; diff c@base c@base-32 --noise 0.5")
      #expect(
        outcome.output.contains("noise: overlap@10,,,,1.0,,\"'c@base' with itself, 3 questions"))
      #expect(
        outcome.output.contains("noise: distance,,,,,0.0,\"every vector is the same, bit for"))
      let planned = await bench.succeed("diff c@base c@base-32 --noise 0.5 --dry-run")
      #expect(planned.output.contains("c@base: questions,6\n"), "\(planned.output)")
      #expect(planned.output.contains("noise: inputs to ask for,6\n"))
      #expect(planned.notes.contains("nothing was asked"))
    }
  }

  @Test func `a comparison says what the noise of a model could make`() async throws {
    try await withSpaces { bench in
      let file = "\(bench.folder)/q.csv"
      try TestFiles.write("id,text,ok\nq1,a mug,true\nq2,a shoe,false\n", to: file)
      let compare =
        "compare c@base c@base-32 --queries \(file) --relevant-if \"ok = :ok\" --metric mrr"
      let outcome = await bench.succeed("\(compare) --noise 1")
      #expect(
        outcome.notes.contains("2 questions asked again: 'c@base' has the same mrr"),
        "\(outcome.notes)")
      #expect(outcome.notes.contains("asked for 4 inputs"), "\(outcome.notes)")
      let varied = await bench.run(
        "compare c@base --queries \(file) --relevant-if \"ok = :ok\" --dims 32,64 --noise 1")
      #expect(varied.code == 2 && varied.notes.contains("--noise asks spaces as they are"))
    }
  }

  @Test func `runs are compared as they are, and what they do not share is said`() async throws {
    try await withSpaces { bench in
      try TestFiles.write(
        "q1 Q0 a 1 3 x\nq1 Q0 b 2 2 x\nq2 Q0 a 1 1 x\n", to: bench.folder + "/x.run")
      try TestFiles.write(
        "q1 Q0 b 1 3 y\nq1 Q0 a 2 2 y\nq3 Q0 a 1 1 y\n", to: bench.folder + "/y.run")
      let outcome = await bench.succeed(
        "set mode csv ; d = diff \(bench.folder)/x.run \(bench.folder)/y.run")
      #expect(outcome.output.contains("overlap@10,1.0,,,,,"))
      #expect(outcome.output.contains("tau,-1.0,,,,,"))
      #expect(outcome.notes.contains("1 question has an answer of"), "\(outcome.notes)")
      let explained = await bench.succeed("explain d q1")
      #expect(explained.output.contains("up,b,,2,2.0,1,3.0\n"), "\(explained.output)")
      let noise = await bench.run("diff \(bench.folder)/x.run \(bench.folder)/y.run --noise 0.1")
      #expect(noise.code == 2 && noise.notes.contains("--noise asks a space again"))
      let unknown = await bench.run("explain d q7")
      #expect(unknown.code == 1 && unknown.notes.contains("no question 'q7' is answered by both"))
    }
  }

  @Test func `what does not go together is refused, with its place`() async throws {
    try await withSpaces { bench in
      let twice = await bench.run("diff c@base c@base")
      #expect(twice.code == 2 && twice.notes.contains("the system 'c@base' is named twice"))
      let margin = await bench.run("diff c@base c@base-32 --margin 0.1")
      #expect(margin.code == 2 && margin.notes.contains("--margin needs judgements"))
      let file = "\(bench.folder)/q.csv"
      try TestFiles.write("id,text\nq1,mug\n", to: file)
      let sample = await bench.run("diff c@base c@base-32 --queries \(file) --sample 3")
      #expect(sample.code == 2 && sample.notes.contains("--sample is of items that ask"))
      await bench.succeed("create collection o ; ingest o \(bench.folder)/in ; embed o")
      let other = await bench.run("diff c@base o@base")
      #expect(other.code == 1 && other.notes.contains("are of two collections"), "\(other.notes)")
      #expect(other.notes.contains("test:1:13"), "\(other.notes)")
      let field = await bench.run("diff c@base c@base-32 --by colour")
      #expect(field.code == 1 && field.notes.contains("no column 'colour'"), "\(field.notes)")
      let asked = await bench.succeed("set mode csv ; diff c@base c@base-32 --queries \(file)")
      #expect(asked.notes.contains("· 1 question"), "\(asked.notes)")
    }
  }
}

import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

@MainActor @Suite struct PlotCommandTests {
  /// Three hits: ranks 1, 2 and 3 with their scores.
  private static let query = "r = query c@base --text mug"

  @Test func `a result becomes a drawing with its provenance beside it`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let path = bench.folder + "/r.svg"
      let outcome = await bench.succeed(
        "\(Self.query) ; plot r --x rank --y score --to \(path)")
      #expect(outcome.notes.contains("drew 3 rows to '\(path)' (line)"))
      let svg = try #require(TestFiles.text(of: path))
      #expect(svg.contains(">r: score over rank</title>"))
      let side = try #require(TestFiles.text(of: path + "-metadata.json"))
      #expect(side.contains("\"format\": \"svg\",\n  \"rows\": 3,"))
      #expect(
        side.contains("query c@base --text mug | plot r --x rank --y score --to"), "\(side)")
    }
  }

  @Test func `a drawing that exists is kept without replace`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let path = bench.folder + "/r.svg"
      try TestFiles.write("mine", to: path)
      let line = "\(Self.query) ; plot r --x rank --y score --to \(path)"
      let refused = await bench.run(line)
      #expect(refused.code == 1 && refused.notes.contains("error: '\(path)' exists"))
      #expect(TestFiles.text(of: path) == "mine")
      #expect(TestFiles.text(of: path + "-metadata.json") == nil)
      await bench.succeed(line + " --replace")
      #expect(TestFiles.text(of: path)?.hasPrefix("<svg ") == true)
    }
  }

  @Test func `without a file a pipe gets the drawing, and a terminal is told`() async throws {
    let line = "query c@base --text mug | plot --x rank --y score"
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let outcome = await bench.succeed(line)
      #expect(outcome.output.hasPrefix("<svg ") && outcome.output.hasSuffix("</svg>\n"))
    }
    try await Bench.inNewFolder(isInteractive: true, isTerminal: true) { bench in
      try await bench.prepare()
      let outcome = await bench.type(line)
      #expect(outcome.code != 0)
      #expect(outcome.notes.contains("--to is missing: a terminal does not show a drawing"))
      #expect(outcome.notes.contains("--to plot.svg"))
    }
  }

  @Test(arguments: [
    ("--x rank --y score --to r.png", "'plot' writes SVG: the ending of 'r.png' is not .svg"),
    ("--x rank --y score --low score", "an interval has two ends: --low and --high go together"),
    (
      "--x rank --y score --kind lines",
      "'kind' takes 'differences', 'line', 'points' or 'intervals'"
    ),
    ("--x rank --y score --x-scale ln", "'x-scale' takes 'linear' or 'log'"),
  ])
  func `what is wrong whatever the result is stops a script before it runs`(
    options: String, message: String
  ) async throws {
    try await Bench.inNewFolder { bench in
      let outcome = await bench.run("create collection c ; r = list results ; plot r \(options)")
      #expect(outcome.code == 2, "\(outcome.notes)")
      #expect(outcome.notes.contains(message), "\(outcome.notes)")
      let made = try bench.session.workspace.collections()
      #expect(made.isEmpty)
    }
  }

  @Test func `the tables of a comparison have the columns that drawings name`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let folder = bench.folder
      try TestFiles.write(
        "id,text,item\nq1,a mug,a\nq2,a shoe,b\nq3,bricks,c\n", to: folder + "/q.csv")
      let judged =
        "--queries \(folder)/q.csv --relevant-if \"id = :item\" --metric success@1,success@2"
      let outcome = await bench.succeed(
        """
        dims = compare c@base --dims 64,128 \(judged)
        plot dims --x bytes --y success@1 --to \(folder)/bytes.svg
        plot dims --x dim --y success@2 --to \(folder)/dim.svg
        plot dims --x depth --y success --to \(folder)/depth.svg
        plot dims --x system --y difference --to \(folder)/systems.svg
        pq = compare c@base --dims 64 \(judged) --per-query
        plot pq --to \(folder)/questions.svg
        """)
      for (name, what) in [
        ("bytes", "3 rows"), ("dim", "3 rows"), ("depth", "6 rows"), ("systems", "4 rows"),
        ("questions", "3 rows"),
      ] {
        #expect(outcome.notes.contains("drew \(what) to '\(folder)/\(name).svg'"), "\(name)")
      }
      let bytes = TestFiles.text(of: folder + "/bytes.svg") ?? ""
      #expect(bytes.contains(" at 256;") && bytes.contains("bytes per vector</text>"))
    }
  }

  @Test func `an error points at the option`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let outcome = await bench.run("\(Self.query) ; plot r --x rank --y scor")
      #expect(outcome.code == 1)
      #expect(outcome.notes.contains("the result has no column 'scor'"))
      #expect(outcome.notes.contains("^^^^ did you mean 'score'?"))
    }
  }
}

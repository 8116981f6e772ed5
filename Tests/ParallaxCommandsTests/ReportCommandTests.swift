import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

@MainActor @Suite struct ReportCommandTests {
  @Test func `an answer becomes one page with its provenance beside it`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let path = bench.folder + "/r.html"
      let outcome = await bench.succeed(
        "r = query c@base --text 'a mug' --image \(bench.folder)/in/b.jpg ; report r --to \(path)")
      #expect(outcome.notes.contains("wrote 1 section of "), "\(outcome.notes)")
      let page = try #require(TestFiles.text(of: path))
      #expect(page.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
      #expect(page.contains("<h1 dir=\"auto\">Report on 'r'</h1>"))
      #expect(page.contains(">What 'r' found</h2>") && page.contains(">a mug, red</p>"))
      // The image asked by, and three hits.
      #expect(page.split(separator: "<img src=\"data:image/jpeg;base64,").count == 5)
      for fact in ["command", "created", "program", "collection", "space", "input", "search"] {
        #expect(page.contains("<dt>\(fact)</dt>"), "\(fact)")
      }
      let side = try #require(TestFiles.text(of: path + "-metadata.json"))
      #expect(side.contains("\"format\": \"html\"") && side.contains("| report r --to"), "\(side)")

      let refused = await bench.run("report r --to \(path)")
      #expect(refused.code == 1 && refused.notes.contains("error: '\(path)' exists"))
      await bench.succeed("report r --to \(path) --replace --title 'Red & round'")
      #expect(TestFiles.text(of: path)?.contains(">Red &amp; round</h1>") == true)
    }
  }

  @Test func `answers stand side by side with what moved marked`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let (side, rerank) = (bench.folder + "/s.html", bench.folder + "/m.html")
      let outcome = await bench.succeed(
        """
        r = query c@base --text mug
        s = query c@base --text brick --top 2
        report r s --to \(side)
        m = r | rerank --model mmr:lambda=0
        report m --to \(rerank)
        """)
      #expect(outcome.notes.contains("wrote 1 section"))
      let page = try #require(TestFiles.text(of: side))
      #expect(page.contains(">'r', 's' side by side</h2>"))
      #expect(page.contains("from 'r' to 's': 1 left, ") && page.contains(">− left</span>"))
      #expect(page.contains("The results answer different questions."))
      #expect(page.contains("<summary>Where 's' comes from</summary>"))
      for asked in ["mug", "brick"] {
        #expect(page.contains(" dir=\"auto\">\(asked)</p>"), "\(asked)")
      }
      let again = try #require(TestFiles.text(of: rerank))
      #expect(again.contains(">'m', before and after mmr:lambda=0</h2>"))
      #expect(again.contains(">Before: the same items</h3>"))
    }
  }

  @Test func `a picture that cannot be shown is one warning and a marked place`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      try TestFiles.write("no picture", to: bench.folder + "/in/a.jpg")
      let path = bench.folder + "/r.html"
      let line = "query c@base --text mug | report --to \(path) --replace"
      let outcome = await bench.succeed(line)
      #expect(outcome.notes.contains("warning: 1 picture cannot be shown: "), "\(outcome.notes)")
      #expect(outcome.notes.contains("has other contents than when it was read"))
      let page = try #require(TestFiles.text(of: path))
      #expect(page.contains("<strong>No picture: </strong>"))
      #expect(page.contains("1 picture cannot be shown; its place says why"))
      let strict = await bench.run("set strict on ; \(line)")
      #expect(strict.code == 1)
    }
  }

  @Test func `what is cut unasked is a warning, and is said on the page`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let path = bench.folder + "/r.html"
      let outcome = await bench.succeed(
        "set strict on ; r = query c@base --text mug ; "
          + "report r --to \(path) --top 2 --pictures 1")
      for words in [
        "2 of 3 hits of 'r' are shown (--top)", "1 of 2 pictures are shown (--pictures)",
      ] {
        #expect(outcome.notes.contains(words), "\(outcome.notes)")
        #expect(TestFiles.text(of: path)?.contains(words) == true)
      }
      let usual = ReportLimits.usual
      var builder = ReportBuilder(
        workspace: bench.session.workspace, fractionDigits: 4, limits: usual, given: [])
      builder.noteCut(1, of: 2, ("row", "rows"), in: "'r'", "rows")
      builder.noteCut(1, of: 2, ("question", "questions"), in: "'r'", "questions", isUsual: true)
      #expect(builder.cuts.unasked == ["1 of 2 rows of 'r' is shown (--rows)"])
      #expect(builder.cuts.asked == ["1 of 2 questions of 'r' is shown (--questions)"])
    }
  }

  @Test func `experiments bring their conclusion, tables, drawings and changed questions`()
    async throws
  {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let folder = bench.folder
      try TestFiles.write(
        "id,text,item\nq1,a mug,b\nq2,a shoe,b\nq3,bricks,c\n", to: folder + "/q.csv")
      let judged = "--relevant-if \"id = :item\" --metric success@1"
      await bench.succeed(
        """
        q = query c@base --queries \(folder)/q.csv
        m = rerank q --model mmr:lambda=0
        cmp = compare q m \(judged)
        d = diff q m --top 2
        p = power --sd 0.5 --questions 10
        report q cmp d p --to \(folder)/x.html --top 1
        report q m --to \(folder)/runs.html --questions 2
        """)
      let page = try #require(TestFiles.text(of: folder + "/x.html"))
      for words in [
        ">Questions of 'q'</h2>", ">Comparison 'cmp'</h2>", ">Difference 'd'</h2>",
        ">Table 'p'</h2>",
        "with 10 questions you can detect", "verdict: ", "aria-label=\"Contents\"",
      ] { #expect(page.contains(words), "\(words)") }
      #expect(page.contains("<svg "))
      let runs = try #require(TestFiles.text(of: folder + "/runs.html"))
      #expect(runs.contains(">'q', 'm' side by side</h2>"))
      #expect(runs.contains("2 of 3 questions of 'q' are shown (--questions)"))
    }
  }

  @Test(arguments: [
    ("report r --to r.pdf", "'report' writes a web page: the ending of 'r.pdf' is not .html"),
    ("report --to r.html", "'report' needs results, by their names or through a pipe"),
    ("report r r --to r.html", "the result 'r' is named twice"),
  ])
  func `what is wrong whatever the result is stops a script before it runs`(
    line: String, message: String
  ) async throws {
    try await Bench.inNewFolder { bench in
      let outcome = await bench.run("create collection c ; r = list results ; \(line)")
      #expect(outcome.code == 2, "\(outcome.notes)")
      #expect(outcome.notes.contains(message), "\(outcome.notes)")
      let made = try bench.session.workspace.collections()
      #expect(made.isEmpty)
    }
  }
}

import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// What the nearest cases say of fields, and what `suggest` says of that.
@MainActor @Suite struct SuggestCommandTests {
  @Test func `fields are tried on the own cases`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let outcome = await bench.succeed(
        "set mode csv ; t = suggest c@base --field ok,price,made --k 2")
      let lines = outcome.output.split(separator: "\n").map(String.init)
      #expect(
        lines[0] == "field,value,cases,missing,right,low,high,usual,answered,precision,"
          + "mistaken_for,right_apart,error,error_low,error_high,usual_error,inside,error_apart",
        "\(outcome.output)")
      #expect(lines[1].hasPrefix("ok,,3,0,"))
      #expect(lines[2].hasPrefix("ok,true,2,,") && lines[3].hasPrefix("ok,false,1,,"))
      #expect(lines[4].hasPrefix("price,,2,1,,,,,,,,,"))
      #expect(lines[5].hasPrefix("made,,2,1,"))
      #expect(outcome.notes.contains("ok: right in "), "\(outcome.notes)")
      #expect(outcome.notes.contains("of your own 3 cases; always 'true' would be in 67 %"))
      #expect(outcome.notes.contains("made: off by 763 days at the median"), "\(outcome.notes)")
      // Only those of a kind that is asked for.
      let texts = await bench.succeed("suggest c@base --field caption --k 1")
      #expect(!texts.output.contains("error"), "\(texts.output)")
    }
  }

  @Test func `little or nothing known is said`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let few = await bench.succeed("suggest c@base --field ok --k 50")
      #expect(few.notes.contains("there are only 3 cases: each was asked of the 2 others"))
      try bench.pictures(["late.jpg": "vase-001"])
      await bench.succeed("ingest c \(bench.folder)/in")
      let late = await bench.succeed("suggest c@base --field ok --k 1")
      #expect(late.notes.contains("1 image has no vector in 'c@base' and is no case"), "\(late)")
      let strict = await bench.run("set strict on ; suggest c@base --field ok --k 1")
      #expect(strict.code == 1)
      await bench.succeed("set strict off")
      let none = await bench.succeed(
        "set mode csv ; suggest c@base --field price --where \"price is null or year > 2021\" --k 1"
      )
      #expect(none.notes.contains("price: no case has a neighbour with a value"), "\(none)")
    }
  }

  @Test func `pictures that come in get what their nearest cases say`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      for (name, tile) in ["known.jpg": "shoe-001", "new.jpg": "brick-002"] {
        try TestFiles.copy("\(Bench.tiles)/images/\(tile).jpg", to: "\(bench.folder)/new/\(name)")
      }
      try TestFiles.write("no picture", to: "\(bench.folder)/new/broken.jpg")
      let line = "suggest c@base \(bench.folder)/new --field ok,price,made,year --k 1"
      let outcome = await bench.succeed("set mode csv ; \(line)")
      let lines = outcome.output.split(separator: "\n").map(String.init)
      #expect(
        lines[0] == "path,id,score,ok,ok.agreement,ok.missing,ok.cases,price,price.low,price.high,"
          + "price.missing,price.cases,made,made.low,made.high,made.missing,made.cases,year,year.low,"
          + "year.high,year.missing,year.cases,case.ids,case.scores,problem", "\(outcome.output)")
      #expect(lines[1].hasPrefix("\(bench.folder)/new/broken.jpg,,,,,"), "\(lines)")
      #expect(
        lines[2].contains(
          "known.jpg,b,1.0,false,1.0,0,false,,,,1,\"\",2021-06-02,2021-06-02,2021-06-02,0,2021-06-02,"
            + "2021,2021,2021,0,2021,b,1.0,"), "\(lines)")
      #expect(
        lines[3].contains("new.jpg,c,0.") && lines[3].contains(",9.25,9.25,9.25,0,9.25,,,,1,"))
      #expect(outcome.notes.contains("1 of 3 pictures is a file of the collection"))
      #expect(outcome.notes.contains("1 picture cannot be compared, such as '"), "\(outcome.notes)")
      #expect(outcome.notes.contains("ok: right in "))
      let planned = await bench.succeed("\(line) --dry-run")
      #expect(
        planned.notes.contains("nothing was embedded") && planned.notes.contains("3 pictures"))
      // More cases than there are; nothing agrees enough.
      let many = await bench.rows(
        "suggest c@base \(bench.folder)/new/new.jpg --field ok --k 9 --min-agreement 1")
      #expect(many.count == 1 && many[0].contains("new.jpg,c,0."), "\(many)")
      #expect(many[0].split(separator: ",", omittingEmptySubsequences: false)[3] == "", "\(many)")
    }
  }

  @Test func `what cannot be asked for is refused, with its place`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      for (line, part) in [
        ("suggest c@base", "needs --field"), ("suggest c@base --field ok,ok", "twice"),
        ("suggest c@base --field yaer", "did you mean 'year'?"),
        ("suggest c@base --field width", "no metadata field 'width'"),
        ("suggest c@base --field ok --k 0", "from 1 to 1000"),
        ("suggest c@base --field ok --min-agreement 2", "from 0 to 1"),
        ("suggest c@base --field ok --where \"year > 3000\"", "no case that fulfils --where"),
        ("suggest c@other --field ok", "no space 'other'"),
        ("suggest c@base --field ok --dry-run", "goes with PATH"),
        ("suggest c@base \(bench.folder)/none --field ok", "none"),
      ] {
        let outcome = await bench.run(line)
        #expect(outcome.code != 0 && outcome.notes.contains(part), "\(line): \(outcome.notes)")
      }
    }
  }
}

import ParallaxCore
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// What was judged is held against what is asked, and what somebody said can be changed.
extension JudgeCommandTests {
  @Test func `grades are taken for the questions and the collection that they judge alone`()
    async throws
  {
    try await inFolder { bench in
      pipe(["3", "3", "3", "3"], bench)
      await bench.succeed(Self.judge)
      let folder = bench.folder
      try TestFiles.write("id,text\nq1,a blue mug\nq2,x\n", to: folder + "/p.csv")
      await bench.succeed(
        "blue = import-run \(folder)/one.run --collection c --queries \(folder)/p.csv")
      await bench.succeed(
        "create collection d ; ingest d \(folder)/in ; elsewhere = import-run \(folder)/one.run "
          + "--collection d --queries \(folder)/q.csv")
      for (system, words) in [
        ("blue", "do not mean the same by question 'q1'"),
        ("one blue", "do not mean the same by question 'q1'"),
        ("elsewhere", "'g' judges items of 'c', and these are of 'd'"),
      ] {
        let refused = await bench.run("eval \(system) --qrels g")
        #expect(refused.code == 1 && refused.notes.contains(words), "\(refused.notes)")
      }
      #expect(await bench.run("compare one blue --qrels g").code == 1)
      await bench.succeed("eval one --qrels g")
    }
  }

  @Test func `a question that asks by a picture is known by the bytes of it`() async throws {
    try await inFolder { bench in
      let folder = bench.folder
      try TestFiles.write("q1 Q0 a 1 3 s\n", to: folder + "/short.run")
      @MainActor func system(_ name: String, _ picture: String, _ tile: String) async throws {
        try TestFiles.copy("\(Bench.tiles)/images/\(tile).jpg", to: "\(folder)/\(picture)")
        try TestFiles.write("id,image\nq1,\(picture)\n", to: "\(folder)/\(name).csv")
        await bench.succeed(
          "\(name) = import-run \(folder)/short.run --collection c "
            + "--queries \(folder)/\(name).csv")
      }
      try await system("first", "x.jpg", "lamp-001")
      try await system("moved", "y.jpg", "lamp-001")
      try await system("another", "z.jpg", "lamp-002")
      pipe(["3"], bench)
      await bench.succeed("judge first --to p")
      await bench.succeed("eval moved --qrels p")
      pipe(["3"], bench)
      for line in [
        "judge another --to p", "eval another --qrels p", "judge first another --to new",
      ] {
        let refused = await bench.run(line)
        #expect(
          refused.code == 1 && refused.notes.contains("'q1': its picture is another one"),
          "\(line): \(refused.notes)")
      }
      // What cannot be read now is not known to be another.
      TestFiles.remove("\(folder)/y.jpg")
      let gone = await bench.succeed("eval moved --qrels p")
      #expect(gone.notes.contains("asks by a picture that could not be read"), "\(gone.notes)")
      pipe(["2"], bench)
      await bench.succeed("judge moved --to p --again")
      let refused = await bench.run("eval another --qrels p")
      #expect(refused.code == 1)
    }
  }

  @Test func `the last answer can be taken back, too`() async throws {
    try await inFolder { bench in
      let asked = answer(["3", "3", "3", "3", "x", "u", "1", ""], bench)
      let typed = await bench.succeed(Self.judge)
      #expect(typed.notes.contains("kept 4 grades in 'g': 3 of grade 3, 1 of grade 1"))
      #expect(asked().count == 8 && asked()[7].contains("Enter ends"))
      bench.session.ask = nil
      pipe(["3", "3", "3", "3", "", "u", "0"], bench)
      let piped = await bench.succeed("judge one other --to h")
      #expect(piped.notes.contains("kept 4 grades in 'h': 3 of grade 3, 1 of grade 0"))
      // A line that is none of it is for the next command.
      pipe(["3", "3", "3", "3", "2", "2", "2", "2"], bench)
      await bench.succeed("judge one other --to i ; judge one other --to k")
      #expect(await grades(bench, "k").count { $0.hasSuffix(",2,1,one") } == 4)
      for line in ["+3", "1 2", "03", "٣"] {
        pipe([line], bench)
        let refused = await bench.run("judge one other --to l")
        #expect(refused.code == 1 && refused.notes.contains("is no answer"), "\(line)")
      }
    }
  }

  @Test func `grades of pictures that all changed stay until they are given anew or dropped`()
    async throws
  {
    try await inFolder { bench in
      let workspace = bench.session.workspace
      pipe(["3", "3", "3", "3"], bench)
      await bench.succeed(Self.judge)
      let set = try #require(try workspace.judgementSet(named: "g"))
      let before = try workspace.grades(in: set)
      for (name, tile) in [("a", "lamp-001"), ("b", "lamp-002"), ("c", "lamp-003")] {
        try TestFiles.copy(
          "\(Bench.tiles)/images/\(tile).jpg", to: "\(bench.folder)/in/\(name).jpg")
      }
      await bench.succeed("sync c")
      for (name, words) in [
        ("g", "no grade of 'g' counts: 4 grades of 'g' are left out"),
        ("g:me", "'me' has no grade in 'g' that counts: 4 grades"),
        ("g:ben", "nobody called 'ben'"),
      ] {
        let refused = await bench.run("eval one --qrels \(name)")
        #expect(refused.code != 0 && refused.notes.contains(words), "\(refused.notes)")
      }
      answer(["0", "u", "q"], bench)
      let taken = await bench.succeed(Self.judge)
      #expect(taken.notes.contains("you said 3 before, of another picture"), "\(taken.notes)")
      #expect(try workspace.grades(in: set) == before)
      let gone = await bench.succeed("drop judgements g:me --yes")
      #expect(gone.notes.contains("dropped what 'me' said in 'g': 4 grades"), "\(gone.notes)")
      #expect(try workspace.grades(in: set).isEmpty)
      #expect(await bench.run("drop judgements g:me --yes").notes.contains("nobody called 'me'"))
    }
  }

  @Test func `what was settled can be settled anew, and goes with who settled it`() async throws {
    try await inFolder(isInteractive: true) { bench in
      for (name, given) in [("anna", ["3", "3", "3", "3"]), ("ben", ["0", "3", "3", "3"])] {
        answer(given, bench)
        _ = await bench.type("\(Self.judge) --by \(name)")
      }
      _ = await bench.type("d = judgements g --disagreements")
      answer(["2"], bench)
      _ = await bench.type("judge d --by ben")
      let done = await bench.type("judge d")
      #expect(done.notes.contains("nothing is left to settle ('--again' asks again)"))
      answer(["1", "", "u"], bench)
      let again = await bench.type("judge d --again")
      #expect(again.notes.contains("'ben' settled it as 2"), "\(again.notes)")
      bench.session.ask = nil
      #expect(await bench.rows("judgements g --disagreements").isEmpty)
      let settled = await bench.rows("e = judgements g --disagreements --settled")
      #expect(settled.count == 1 && settled[0].hasSuffix(",3,1,\"anna 3, ben 0\""), "\(settled)")
      answer(["3", "u", "q"], bench)
      _ = await bench.type("judge e --again --by ben")
      bench.session.ask = nil
      #expect(await grades(bench).count { $0.hasSuffix(",1,2,settled") } == 1)
      answer([], bench)
      #expect(await bench.type("judgements g --settled").notes.contains("goes with --disagree"))
      answer(["2", ""], bench)
      _ = await bench.type("judge e --again --by ben")
      bench.session.ask = nil
      let gone = await bench.succeed("drop judgements g:ben --yes")
      #expect(
        gone.notes.contains("dropped what 'ben' said in 'g': 4 grades, 1 settled answer"),
        "\(gone.notes)")
      #expect(await bench.succeed("drop judgements g --yes").notes.contains("'g': 4 grades"))
    }
  }

  @Test func `what cannot be shown is not called settled`() async throws {
    try await inFolder(isInteractive: true) { bench in
      for (name, given) in [("anna", ["3", "3", "3", "3"]), ("ben", ["0", "3", "3", "3"])] {
        answer(given, bench)
        _ = await bench.type("\(Self.judge) --by \(name)")
      }
      _ = await bench.type("d = judgements g --disagreements")
      let workspace = bench.session.workspace
      try workspace.apply(
        ["a", "b", "c"].map { .remove(ItemID($0)) }, to: workspace.collection(named: "c"))
      answer([], bench)
      let outcome = await bench.type("judge d")
      #expect(outcome.notes.contains("cannot be judged"), "\(outcome.notes)")
      #expect(outcome.notes.contains("nothing that is in 'c' is left to settle"))
      _ = await bench.type("set strict on")
      #expect(await bench.type("judge d").code == 1)
    }
  }

  @Test func `where there is no interval, it is said why`() async throws {
    try await inFolder { bench in
      for name in ["anna", "ben"] {
        pipe(["3", "3", "3", "3"], bench)
        await bench.succeed("\(Self.judge) --by \(name)")
      }
      let same = await bench.succeed("judgements g --agreement")
      #expect(same.notes.contains("no value where every grade is the same"))
      #expect(!same.notes.contains("no interval"), "\(same.notes)")
      try TestFiles.write("q1 Q0 a 1 3 s\nq1 Q0 b 2 2 s\n", to: bench.folder + "/short.run")
      await bench.succeed(
        "short = import-run \(bench.folder)/short.run --collection c "
          + "--queries \(bench.folder)/q.csv")
      for name in ["anna", "ben"] {
        pipe(["3", "0"], bench)
        await bench.succeed("judge short --to h --by \(name)")
      }
      let one = await bench.succeed("judgements h --agreement")
      #expect(one.notes.contains("no interval below two questions"), "\(one.notes)")
    }
  }
}

import CommandLanguage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// What Tab makes of a line in a session with one collection, a space and a result.
@MainActor @Suite struct CompletionTests {
  /// What was typed, and what the line is after Tab when one thing fits or several begin alike.
  static let lines: [(typed: String, completed: String)] = [
    ("drop space ", "drop space c@base "), ("drop collection ", "drop collection c "),
    ("drop result ", "drop result found "), ("drop collection c ", "drop collection c "),
    ("drop collection c --y", "drop collection c --yes "), ("describe f", "describe found "),
    ("describe model mi", "describe model mini"),
    ("embed c --model mini@2", "embed c --model mini@2 "),
    ("reembed c --as v2 --model mini@", "reembed c --as v2 --model mini@"), ("demo", "demote "),
    ("set show.rows ", "set show.rows "),
    ("set mode csv ", "set mode csv "), ("set mode csv -", "set mode csv --workspace "),
    ("workspace check ", "workspace check "), ("help wh", "help where "),
    ("set model mi", "set model mini"), ("set model gem", "set model gemini-embedding-"),
    ("embed c --task RETRIEVAL_Q", "embed c --task RETRIEVAL_QUERY "),
    (
      "embed c --model gemini-embedding-2 --task CLU",
      "embed c --model gemini-embedding-2 --task CLUSTERING "
    ),
    ("query c --columns sc", "query c --columns score"),
    ("eval q --metric bp", "eval q --metric bpref"),
    ("eval q --metric mrr,micro", "eval q --metric mrr,micro-ap"),
    ("compare q r --metric ndcg@", "compare q r --metric ndcg@10"),
    ("power --metric rec", "power --metric recall@"),
    ("query c --columns rank,pa", "query c --columns rank,path"),
    ("query c --columns sh", #"query c --columns "shot at""#),
    ("show found --columns pr", "show found --columns price"),
    ("query c --text x | show --columns ca", "query c --text x | show --columns caption"),
    (#"query c --text x | filter --where "ye"#, #"query c --text x | filter --where "year "#),
    ("query c --like b", "query c --like b "),
    ("query c --where ye", #"query c --where "year "#),
    ("dedupe c --keep la", "dedupe c --keep largest "),
    ("dedupe c --keep ye", #"dedupe c --keep "year "#),
    (#"dedupe c --keep "ok = t"#, #"dedupe c --keep "ok = true"#),
    (#"query c --where "wid"#, #"query c --where "width "#),
    (#"query c --where "sho"#, #"query c --where "\"shot at\" "#),
    (#"query c --where "my"#, #"query c --where "\"my \"\"q\"\" col\" "#),
    (#"query c --where "\"shot at\""#, #"query c --where "\"shot at\""#),
    (#"query c --where "year bet"#, #"query c --where "year between "#),
    (#"query c --where "year between 1 "#, #"query c --where "year between 1 and "#),
    (#"query c --where "ok = t"#, #"query c --where "ok = true"#),
    (#"query c --where "ok = tr"#, #"query c --where "ok = true"#),
    (#"query c --where "year = 2"#, #"query c --where "year = 20"#),
    (#"query c --where "caption = 'a m"#, #"query c --where "caption = 'a mug, red'"#),
    (#"query c --where "caption = a m"#, #"query c --where "caption = a m"#),
    (#"query c --where "\"shot at\" = "#, #"query c --where "\"shot at\" = 'd"#),
    ("query c --where 'caption = ", #"query c --where "caption = 'a "#),
    ("query c --where caption=", #"query c --where "caption='a "#),
    (#"query c --where "made > '2019"#, #"query c --where "made > '2019-05-01'"#),
    (#"query c --where "format = "#, #"query c --where "format = 'jpeg'"#),
    (#"query c --where "year > 2020 a"#, #"query c --where "year > 2020 and "#),
    (#"query c --where "(year in (1) o"#, #"query c --where "(year in (1) or "#),
    (#"query c --where "year in "#, #"query c --where "year in ("#),
    (#"query c --where "year > > "#, #"query c --where "year > > "#),
    (#"query c --where "nosuch = "#, #"query c --where "nosuch = "#),
  ]

  @Test func `tab completes`() async throws {
    try await withPreparedBench { bench in
      for line in Self.lines { #expect(tab(line.typed, bench) == line.completed) }
    }
  }

  @Test func `operators are those of the kind`() async throws {
    try await withPreparedBench { bench in
      #expect(
        labels(#"query c --where "ok "#, bench) == ["=", "!=", "is", "not", "in", "and", "or"])
      let numbers = labels(#"query c --where "year "#, bench)
      #expect(numbers.contains(">=") && !numbers.contains("like") && !numbers.contains("and"))
      #expect(labels(#"query c --where "caption "#, bench).contains("like"))
      #expect(labels(#"query c --where "(year > 1 "#, bench) == ["and", "or", ")"])
      #expect(labels(#"query c --where "year is not "#, bench) == ["null"])
    }
  }

  @Test func `labels are whole`() async throws {
    try await withPreparedBench { bench in
      #expect(labels(#"query c --where "caption = 'a "#, bench) == ["'a mug, red'", "'a shoe'"])
      #expect(labels("query c --columns ", bench).contains(#"my "q" col"#))
    }
  }

  @Test func `columns come from the header of the file`() async throws {
    try await withPreparedBench { bench in
      let file = "\(bench.folder)/more.csv"
      #expect(tab("ingest c x --meta \(file) --key pla", bench).hasSuffix(" --key place "))
      #expect(tab("ingest c x --meta \(file) --type nu", bench).hasSuffix(" --type number="))
      #expect(tab("ingest c \(file) --path-column na", bench).hasSuffix(" --path-column name "))
      #expect(labels("ingest c x --meta \(bench.folder) --key ", bench) == [])
      #expect(labels("ingest c x --key ", bench) == [])
    }
  }

  @Test func `a path can be entered as completed`() async throws {
    try await withPreparedBench { bench in
      let folder = bench.folder
      #expect(tab("ingest c \(folder)/My", bench) == #"ingest c \#(folder)/My\ Photos/"#)
      #expect(
        tab(#"ingest c \#(folder)/My\ Photos/i"#, bench)
          == #"ingest c \#(folder)/My\ Photos/it\'s\ a\,b\^2.jpg "#)
      #expect(tab(#"ingest c "\#(folder)/My"#, bench) == #"ingest c "\#(folder)/My Photos/""#)
      #expect(tab("ingest c '\(folder)/My", bench) == "ingest c '\(folder)/My Photos/'")
      #expect(
        tab(#"ingest c "\#(folder)/My Photos/"i"#, bench)
          == #"ingest c "\#(folder)/My Photos/it's a,b^2.jpg" "#)
      #expect(tab("ingest c \(folder)/lin", bench) == "ingest c \(folder)/link/")
      #expect(tab("!ls -l \(folder)/My", bench) == #"!ls -l \#(folder)/My\ Photos/"#)
      #expect(
        tab(#"!cat "\#(folder)/My Photos/i"#, bench)
          == #"!cat "\#(folder)/My Photos/it's a,b^2.jpg" "#)
      #expect(
        tab(#"!cat \#(folder)/My\ Photos/i"#, bench)
          == #"!cat \#(folder)/My\ Photos/it\'s\ a,b\^2.jpg "#)
    }
  }

  @Test func `a quote behind the cursor is not doubled`() async throws {
    try await withPreparedBench { bench in
      let typed = "ingest c \"\(bench.folder)/My"
      let found = SessionCompletion(session: bench.session)
        .complete(typed + "\"", cursor: typed.utf8.count)
      #expect(found.candidates.map(\.replacement) == ["\"\(bench.folder)/My Photos/"])
      #expect(!found.appendsSpace)
    }
  }

  @Test func `of very many texts only some are offered, and none is completed wrongly`()
    async throws
  {
    try await Bench.inNewFolder { bench in
      try bench.pictures(["a.jpg": "mug-001"])
      for number in 0..<300 {
        let name = "\(bench.folder)/in/n\(String(1_000 + number).dropFirst()).jpg"
        #expect(link("\(bench.folder)/in/a.jpg", name) == 0)
      }
      await bench.succeed("create collection many ; ingest many \(bench.folder)/in")
      let found = SessionCompletion(session: bench.session)
        .complete("query many --like n0", cursor: 20)
      #expect(found.candidates.count == 100)
      #expect(labels("query many --like ", bench).count == 200)
      #expect(tab("query many --like n", bench) == "query many --like n")
    }
  }

  // MARK: - The session

  private func withPreparedBench(_ body: (Bench) throws -> Void) async throws {
    try await Bench.inNewFolder { bench in
      try bench.pictures(["a.jpg": "mug-001", "b.jpg": "shoe-001"])
      try TestFiles.write(
        "file,year,price,made,ok,caption,shot at,\"my \"\"q\"\" col\"\n"
          + "a.jpg,2019,1.5,2019-05-01,true,\"a mug, red\",dawn,1\n"
          + "b.jpg,2021,,2021-06-02,false,a shoe,dusk,2\n", to: bench.folder + "/meta.csv")
      try TestFiles.write("name,place,number\nx,y,1\n", to: bench.folder + "/more.csv")
      try TestFiles.write("", to: bench.folder + "/My Photos/it's a,b^2.jpg")
      #expect(symlink("in", bench.folder + "/link") == 0)
      await bench.succeed(
        "create collection c ; ingest c \(bench.folder)/in --meta \(bench.folder)/meta.csv "
          + "--key file ; embed c --as base ; found = query c --like a")
      try body(bench)
    }
  }

  private func found(_ typed: String, _ bench: Bench) -> Completion {
    SessionCompletion(session: bench.session).complete(typed, cursor: typed.utf8.count)
  }

  private func labels(_ typed: String, _ bench: Bench) -> [String] {
    found(typed, bench).candidates.map(\.label)
  }

  /// The line after Tab, as readline makes it.
  private func tab(_ typed: String, _ bench: Bench) -> String {
    let found = found(typed, bench)
    let kept = String(decoding: typed.utf8.prefix(found.start), as: UTF8.self)
    switch found.candidates.count {
    case 0: return typed
    case 1: return kept + found.candidates[0].replacement + (found.appendsSpace ? " " : "")
    default: return found.partial.map { kept + $0 } ?? typed
    }
  }
}

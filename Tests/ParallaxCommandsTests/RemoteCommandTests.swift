import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// embed, cache and cost with a remote provider.
@MainActor @Suite struct RemoteCommandTests {
  private static let embed = "embed c --as o --model openai:test --dim 4 --content text"

  @Test func `what embedding would cost is said beforehand`() async throws {
    try await Bench.withService { bench, service in
      let dry = await bench.succeed("set mode csv ; \(Self.embed) --dry-run")
      for line in [
        "space,c@o", "items,3", "embedded already,0", "different contents to embed,2",
        "items without a text,1", "\"requests, about\",1", "\"tokens, about\",",
        "\"time at the set limit, at least\",no limit is set",
        "at the price of 2026-01, less what is cached",
      ] { #expect(dry.output.contains(line), "\(line): \(dry.output)") }
      #expect(dry.notes.contains("nothing was embedded"))
      #expect(service.items == 0)
      #expect(await bench.rows("list spaces c").count == 1)
      let local = await bench.succeed("embed c --as two --dry-run")
      #expect(local.output.contains("cost,0.00 (local model)"), "\(local.output)")
      let texts = await bench.succeed("embed c --as two --content text --dry-run")
      #expect(texts.output.contains("different contents to embed,2"), "\(texts.output)")
    }
  }

  @Test func `what was embedded is counted, and found`() async throws {
    try await Bench.withService { bench, service in
      #expect(await bench.succeed("cost").notes.contains("nothing was charged yet"))
      let done = await bench.succeed(Self.embed)
      #expect(done.notes.contains("c@o: 2 embedded"), "\(done.notes)")
      #expect(done.notes.contains("1 without a text"), "\(done.notes)")
      #expect(service.items == 2)
      let byModel = await bench.rows("cost")
      #expect(byModel.count == 1 && byModel[0].hasPrefix("openai/openai:test,2,"), "\(byModel)")
      #expect(await bench.rows("cost --by collection").first?.hasPrefix("c,2,") == true)
      #expect(await bench.rows("cost --by day").count == 1)
      #expect(await bench.succeed("cost").notes.contains(" in all"))
      let found = await bench.rows("query c@o --text 'a shoe' --top 1 --columns id,caption")
      #expect(found == ["b,a shoe"])
      let again = await bench.succeed(Self.embed)
      #expect(again.notes.contains("2 as before"), "\(again.notes)")
    }
  }

  @Test func `kept replies are shown, exported and forgotten`() async throws {
    try await Bench.withService(isInteractive: true) { bench, service in
      #expect(await bench.succeed("cache").notes.contains("no replies are kept yet"))
      await bench.succeed("\(Self.embed) ; drop space c@o --yes ; \(Self.embed)")
      #expect(service.items == 2)
      let info = await bench.rows("cache info")
      #expect(info.count == 1 && info[0].hasPrefix("openai,openai:test,4,2,"), "\(info)")

      let path = bench.folder + "/replies.jsonl"
      let wrote = await bench.succeed("cache export --to \(path) --model openai:test")
      #expect(wrote.notes.contains("wrote 2 replies to '\(path)'"), "\(wrote.notes)")
      let lines = TestFiles.text(of: path)?.split(separator: "\n") ?? []
      #expect(lines.count == 2)
      #expect(
        lines.allSatisfy {
          $0.hasPrefix("{\"provider\":\"openai\",\"model\":\"openai:test\",\"kind\":\"text\"")
        })
      #expect(await bench.run("cache export --to \(path)").code == 1)
      await bench.succeed("cache export --to \(path) --model other --replace")
      #expect(TestFiles.text(of: path) == "")

      bench.session.confirm = { _ in false }
      let declined = await bench.type("cache prune")
      #expect(declined.code == 1 && declined.notes == "nothing was done\n", "\(declined.notes)")
      bench.session.confirm = { _ in true }
      #expect(await bench.type("cache prune").notes == "forgot 2 replies\n")
      #expect(await bench.succeed("cache prune --model x --yes").notes == "forgot 0 replies\n")
    }
  }

  @Test func `an item that is refused fails alone, and is listed`() async throws {
    try await Bench.withService { bench, _ in
      try TestFiles.write("file,caption\nc.jpg,refused\n", to: bench.folder + "/more.csv")
      await bench.succeed("ingest c \(bench.folder)/in --meta \(bench.folder)/more.csv --key file")
      let outcome = await bench.succeed(Self.embed)
      #expect(outcome.notes.contains("2 embedded"), "\(outcome.notes)")
      #expect(outcome.notes.contains("no vector"), "\(outcome.notes)")
      #expect(await bench.rows("show _ --columns id") == ["c"])
    }
  }

  @Test func `a space keeps its identity`() async throws {
    try await Bench.withService { bench, service in
      for (line, message) in [
        ("embed c --as base --model openai:test --dim 4 --content text", "another identity"),
        ("embed c --as none --resume", "there is no space 'c@none' to go on with"),
        (
          "embed c --as x --model openai:test --content text", "only its server knows the dimension"
        ),
        ("set budget 0 ; \(Self.embed)", "budget"),
      ] {
        let outcome = await bench.run(line)
        #expect(outcome.code != 0 && outcome.notes.contains(message), "\(outcome.notes)")
      }
      #expect(await bench.rows("list spaces c").count == 1)
      #expect(service.items == 0)
      let resumed = await bench.succeed("embed c --as base --resume")
      #expect(resumed.notes.contains("c@base: 0 embedded · 3 as before"), "\(resumed.notes)")
    }
  }
}

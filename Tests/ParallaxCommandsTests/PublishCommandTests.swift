import ParallaxCore
import ParallaxProviders
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

@MainActor @Suite struct PublishCommandTests {
  @Test(.enabled(if: PostgresServer.installation != nil, "\(PostgresServer.comment)"))
  func `a space is published, asked there, shown and dropped`() async throws {
    let server = try await PostgresServer.shared()
    let address = server.address(try await server.database())
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let published = await bench.rows("publish c@base --to \(address)")
      #expect(published[0].hasPrefix("c@base,c_base,3,0,0,0,3,1"))
      #expect(
        await bench.rows("publish c --to \(address) --certify 0")[0].hasPrefix(
          "c@base,c_base,0,0,0,3,3"))
      let question =
        "query c@base --text mug --where \"year >= 2019 and caption like '%SHOE%' or ok\" --top 3"
      let (here, there) = (
        await bench.rows(question), await bench.succeed("\(question) --on \(address)")
      )
      #expect(here.count == 3)
      let lines = there.output.split(separator: "\n").dropFirst()
      #expect(lines.map { $0.split(separator: ",")[1] } == here.map { $0.split(separator: ",")[1] })
      #expect(there.notes.contains("with pgvector"))
      let listed = await bench.rows("list publications c")
      #expect(listed.count == 1)
      #expect(listed[0].hasPrefix("c@base,PostgreSQL 16"))
      #expect(await bench.succeed("describe c@base").output.contains("\npublished,"))
      await bench.succeed("r = query c@base --text mug --on \(address)")
      #expect(await bench.succeed("describe r").output.contains("'c_base' at \(address)"))
      #expect(
        await bench.run("drop publication c@base \(address)").notes.contains("--yes"))
      await bench.succeed("drop publication c@base \(address) --yes")
      #expect(await bench.rows("list publications") == [])
      let gone = await bench.run("drop publication c@base \(address) --yes")
      #expect(gone.code == 1)
      #expect(gone.notes.contains("is not published as 'c_base'"))
    }
  }

  @Test(.enabled(if: PostgresServer.installation != nil, "\(PostgresServer.comment)"))
  func `an engine is one more system`() async throws {
    let server = try await PostgresServer.shared()
    let address = server.address(try await server.database())
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      await bench.succeed("publish c@base --to \(address)")
      await bench.succeed("publish c@base --to \(address) --name other --index none")
      let file = bench.folder + "/q.csv"
      try TestFiles.write(
        "id,text\nq1,mug\nq2,a shoe\nq3,red\n", to: file)
      for asking in ["--queries \(file)", "--each \"year > 0\" --exclude-self"] {
        for rest in ["", "--where \"year >= 2019\"", "--min-score 0.1"] {
          let here = "query c@base \(asking) \(rest) --columns query,rank,id"
          let rows = await bench.rows("h = \(here)")
          #expect(rows.count > 1)
          #expect(await bench.rows("t = \(here) --on \(address) --name c_base") == rows)
        }
      }
      // In the words of the line, in a comparison, and by the table where the engine has two.
      let described = await bench.succeed("describe t")
      #expect(described.output.contains("with pgvector"), "\(described.output)")
      let compared = await bench.succeed(
        "compare c@base c@base@other --queries \(file) --relevant-if \"year > 0\"")
      #expect(compared.output.contains("c@base@other"), "\(compared.output)")
      let several = await bench.run(
        "compare c@base c@base@pgvector --queries \(file) --relevant-if \"year > 0\"")
      #expect(several.notes.contains("'pgvector' may mean 'c_base' at"), "\(several.notes)")
      let noise = await bench.run("diff c@base@other t --noise 0.5")
      #expect(noise.notes.contains("have their answers already"), "\(noise.notes)")
    }
  }

  @Test(arguments: [
    ("publish c@base --to postgres://u:hunter22@h/d", "holds no secret"),
    ("query c@base --text a --on postgres://u:hunter22@h/d", "holds no secret"),
    ("drop publication c@base postgres://u:hunter22@h/d --yes", "holds no secret"),
    ("publish c@base --to postgres://h/d?password=hunter22", "holds no secret"),
    ("publish c@base --to postgres://u:hunter22/x@h/d", "no '@' behind its host"),
    ("publish c@base --to postgres://u:5432/?a=hunter22@h/d", "no '@' behind its host"),
    ("publish c@base --to chroma+https://u:hunter22/x@h", "no '@' behind its host"),
    ("publish c@base --to milvus://root:hunter22#x@h/d", "no '@' behind its host"),
    ("publish c@base --to milvus+https://h --shards 2", "Milvus has no --shards"),
    ("query c@base --text a --on milvus://h/d?token=hunter22", "holds no secret"),
    ("publish c@base --to mysql://h/d", "an engine's address begins with postgres://"),
    ("publish c@base --to postgres://h/d --name a-b", "--name takes a letter"),
    ("publish c@base --to postgres://h/d --dry-run --certify 5", "--certify cannot be combined"),
    ("publish c@base --to postgres://h", "names a database"),
    ("publish c@base --to postgres://h/d --shards 2", "pgvector has no --shards"),
    ("publish c@base --to qdrant://h --type halfvec", "Qdrant has no --type"),
    ("publish c@base --to qdrant://h/x", "an address of Qdrant is"),
    ("query c@base --text a --name t", "--name goes with --on"),
    ("query c@base --text a --probes 3", "--probes goes with --on"),
    ("query c@base --text a --on postgres://h/d --mmr 0.5", "--mmr cannot be combined"),
    ("query c@base --text a --on postgres://h/d --dims 8", "--dims cannot be combined"),
    ("query c@base --text a --also c@base --on postgres://h/d", "--also cannot be combined"),
    ("query c@base --each ok --dry-run --on postgres://h/d", "--dry-run cannot be combined"),
    ("query c@base --each ok --mmr 0.5 --on postgres://h/d", "--mmr cannot be combined"),
    ("diff c@base c@base@qdrant", "is not published as 'qdrant'"),
    ("query c@base --text a --text b --fuse rrf --on postgres://h/d", "--fuse cannot be combined"),
    ("drop publication c postgres://h/d --yes", "takes COLLECTION@SPACE and the URL"),
    ("drop publication c@base --yes", "takes COLLECTION@SPACE and the URL"),
    ("drop space c@base --take-over --yes", "'drop space' takes no --take-over"),
  ])
  func `what cannot be is refused, and no secret is said`(
    command: String, reason: String
  ) async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let outcome = await bench.run(command)
      #expect(outcome.code != 0)
      #expect(outcome.notes.contains(reason), "\(outcome.notes)")
      #expect(!outcome.notes.contains("hunter22"))
    }
  }

  @Test func `offline nobody is asked`() async throws {
    var providers = Bench.providers
    providers.isOffline = true
    try await Bench.inNewFolder(providers: providers) { bench in
      try await bench.prepare()
      let outcome = await bench.run("publish c@base --to postgres://127.0.0.1:1/d")
      #expect(outcome.code == 4)
      #expect(outcome.notes.contains("with --offline"))
    }
  }

  @Test(arguments: [
    ("publish c@base --to postgres://me@h/d", true),
    ("publish c@base --to postgres://me:pw@h/d", false),
    ("publish c@base --to postgres://me:a/b?c#d@h/d", false),
    ("publish c@base --to POSTGRES://me:a/b@h/d", false),
    ("publish c@base --to qdrant://a/b@h", false),
    ("publish c@base --to chroma+https://u:a/b@h", false),
    ("publish c@base --to milvus+https://a/b@h", false),
    ("query c --text me@h --on postgres://me@h:5432/d?sslmode=require", true),
  ])
  func `a history keeps no password`(line: String, isKept: Bool) {
    let filter = HistoryFilter(environment: [:])
    #expect(filter.keeps(line, after: nil) == isKept)
  }
}

import ParallaxTestSupport
import Testing

/// Texts and joint vectors through the built program, and what it finds out about a provider.
@Suite(.fewAtOnce, .enabled(if: ProviderServer.python != nil, "needs Python"))
struct RemoteContentTests {
  private static let captions = """
    filename,caption
    mug-001.jpg,a red mug
    mug-002.jpg,a mug of another kind
    mug-003.jpg,
    mug-004.jpg,a red mug
    """
  private static let ingest =
    "create collection t ; ingest t \(Shell.tiles)/images --glob 'mug-00[1-4].jpg' "
    + "--meta captions.csv --key filename"

  private func withServer(_ body: (Shell, ProviderServer) async throws -> Void) async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    try await Shell.inNewFolder { shell in
      try TestFiles.write(Self.captions, to: shell.folder + "/captions.csv")
      try await shell.succeed(Self.ingest)
      try await body(shell, server)
    }
  }

  @Test func `an item is its image, its text, or both as one`() async throws {
    try await withServer { shell, server in
      let environment = server.environment()
      func embed(_ name: String, _ content: String) async throws -> ProgramOutcome {
        try await shell.run(
          "embed t --as \(name) --model gemini-embedding-2 --dim 128 --content \(content)",
          environment: environment)
      }
      #expect(try await embed("image", "image").code == 0)
      let texts = try await embed("text", "text")
      // Two captions are one content, one is empty.
      #expect(texts.errors.contains("3 embedded · 1 without a text"), "\(texts.errors)")
      let joint = try await embed("joint", "joint")
      #expect(joint.code == 0 && joint.errors.contains("4 embedded"), "\(joint.errors)")
      // The picture without a text is known from the first space.
      #expect(try await server.items() == 4 + 2 + 3)
      // A text that stands in the space is its nearest question.
      let rows = try await shell.run(
        "query t@text --text 'a red mug' --columns id,score", options: ["--mode", "csv"],
        environment: environment)
      #expect(rows.output.contains("mug-001,1.0\nmug-004,1.0\n"), "\(rows.output)")
      let facts = try await shell.run("describe t@joint")
      #expect(facts.output.contains("joint"))

      // Another caption is another content.
      try TestFiles.write(
        Self.captions.replacing("a red mug\nmug-002", with: "a green mug\nmug-002"),
        to: shell.folder + "/captions.csv")
      let sync = try await shell.run(
        "sync t ; embed t --as joint ; embed t --as image", environment: environment)
      #expect(sync.errors.contains("t@joint: 1 embedded · 3 as before"), "\(sync.errors)")
      #expect(sync.errors.contains("t@image: 0 embedded · 4 as before"), "\(sync.errors)")
    }
  }

  @Test func `a text that is refused is found, and no other is paid for twice`() async throws {
    try await withServer { shell, server in
      // SHA-256 of 'a mug of another kind'.
      try await server.misbehave(poison: [
        "9545223ec37b774d27bd1a2722556aa8c689bd04615b1ec239b481ed92b38e5a"
      ])
      let outcome = try await shell.run(
        "embed t --as text --model gemini-embedding-2 --dim 128 --content text",
        environment: server.environment())
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("The text is blocked."), "\(outcome.output)")
      #expect(try await shell.vectorCount(of: "t@text") == 2)
      #expect(try await server.items() == 1)
      #expect(try await shell.rows("cost").map { $0[1] } == ["1"])
    }
  }

  @Test func `the embedded model takes texts, and says that it joins nothing`() async throws {
    try await withServer { shell, _ in
      let joint = try await shell.run("embed t --as joint --model mini --content joint")
      #expect(joint.code == 1 && joint.errors.contains("gives no joint vector"), "\(joint.errors)")
      let mini = try await shell.run("embed t --as text --model mini --content text")
      #expect(mini.code == 0 && mini.errors.contains("3 embedded"), "\(mini.errors)")
    }
  }

  @Test func `replies of two dimensions are held against one another`() async throws {
    try await withServer { shell, server in
      let environment = server.environment()
      let first = try await shell.run(
        "embed t --as a --model gemini-embedding-2 --dim 256", environment: environment)
      #expect(!first.errors.contains("compared with"))
      let second = try await shell.run(
        "embed t --as b --model gemini-embedding-2 --dim 128", environment: environment)
      #expect(
        second.errors.contains("4 replies of 'gemini-embedding-2' with 128 dimensions")
          && second.errors.contains("equal to their prefixes"), "\(second.errors)")
      // A provider of which it is not true.
      let odd = try await ProviderServer(["--vectors", try Self.swapped(shell)])
      defer { odd.stop() }
      let warned = try await shell.run(
        "embed t --as d --model gemini-embedding-2 --dim 200", environment: odd.environment())
      #expect(warned.errors.contains("not their prefixes"), "\(warned.errors)")
    }
  }

  /// A file of vectors under which every picture has another vector than the server's own.
  private static func swapped(_ shell: Shell) throws -> String {
    let path = shell.folder + "/all.json"
    let values = (0..<200).map { "\($0 % 7 - 3)" }.joined(separator: ",")
    try TestFiles.write("{\"*\": [\(values)]}", to: path)
    return path
  }

  @Test func `a dry run counts, and a day's limit holds`() async throws {
    try await withServer { shell, server in
      let environment = server.environment().merging(["PARALLAX_GEMINI_ITEMS_PER_MINUTE": "60"]) {
        $1
      }
      let plan = try await shell.run(
        "embed t --as text --model gemini-embedding-2 --content text --dry-run",
        options: ["--mode", "csv"], environment: environment)
      // Words, as the server counts: 'a red mug' and 'a mug of another kind'.
      #expect(plan.output.contains("\ntokens,8\n"), "\(plan.output)\(plan.errors)")
      #expect(plan.output.contains("\"requests, about\",1\n"), "\(plan.output)")
      #expect(try await server.items() == 0)
      let day = try await shell.run(
        "embed t --as a --model gemini-embedding-2 --dim 128 ; "
          + "embed t --as b --model gemini-embedding-2 --dim 256",
        environment: environment.merging(["PARALLAX_GEMINI_ITEMS_PER_DAY": "5"]) { $1 })
      #expect(
        day.code == 4 && day.errors.contains("the limit of 5 items a day is reached"),
        "\(day.errors)")
      #expect(try await server.items() == 4)
    }
  }

  @Test func `kept replies are exported, a line each`() async throws {
    try await withServer { shell, server in
      let made = try await shell.run(
        "embed t --as a --model gemini-embedding-2 --dim 128 ; cache export --to replies.jsonl",
        environment: server.environment())
      #expect(made.code == 0 && made.errors.contains("wrote 4 replies"), "\(made.errors)")
      let lines = try TestFiles.lines(of: shell.folder + "/replies.jsonl")
      #expect(lines.count == 4)
      for line in lines {
        #expect(line.hasPrefix("{\"provider\":\"gemini\",\"model\":\"gemini-embedding-2\""))
        #expect(line.split(separator: ",").count == 5 + 128)
      }
      let again = try await shell.run("cache export --to replies.jsonl")
      #expect(again.code == 1 && again.errors.contains("exists"))
    }
  }

  @Test func `gcloud is asked for a token when there is no other`() async throws {
    try await withServer { shell, server in
      try TestFiles.write(
        "#!/bin/sh\n[ \"$*\" = 'auth print-access-token' ] && echo \(ProviderServer.key)\n",
        to: shell.folder + "/bin/gcloud", mode: 0o700)
      var environment = server.environment()
      environment["GOOGLE_OAUTH_ACCESS_TOKEN"] = nil
      let embed = "embed t --as v --model vertex:gemini-embedding-2 --dim 128"
      let without = try await shell.run(
        embed, environment: environment.merging(["PATH": "/usr/bin:/bin"]) { $1 })
      #expect(
        without.code == 1 && without.errors.contains("'gcloud' gave none"), "\(without.errors)")
      let with = try await shell.run(
        embed,
        environment: environment.merging(["PATH": "\(shell.folder)/bin:/usr/bin:/bin"]) { $1 })
      #expect(with.code == 0, "\(with.errors)")
      #expect(!with.errors.contains(ProviderServer.key))
    }
  }
}

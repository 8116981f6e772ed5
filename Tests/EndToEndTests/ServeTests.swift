import ParallaxCore
import ParallaxTestSupport
import ParallaxText
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The built program as a server, asked over sockets.
@Suite struct ServeTests {
  private static func port(of run: ProgramRun) async throws -> Int {
    let line = await run.errorLine(containing: "serving ")
    let port = line.split(separator: ":").last?.prefix { $0.isNumber }
    return try #require(port.flatMap { Int($0) }, "'\(line)' names no port")
  }

  private static func prepare(_ shell: Shell) async throws {
    let tiles = "\(TestData.packageRoot)/datasets/tiles"
    try TestFiles.write("file,year\nmug-001.jpg,2019\n", to: shell.folder + "/meta.csv")
    for name in ["mug-001", "shoe-001"] {
      try TestFiles.copy("\(tiles)/images/\(name).jpg", to: "\(shell.folder)/in/\(name).jpg")
    }
    try await shell.succeed(
      "create collection c ; ingest c in --meta meta.csv --key file ; embed c --as base")
  }

  @Test func `serves from a shell, beside a session that writes, and ends cleanly`() async throws {
    try await Shell.inNewFolder { shell in
      try await Self.prepare(shell)
      let run = try shell.start(["serve", "work.parallax", "c@base", "--port", "0"])
      let port = try await Self.port(of: run)
      let answer = try await RawClient.request(
        port: port, "/v1/search", method: "POST", ["Content-Type: application/json"],
        body: Array(#"{"text": "a shoe", "top": 1}"#.utf8))
      #expect(answer.status == 200)
      #expect(answer.text.contains(#""id":"shoe-001""#))
      let picture = try await RawClient.request(port: port, "/v1/items/c/mug-001/original")
      #expect(picture.body == (try TestFiles.bytes(of: shell.folder + "/in/mug-001.jpg")))
      #expect(picture.field("content-type") == "image/jpeg")
      // Another session may write.
      try await shell.succeed("create collection d")
      for (fields, status) in [
        (["Host: evil.example"], 421), (["Origin: http://evil.example"], 403),
        (["Content-Type: text/plain"], 415),
      ] {
        let refused = try await RawClient.request(
          port: port, "/v1/search", method: "POST", fields, body: Array("{}".utf8))
        #expect(refused.status == status)
        #expect(refused.field("content-type") == "application/problem+json")
      }
      run.kill(SIGINT)
      let outcome = await run.finish()
      #expect(outcome.code == 0)
      #expect(outcome.output == "")
      #expect(outcome.errors.contains("ended after 5 requests"), "\(outcome.errors)")
    }
  }

  @Test func `a request of the system to end is heard, also with a client that hangs`() async throws
  {
    try await Shell.inNewFolder { shell in
      try await Self.prepare(shell)
      let run = try shell.start(
        ["work.parallax", "-c", "serve c --port 0 --token"],
        environment: ["PARALLAX_SERVE_TOKEN": "correct-horse-battery"])
      let port = try await Self.port(of: run)
      async let hanging = RawClient.exchange(port: port, [Array("GET / HTTP/1.1\r\n".utf8)])
      #expect(try await RawClient.request(port: port, "/v1/collections").status == 401)
      let bearer = "Authorization: Bearer correct-horse-battery"
      #expect(try await RawClient.request(port: port, "/v1/collections", [bearer]).status == 200)
      run.kill(SIGTERM)
      let outcome = await run.finish()
      _ = try await hanging
      #expect(outcome.code == 0)
      #expect(!outcome.errors.contains("correct-horse-battery"))
      #expect(outcome.errors.contains("/?token="))
      // The workspace was closed.
      let next = try await shell.succeed("list collections")
      #expect(!next.errors.contains("did not end"))
    }
  }

  @Test func `a verdict on a group outlives the server that is killed`() async throws {
    try await Shell.inNewFolder { shell in
      try await Self.prepare(shell)
      let groups = "dups = dedupe c@base --min-score -1 --keep path"
      let run = try shell.start([
        "work.parallax", "-c", "\(groups) ; serve c@base --port 0 --groups dups",
      ])
      let port = try await Self.port(of: run)
      let list = try await RawClient.request(port: port, "/v1/groups")
      #expect(list.text.contains(#""pairs":1,"judged":0,"#), "\(list.text)")
      let answer = try await RawClient.request(
        port: port, "/v1/groups/verdicts", method: "POST", ["Content-Type: application/json"],
        body: Array(
          #"{"group": 1, "items": ["shoe-001"], "verdict": "distinct", "judge": "anna"}"#.utf8))
      #expect(answer.status == 200, "\(answer.text)")
      // Nobody else writes meanwhile.
      let other = try await shell.run(arguments: ["work.parallax", "-c", "create collection d"])
      #expect(other.code != 0)
      run.kill(SIGKILL)
      _ = await run.finish()
      let verdicts = try await shell.succeed("list verdicts c")
      #expect(verdicts.output.contains("distinct") && verdicts.output.contains("anna"))
    }
  }

  /// What cannot be served, and what is said.
  static let refused: [(arguments: [String], code: Int32, text: String)] = [
    (["serve"], 2, "'parallax serve' takes a workspace and a space"),
    (["serve", "work.parallax"], 2, "'parallax serve' takes a workspace and a space"),
    (["serve", "work.parallax", "c@none"], 2, "'c' has no space 'none'"),
    (["serve", "work.parallax", "c", "--host", "0.0.0.0"], 2, "it needs --token"),
    (["serve", "work.parallax", "c", "--prot", "1"], 2, "did you mean '--port'?"),
    (["serve", "none.parallax", "c"], 1, "there is no workspace 'none.parallax'"),
    (["serve", "work.parallax", "c; drop c"], 2, "c; drop c"),
    (["serve", "work.parallax", "c", "--judge", "g"], 2, "--judge needs --run"),
    (["serve", "work.parallax", "c", "--pool", "5"], 2, "--pool is about grading answers"),
    (
      ["serve", "work.parallax", "c", "--judge", "g.qrels", "--run", "c"], 2, "a name without a dot"
    ),
    (["serve", "work.parallax", "c", "--judge", "g", "--run", "c"], 2, "is open for reading only"),
    (["serve", "work.parallax", "c", "--groups", "dups"], 2, "unknown result 'dups'"),
    (
      ["work.parallax", "-c", "r = query c@base --text shoe ; serve c --groups r"], 1,
      "'r' has no groups that could be judged"
    ),
    (
      [
        "work.parallax", "-c",
        "create collection d ; ingest d in ; g = dedupe d --by pixels ; serve c --groups g",
      ], 1, "'g' has groups of 'd', which is not served"
    ),
  ]

  @Test func `what cannot be served is refused`() async throws {
    try await Shell.inNewFolder { shell in
      try await Self.prepare(shell)
      for (arguments, code, text) in Self.refused {
        let outcome = try await shell.run(arguments: arguments)
        #expect(outcome.code == code, "\(arguments): \(outcome.errors)")
        #expect(outcome.errors.contains(text), "\(arguments): \(outcome.errors)")
      }
    }
  }
}

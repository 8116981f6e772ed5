import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// `show --images` on terminals that answer in their own ways.
@Suite(.enabled(if: ProviderServer.python != nil, "needs Python"))
struct TerminalPictureTests {
  /// The last part of what a terminal is asked.
  private static let question = "\u{1B}[16t\u{1B}[c"
  private static let show = "show r --images --columns id\r"
  private static let hasChafa = dlopen("libchafa.so.0", RTLD_LAZY) != nil

  /// A session at a prompt whose second input is answered by a result `r` of two pictures.
  private func type(
    _ steps: [TerminalRun.Step], environment: [String: String] = [:], in shell: Shell
  ) async throws -> TerminalRun.Seen {
    try await shell.succeed(
      "create collection t ; ingest t \(Shell.tiles)/images --glob mug-00[12].jpg ; "
        + "embed t --as base --model mini")
    var variables = ["TERM": "xterm-256color", "XDG_STATE_HOME": shell.folder + "/state"]
    variables.merge(environment) { _, given in given }
    return try await TerminalRun.run(
      [shell.program, "--no-init", "work.parallax"],
      [.expect("1> "), .send("r = query t@base --text mug\r"), .expect("2> ")] + steps,
      rows: 50, environment: variables, folder: shell.folder)
  }

  @Test func `a terminal with kitty's graphics is asked once, and no key is lost`() async throws {
    try await Shell.inNewFolder { shell in
      // Keys before, between and after the parts of the answer.
      let answer = "li\u{1B}_Gi=31;OK\u{1B}\\st\n\u{1B}[6;20;10t\u{1B}[?62c"
      let seen = try await type(
        [
          .answer(Self.question, with: answer), .send(Self.show), .expect("id = mug-001"),
          .expect("list"), .expect("items"), .expect("4> "), .send(Self.show),
          .expect("id = mug-001"), .expect("5> "), .send("\u{4}"), .end,
        ], in: shell)
      #expect(seen.code == 0)
      #expect(seen.raw.split(separator: "a=T,f=100,").count == 5)
      #expect(seen.raw.split(separator: Self.question).count == 2)
    }
  }

  @Test(.enabled(if: hasChafa, "needs libchafa"))
  func `a terminal with sixel gets sixel`() async throws {
    try await Shell.inNewFolder { shell in
      let seen = try await type(
        [
          .answer(Self.question, with: "\u{1B}[6;20;10t\u{1B}[?62;4;22c"), .send(Self.show),
          .expect("id = mug-001"), .expect("3> "), .send("\u{4}"), .end,
        ], in: shell)
      #expect(seen.raw.split(separator: "q\"1;1;240;240").count == 3)
    }
  }

  @Test func `without its library sixel becomes half-blocks, with a remedy`() async throws {
    try await Shell.inNewFolder { shell in
      let seen = try await type(
        [
          .answer(Self.question, with: "\u{1B}[?62;4c"), .send(Self.show),
          .expect("▀"), .expect("id = mug-001"), .expect("libchafa is missing"),
          .expect("3> "), .send("set images sixel\r"), .expect("4> "), .send(Self.show),
          .expect("which cannot be opened"), .expect("5> "), .send("\u{4}"), .end,
        ], environment: ["PARALLAX_CHAFA": "/no/libchafa.so.0"], in: shell)
      #expect(seen.code == 0 && !seen.raw.contains("\u{1B}P"))
    }
  }

  @Test func `a terminal that is silent gets half-blocks, and a late answer is not typed`()
    async throws
  {
    try await Shell.inNewFolder { shell in
      let seen = try await type(
        [
          .send(Self.show), .expect("▀"), .expect("id = mug-001"), .expect("3> "),
          .send("let \u{1B}_Gi=31;OK\u{1B}\\late\u{1B}[6;20;10t = \u{1B}[?62;4c7\r"),
          .expect("4> "), .send("show variables\r"), .expect("$late"), .expect("7"),
          .expect("5> "), .send("\u{4}"), .end,
        ], environment: ["COLORTERM": "truecolor"], in: shell)
      #expect(seen.code == 0 && seen.raw.contains("\u{1B}[38;2;"))
    }
  }

  @Test func `a script asks nothing, and the environment may say enough`() async throws {
    try await Shell.inNewFolder { shell in
      _ = try await type([.send("\u{4}"), .end], in: shell)
      for (terminal, wanted) in [("xterm-kitty", "a=T,f=100,"), ("xterm-256color", "\u{1B}[38;5;")]
      {
        let seen = try await TerminalRun.run(
          [
            shell.program, "--no-init", "work.parallax", "-c",
            "r = query t@base --text mug ; show r --images",
          ], [.end], environment: ["TERM": terminal], folder: shell.folder)
        #expect(seen.code == 0 && seen.raw.contains(wanted) && !seen.raw.contains(Self.question))
      }
    }
  }
}

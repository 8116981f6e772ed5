import ParallaxCore
import ParallaxDigest
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

/// What was answered is known from then on.
@Suite struct ReplyCacheTests {
  private static let inputs = PaidFixture.texts(0..<6).map { ModelInput.text($0) }

  private static func vectors(
    _ opened: PaidFixture.Opened, _ inputs: [ModelInput] = inputs, dimension: Int = 128
  ) async throws -> [[Float]] {
    try await opened.embedder(dimension: dimension).embed(inputs, side: .document)
      .map { try $0.get() }
  }

  @Test func `the same input is asked for once`() async throws {
    try await PaidFixture.with { fixture in
      try await fixture.opened { opened in
        let twice = try await Self.vectors(opened, Self.inputs + Self.inputs.reversed())
        #expect(Array(twice.prefix(6)) == twice.suffix(6).reversed())
        #expect(fixture.server.items == 6 && fixture.server.requests == 1)
        #expect(try await Self.vectors(opened) == Array(twice.prefix(6)))
        #expect(fixture.server.items == 6)
        // Another side is another question.
        _ = try await opened.embedder().embed([Self.inputs[0]], side: .query)
        #expect(fixture.server.items == 7)
      }
    }
  }

  @Test func `offline answers from what is kept and asks nobody`() async throws {
    try await PaidFixture.with { fixture in
      var known: [[Float]] = []
      try await fixture.opened { known = try await Self.vectors($0) }
      let others = ["first\u{1B}", "second", "third"].map { ModelInput.text($0) }
      try await fixture.opened(offline: true, variables: ["GEMINI_API_KEY": ""]) {
        opened async throws in
        #expect(try await Self.vectors(opened) == known)
        #expect(try await opened.embedder().countTokens(of: ["cat"]) == nil)
        let error = await failure { try await Self.vectors(opened, Self.inputs + others) }
        #expect(error?.code == .offline && error?.code.exitCode == 4)
        #expect(error?.message.hasSuffix("no vector yet for 'first\u{1B}' and 2 more") == true)
        #expect(fixture.server.requests == 1)
        #expect(try opened.charged()[0] == 6)
      }
    }
  }

  @Test func `a damaged reply is asked for again, and said`() async throws {
    try await PaidFixture.with { fixture in
      var known: [[Float]] = []
      try await fixture.opened { known = try await Self.vectors($0) }
      var bytes = try TestFiles.bytes(of: fixture.path)
      for vector in known.prefix(2) {
        // Long enough to be found once.
        let start = vector.prefix(8).flatMap { value in
          withUnsafeBytes(of: value) { Array($0) }
        }
        let place = try #require(bytes.firstRange(of: start))
        bytes[place.lowerBound] ^= 1
      }
      try TestFiles.write(bytes, to: fixture.path)
      try await fixture.opened { opened async throws in
        #expect(try await Self.vectors(opened) == known)
        #expect(fixture.server.items == 8 && fixture.server.mostOften == 2)
        #expect(try opened.charged()[0] == 8)
        let warnings = opened.models.drainFindings().warnings
        #expect(warnings.map { $0.contains("2 kept replies are damaged") } == [true])
        #expect(opened.models.drainFindings().warnings.isEmpty)
      }
      // They are whole again.
      try await fixture.opened { opened async throws in
        #expect(try await Self.vectors(opened) == known)
        #expect(opened.models.drainFindings().warnings.isEmpty && fixture.server.items == 8)
      }
    }
  }

  @Test func `replies of two dimensions are compared`() async throws {
    for isUnstable in [false, true] {
      try await PaidFixture.with { fixture in
        if isUnstable { fixture.server.becomeUnstable() }
        try await fixture.opened { opened in
          _ = try await Self.vectors(opened, Array(Self.inputs.prefix(4)))
          #expect(opened.models.drainFindings().notes.isEmpty)
          _ = try await Self.vectors(opened, dimension: 256)
          let (notes, warnings) = opened.models.drainFindings()
          #expect((notes.count, warnings.count) == (isUnstable ? (0, 1) : (1, 0)))
          let text = (notes + warnings).joined()
          #expect(
            text.hasPrefix(
              "4 replies of 'gemini-embedding-2' with 128 dimensions, compared with the same at 256"
            ))
          #expect(fixture.server.items == 10)
        }
      }
    }
  }

  @Test func `a session that only reads keeps its replies and charges for itself`() async throws {
    try await PaidFixture.with { fixture in
      try await fixture.opened { _ = try await Self.vectors($0, Array(Self.inputs.prefix(2))) }
      try await fixture.opened(.readOnly) { opened in
        let vectors = try await Self.vectors(opened)
        #expect(try await Self.vectors(opened) == vectors)
        #expect(fixture.server.items == 6 && opened.ledger.itemsInMemory == 4)
        #expect(try opened.charged() == [6, 6 * PaidFixture.micros])
        #expect(try opened.kept() == 2)
        let embedder = try await opened.embedder(budget: 6 * PaidFixture.micros)
        let error = await failure { try await embedder.embed([.text("more")], side: .query) }
        #expect(error?.code == .budget)
      }
      try await fixture.opened { opened async throws in #expect(try opened.charged()[0] == 2) }
    }
  }

  @Test func `a workspace that takes nothing loses no reply of the session`() async throws {
    try await withTemporaryDirectory { folder in
      let workspace = try Workspace(path: folder + "/work.parallax")
      let cache = ReplyCache(workspace)
      let reply = CachedReply(
        key: ReplyCache.key(identity: "i", side: "s", digest: Digest.sha256("a")), kind: .text,
        vector: [1])
      workspace.close()
      let error = await failure { try cache.keep([reply], provider: "p", model: "m") }
      #expect(error?.hint == "1 replies that were paid for are kept until the session ends")
    }
  }
}

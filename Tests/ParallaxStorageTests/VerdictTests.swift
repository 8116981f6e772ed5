import ParallaxCore
import ParallaxDigest
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

@Suite struct VerdictTests {
  private func pair(_ one: String, _ other: String) throws -> ContentPair {
    try #require(ContentPair(Digest.sha256("\(one).jpg"), Digest.sha256("\(other).jpg")))
  }

  private func verdict(
    _ one: String, _ other: String, _ answer: Verdict.Answer, score: Double? = 0.96875
  ) throws -> Verdict {
    Verdict(
      try pair(one, other), answer, at: "2026-11-26T21:00:00Z", judge: "猫", score: score,
      identity: score.map { _ in "mini;2" })
  }

  private func withPhotos(_ body: (Workspace, ItemCollection) async throws -> Void) async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(["a", "b", "c"].map { .insert(item($0)) }, to: photos)
      try await body(workspace, photos)
    }
  }

  @Test func `a pair has no order and two contents`() throws {
    #expect(try pair("a", "b") == pair("b", "a"))
    #expect(ContentPair(Digest.sha256("a"), Digest.sha256("a")) == nil)
  }

  @Test func `a verdict comes back whole, and a later one takes its place`() async throws {
    try await withPhotos { workspace, photos in
      let kept = try [
        verdict("a", "b", .duplicate), verdict("c", "a", .distinct, score: nil),
        // Whole numbers are sealed as they are stored.
        verdict("b", "c", .distinct, score: 1),
      ]
      try workspace.keep(kept)
      #expect(try Set(workspace.verdicts()) == Set(kept))
      #expect(try workspace.verdicts(in: photos) == workspace.verdicts())
      let later = try verdict("b", "a", .distinct, score: nil)
      try workspace.keep([later])
      #expect(try workspace.verdict(of: pair("a", "b")) == later)
      #expect(try workspace.verdicts().count == 3)
      #expect(try workspace.check(progress: nil).isEmpty)
      #expect(try workspace.dropVerdicts(of: [pair("a", "b"), pair("x", "y")]) == 1)
      #expect(try workspace.verdict(of: pair("a", "b")) == nil)
      #expect(try workspace.check(progress: nil).isEmpty)
    }
  }

  @Test func `a verdict outlives names, vectors, spaces and collections`() async throws {
    try await withPhotos { workspace, photos in
      let kept = try verdict("a", "b", .duplicate)
      try workspace.keep([kept])
      for version in ["1", "2"] {
        let space = try workspace.createSpace(
          named: "base", in: photos, spec: spec(version: version))
        try workspace.append("a", [1, 0, 0, 0], to: space)
        try workspace.dropSpace(named: "base", in: photos)
      }
      try workspace.apply([.rename(from: "a", to: "z", path: "z.jpg")], to: photos)
      #expect(try workspace.verdicts(in: photos) == [kept])
      // Other bytes: the verdict is not of them, and holds again when the old ones are back.
      try workspace.apply([.update("z", file("z.jpg", content: "new"))], to: photos)
      #expect(try workspace.verdicts(in: photos).isEmpty)
      try workspace.apply([.update("z", file("z.jpg", content: "a.jpg"))], to: photos)
      #expect(try workspace.verdicts(in: photos) == [kept])
      try workspace.dropCollection(named: "photos")
      #expect(try workspace.verdicts() == [kept])
      let again = try workspace.createCollection(named: "other")
      try workspace.apply(["b", "a"].map { .insert(item($0)) }, to: again)
      #expect(try workspace.verdicts(in: again) == [kept])
      #expect(try workspace.check(progress: nil).isEmpty)
    }
  }

  @Test func `who only reads sees verdicts and changes none`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      let kept = try verdict("a", "b", .duplicate)
      do {
        let workspace = try Workspace(path: path)
        defer { workspace.close() }
        try workspace.keep([kept])
      }
      let reader = try Workspace(path: path, mode: .readOnly)
      defer { reader.close() }
      #expect(try reader.verdicts() == [kept])
      #expect(parallaxError { try reader.keep([kept]) }?.code == .readOnly)
      #expect(parallaxError { try reader.dropVerdicts(of: [kept.pair]) }?.code == .readOnly)
    }
  }

  @Test func `a damaged verdict is found, never taken for another`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      do {
        let workspace = try Workspace(path: path)
        defer { workspace.close() }
        try workspace.keep([verdict("a", "b", .duplicate), verdict("a", "c", .distinct)])
      }
      do {
        // Behind the back of the seals, as a flipped bit is.
        let connection = try Connection(path: path, access: .write)
        try connection.run("PRAGMA ignore_check_constraints = ON")
        try connection.run("UPDATE verdict SET answer = 'duplicbte' WHERE answer = 'duplicate'")
      }
      let workspace = try Workspace(path: path)
      defer { workspace.close() }
      #expect(parallaxError { try workspace.verdicts() }?.code == .damagedData)
      #expect(
        try workspace.check(progress: nil).last
          == WorkspaceFault(part: "the verdicts", problem: "a row is not what was stored"))
      try workspace.acceptDamage()
      #expect(try workspace.verdicts().map(\.answer) == [.distinct])
      #expect(try workspace.check(progress: nil).isEmpty)
    }
  }
}

import ParallaxCore
import ParallaxDigest
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

@Suite struct FingerprintTests {
  private func fingerprint(_ text: String, spread: Double = 12.5) throws -> Fingerprint {
    try #require(
      Fingerprint(
        width: 640, height: 480, pixels: Digest.sha256(text),
        hash: PerceptualHash(rawValue: 0xF0F0_0000_0000_0001),
        mirrored: PerceptualHash(rawValue: 3), spread: spread,
        margins: .init(left: 1, top: 2, right: 3, bottom: 4)))
  }

  private func withCollection(
    _ body: (Workspace, ItemCollection) async throws -> Void
  ) async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply([.insert(item("a")), .insert(item("b"))], to: photos)
      try await body(workspace, photos)
    }
  }

  @Test func `a fingerprint belongs to bytes, whatever their name and collection`() async throws {
    try await withCollection { workspace, photos in
      #expect(try workspace.fingerprints(in: photos).isEmpty)
      let (a, b) = (Digest.sha256("a.jpg"), Digest.sha256("b.jpg"))
      let made = try [a: fingerprint("a"), b: fingerprint("b", spread: 0)]
      try workspace.keep(made)
      #expect(try workspace.fingerprints(in: photos) == made)
      let others = try workspace.createCollection(named: "others")
      try workspace.apply([.insert(item("c", content: "a.jpg"))], to: others)
      #expect(try workspace.fingerprints(in: others) == [a: made[a]])
      try workspace.apply(
        [.rename(from: "a", to: "z", path: "z.jpg"), .update("b", file("b.jpg", content: "new"))],
        to: photos)
      #expect(try workspace.fingerprints(in: photos) == [a: made[a]])
      // Whole numbers are sealed as they are stored.
      #expect(try workspace.check(progress: nil).isEmpty)
    }
  }

  @Test func `a newer one takes the place of an earlier one`() async throws {
    try await withCollection { workspace, photos in
      let a = Digest.sha256("a.jpg")
      try workspace.keep([a: fingerprint("old", spread: 1)])
      try workspace.write { try $0.run("UPDATE fingerprint SET method = 'decode1/other'") }
      #expect(try workspace.fingerprints(in: photos).isEmpty)
      let newer = try fingerprint("new")
      try workspace.keep([a: newer])
      #expect(try workspace.fingerprints(in: photos) == [a: newer])
      #expect(try workspace.read { try $0.integer("SELECT count(*) FROM fingerprint") } == 1)
    }
  }

  @Test func `a damaged one is found, and counts as none`() async throws {
    try await withCollection { workspace, photos in
      try workspace.keep([Digest.sha256("a.jpg"): fingerprint("a")])
      try workspace.write { try $0.run("UPDATE fingerprint SET left_margin = 640") }
      #expect(try workspace.fingerprints(in: photos).isEmpty)
    }
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      do {
        let workspace = try Workspace(path: path)
        defer { workspace.close() }
        try workspace.keep([Digest.sha256("a"): fingerprint("a")])
      }
      // Behind the back of the seals, as a flipped bit is.
      let connection = try Connection(path: path, access: .write)
      try connection.run("UPDATE fingerprint SET perceptual = perceptual + 1")
      let workspace = try Workspace(path: path)
      defer { workspace.close() }
      #expect(
        try workspace.check(progress: nil) == [
          WorkspaceFault(part: "the fingerprints", problem: "a row is not what was stored")
        ])
    }
  }
}

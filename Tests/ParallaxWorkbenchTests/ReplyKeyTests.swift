import ParallaxCore
import ParallaxDigest
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

/// Replies of workspaces that exist are found again.
@Suite struct ReplyKeyTests {
  private static let file = Digest.sha256("file")
  private static let inputs: [String: (ModelInput, EmbeddingSide)] = [
    "image": (ModelInput(name: "a", parts: [.image(path: "a.jpg", hash: file)]), .document),
    "joint": (
      ModelInput(name: "a", parts: [.image(path: "a.jpg", hash: file), .text("a red mug")]),
      .query
    ),
    "text": (ModelInput(name: "a", parts: [.text("a red mug")]), .document),
    "query": (.text("a red mug"), .query),
  ]

  /// From Python's hashlib, over the identity, the side and the digest of the input.
  @Test(arguments: [
    ("image", false, "4bf5461786389b572d48252a8a04bf9d582f8db119a1d0906331c2b3fe9de483"),
    ("joint", false, "6f48cc38f51b7faa36279bf36bd2259ada528d7767f05d250108e41b09d7bfcc"),
    ("text", false, "647a7f9b7b2a8d1689128c3f3c12028ce635a529f6fbde75d86152cb4d1b527e"),
    ("query", false, "024887221c29ce616629117f01f5b0db7c3387c94a31305f7a184d600a1b645d"),
    ("image", true, "8d52a26c3022f4ed45b94b61c037d46424035fa341da6ed6bfb514da6fc5e785"),
    ("joint", true, "6c8078590432a8a45d538daf9dfc5fe302bd63e8c2c1cace6b509a96b9a06e89"),
    ("text", true, "647a7f9b7b2a8d1689128c3f3c12028ce635a529f6fbde75d86152cb4d1b527e"),
    ("query", true, "024887221c29ce616629117f01f5b0db7c3387c94a31305f7a184d600a1b645d"),
  ])
  func `a reply is kept under its old key`(
    input: String, tasksMoveImages: Bool, key: String
  ) async throws {
    try await withTemporaryDirectory { folder in
      let workspace = try Workspace(path: folder + "/work.parallax")
      defer { workspace.close() }
      let embedder = PaidEmbedder(
        inner: OneVectorEmbedder(tasksMoveImages: tasksMoveImages), ledger: Ledger(workspace),
        replies: ReplyCache(workspace),
        price: nil, limits: SpendingLimits(), subject: "c@s", prefixes: PrefixAudit())
      let (input, side) = try #require(Self.inputs[input])
      let outcomes = try await embedder.embed([input], side: side)
      #expect(try outcomes.map { try $0.get() } == [[0.6, 0.8]])
      var keys: [String] = []
      _ = try workspace.forEachReply(ofModel: nil) { keys.append($0.reply.key.hexadecimal) }
      #expect(keys == [key])
    }
  }
}

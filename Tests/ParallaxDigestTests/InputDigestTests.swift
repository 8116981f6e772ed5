import ParallaxCore
import ParallaxDigest
import Testing

/// What kept replies are found by: these values are in workspaces.
@Suite struct InputDigestTests {
  private static let file = Digest.sha256("file")

  /// From Python's hashlib.
  @Test(arguments: [
    (
      [ModelInput.Part.text("a red mug")],
      "10a5c24afb805fb27cf53d2617694afc090a3c9d1245e35c02fdfdb6e5d338c6"
    ),
    (
      [.image(path: "a.jpg", hash: file)],
      "3b9c358f36f0a31b6ad3e14f309c7cf198ac9246e8316f9ce543d5b19ac02b80"
    ),
    (
      [.image(path: "a.jpg", hash: file), .text("a red mug")],
      "90607827e54ee88a1ae101d706990b588abb1cd13de12738abd0dce46f483548"
    ),
    (
      [.text("a red mug"), .image(path: "a.jpg", hash: file)],
      "134b0ae314a1d2929925af8147b663ffa712ff36cbb9701d048605f16c8c2105"
    ),
  ])
  func `an input is known by its content`(parts: [ModelInput.Part], digest: String) {
    #expect(ModelInput(name: "a", parts: parts).digest?.hexadecimal == digest)
    #expect(ModelInput(name: "b", parts: parts).digest?.hexadecimal == digest)
  }

  @Test func `without the hash of an image nothing is known`() {
    let parts: [ModelInput.Part] = [.image(path: "a.jpg"), .text("a red mug")]
    #expect(ModelInput(name: "a", parts: parts).digest == nil)
  }
}

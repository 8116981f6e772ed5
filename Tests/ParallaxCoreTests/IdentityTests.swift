import ParallaxCore
import ParallaxTestSupport
import Testing

@Suite struct ContentHashTests {
  @Test(arguments: 0..<20) func `survives its hexadecimal form`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let bytes = (0..<32).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    let hash = try #require(ContentHash(bytes: bytes))
    #expect(hash.hexadecimal.count == 64)
    #expect(hash.hexadecimal == hash.hexadecimal.lowercased())
    #expect(hash.description == hash.hexadecimal)
    #expect(ContentHash(hexadecimal: hash.hexadecimal) == hash)
    #expect(ContentHash(hexadecimal: hash.hexadecimal.uppercased()) == hash)
  }

  @Test func `writes each byte as two digits`() {
    let hash = ContentHash(bytes: [0x00, 0x0F, 0xA0, 0xFF] + Array(repeating: 0x10, count: 28))
    #expect(hash?.hexadecimal.hasPrefix("000fa0ff10") == true)
  }

  @Test(arguments: [
    "", String(repeating: "0", count: 63), String(repeating: "0", count: 65),
    String(repeating: "0", count: 63) + "g", "+" + String(repeating: "0", count: 63),
    String(repeating: "é", count: 32), String(repeating: "٣", count: 32),
  ])
  func `refuses other texts`(text: String) {
    #expect(ContentHash(hexadecimal: text) == nil)
  }

  @Test(arguments: [0, 31, 33]) func `refuses other lengths`(count: Int) {
    #expect(ContentHash(bytes: Array(repeating: 1, count: count)) == nil)
  }
}

@Suite struct ItemIDTests {
  @Test func `orders by bytes`() {
    let ordered = ["", "A", "B", "a", "a/b", "a0", "aa", "b", "z", "é", "日", "\u{FB01}", "🦜"]
    #expect(ordered.reversed().map { ItemID($0) }.sorted().map(\.rawValue) == ordered)
    // By UTF-16 units, as many systems compare, the last two would change places.
    #expect(ItemID("\u{FB01}") < ItemID("🦜"))
    #expect(!(ItemID("a") < ItemID("a")))
  }
}

@Suite struct EmbeddingSpecTests {
  private static let base = EmbeddingSpec(
    provider: "p", model: "m", version: "1", task: "t", queryTask: "q", dimension: 8,
    preprocessing: "x", isNormalized: true)

  /// The base with each field changed in turn.
  private static var variants: [EmbeddingSpec] {
    let changes: [(inout EmbeddingSpec) -> Void] = [
      { $0.provider = "other" }, { $0.model = "other" }, { $0.version = "2" }, { $0.task = "u" },
      { $0.task = nil }, { $0.queryTask = "u" }, { $0.queryTask = nil }, { $0.dimension = 9 },
      { $0.preprocessing = "y" }, { $0.isNormalized = false },
    ]
    return changes.map { change in
      var spec = base
      change(&spec)
      return spec
    }
  }

  @Test func `has another identity for each field that differs`() {
    let all = [Self.base] + Self.variants
    #expect(Set(all.map(\.identity)).count == all.count)
    #expect(Set(all).count == all.count)
  }

  @Test func `has one identity for equal specs, with every field by name`() {
    let copy = Self.base
    #expect(copy.identity == Self.base.identity)
    #expect(
      copy.identity == "provider=p;model=m;version=1;task=t;query task=q;dimension=8;"
        + "preprocessing=x;normalized=true")
    #expect(Mirror(reflecting: copy).children.count == copy.fields.count)
  }

  @Test func `each field that differs is named with both values`() {
    var other = Self.base
    (other.version, other.task) = ("2", nil)
    #expect(Self.base.differences(from: Self.base).isEmpty)
    let differences = Self.base.differences(from: other)
    #expect(differences.map(\.name) == ["version", "task"])
    #expect(differences.map(\.own) == ["1", "t"])
    #expect(differences.map(\.other) == ["2", ""])
  }
}

@Suite struct ImageTransformTests {
  @Test(arguments: [
    (ImageTransform(resize: .none), "decode2"),
    (
      ImageTransform(
        resize: .shortestEdge(224), centerCrop: ImageTransform.Size(width: 224, height: 200)),
      "decode2/shortest224/bicubic/crop224x200"
    ),
    (
      ImageTransform(resize: .fit(width: 3, height: 4), resample: .lanczos),
      "decode2/fit3x4/lanczos"
    ),
    (
      ImageTransform(resize: .exact(width: 3, height: 4), resample: .nearest),
      "decode2/exact3x4/nearest"
    ),
  ])
  func `writes what is done to the pixels`(transform: ImageTransform, identity: String) {
    #expect(transform.identity == identity)
  }
}

@Suite struct ObjectNameTests {
  @Test(arguments: ["a", "photos_2024-v1.1", "фото", "写真", "Übung", "e\u{301}te\u{301}"])
  func `letters of any script, digits and three signs make a name`(name: String) throws {
    try ObjectName.check(name, kind: "space")
  }

  @Test(arguments: ["", "1a", "_a", "a b", "a@b", "a/b", "½", "a½", "-a", "é\n"])
  func `any other text is refused with the rule`(name: String) {
    #expect {
      try ObjectName.check(name, kind: "space")
    } throws: { error in
      guard let error = error as? ParallaxError else { return false }
      return error.code == .invalidValue
        && error.message.hasPrefix("a space name begins with a letter")
    }
  }

  @Test func `a name has a longest length, in characters`() {
    #expect(ObjectName.isValid(String(repeating: "é", count: ObjectName.maximumLength)))
    #expect(!ObjectName.isValid(String(repeating: "a", count: ObjectName.maximumLength + 1)))
  }
}

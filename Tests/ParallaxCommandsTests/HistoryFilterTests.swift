import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

@Suite struct HistoryFilterTests {
  private static let filter = HistoryFilter(environment: [
    "JINA_API_KEY": "an-odd-key-that-looks-like-words", "OPENAI_API_KEY": "none",
    "MY_SERVICE_TOKEN": "plainlettersonly", "https_proxy": "http://bob:opensesame@proxy:1",
    "GIT_AUTHOR_NAME": "somebody-or-other", "HOME": "/home/somebody",
  ])

  /// Letters and digits drawn evenly, as services draw them.
  private static func random(_ count: Int, _ alphabet: String, seed: UInt64) -> String {
    var generator = SeededGenerator(seed: seed)
    let characters = Array(alphabet)
    return String(
      (0..<count).map { _ in characters[Int.random(in: 0..<characters.count, using: &generator)] })
  }

  private static let alphanumeric =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

  /// One of each kind, none of them real.
  private static func keys(seed: UInt64) -> [String] {
    let base64 = alphanumeric + "-_"
    return [
      "AI" + "za" + random(35, base64, seed: seed), "sk-" + random(40, alphanumeric, seed: seed),
      "pa-" + random(43, base64, seed: seed), "jina_" + random(60, alphanumeric, seed: seed),
      "ya29." + random(120, base64, seed: seed), "AQ." + random(45, base64, seed: seed),
      random(40, alphanumeric, seed: seed), "hf_" + random(34, alphanumeric, seed: seed),
      ["eyJhbGciOiJSUzI1NiJ9", random(90, base64, seed: seed), random(60, base64, seed: seed)]
        .joined(separator: "."),
      "-----BEGIN PRIVATE KEY-----", random(64, alphanumeric + "+/", seed: seed),
    ]
  }

  private static func lines(_ key: String) -> [String] {
    [
      key, "!export K=\(key)", "set key \(key)", "query c --text '\(key)'", "let k = \"\(key)\"",
      "!curl -H 'Authorization: Bearer \(key)' x", "!f(\(key))", "!a[\(key)]", "!cat <\(key)",
      "!true;\(key)", "!ls /\(key)", "!mysql -p\(key)", "!x{\(key)}", "!x|\(key)&", "x:\(key),y",
    ]
  }

  @Test(arguments: 1...30)
  func `no key is kept, however it is typed`(seed: UInt64) {
    for key in Self.keys(seed: seed) {
      for line in Self.lines(key) { #expect(!Self.filter.keeps(line, after: nil), "\(line)") }
    }
  }

  @Test func `the keys of the process are known by their value`() {
    for key in ["an-odd-key-that-looks-like-words", "plainlettersonly", "opensesame"] {
      for line in Self.lines(key) + Self.lines(key.uppercased()) {
        #expect(!Self.filter.keeps(line, after: nil), "\(line)")
      }
    }
    #expect(!Self.filter.keeps("!curl http://u:pw@host/", after: nil))
    #expect(!Self.filter.keeps("set key 0123456789abcdef0123456789abcdef", after: nil))
  }

  @Test(arguments: [
    "list models", "query c --text task-oriented-conversations", "ingest c /data/AIza",
    "query c --text none", "query c --text \"the key to the city\"",
    "ingest c a --meta m.csv --key filename",
    "query photos@base --where \"file = 'IMG_20190501_123456_HDR.jpg'\"",
    "query c --like Screenshot_2024-05-01_at_10-22-33", "query c --like 1000268201_693b08cb0e",
    "query c --like 550e8400-e29b-41d4-a716-446655440000",
    "query c --text \"spa-and-wellness 2020\"",
    "embed c --as s --model vertex:multimodalembedding@001", "query c --text somebody-or-other",
    "embed c --model openai:google/siglip-base-patch16-224 --dim 768", "#comment", "é 猫",
    "embed c --model ~/models/ViT-B-32-laion2B-s34B-b79K", "load c@EVA02-L-14-336_MERGED2B_s4B",
    "ingest c ~/Pictures/MyHolidayPhotosFromSummer2019InItaly",
    "describe c@GeminiEmbedding2Dim768Task",
    "query c --text 'token embeddings visualization' --top 10",
  ])
  func `what people type is kept`(line: String) {
    #expect(Self.filter.keeps(line, after: nil), "\(line)")
  }

  @Test func `blank, hidden and repeated lines are not kept`() {
    #expect(!Self.filter.keeps("", after: nil))
    #expect(!Self.filter.keeps(" list models", after: nil))
    #expect(!Self.filter.keeps("list models", after: "list models"))
  }
}

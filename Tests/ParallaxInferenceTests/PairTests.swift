import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxInference

/// Networks that read pairs, compared with ONNX Runtime from Python and Hugging Face's tokenizers.
@Suite struct PairTests {
  private struct Golden: Decodable {
    struct Text: Decodable {
      var text: String
      var ids: [Int64]
    }

    struct Pair: Decodable {
      var text: String
      var other: String
      var ids: [Int64]
      var types: [Int64]
      var score: Double
    }

    struct Seen: Decodable {
      var text: String
      var picture: Int
      var score: Double
    }

    var texts: [Text]
    var pairs: [Pair]
    var images: [Seen]
    var cross: [Seen]
  }

  private static func golden() throws -> Golden { try Fixture.decode("pairs/golden.json") }

  @Test func `pieces of words are those of BERT's tokenizer`() throws {
    let tokenizer = try #require(
      try WordPieceTokenizer(beside: ModelFiles(at: Fixture.path("pairs/texts"))))
    #expect(tokenizer.maximumTokens == 12)
    let golden = try Self.golden()
    #expect(golden.texts.count == 15 && golden.pairs.count == 5)
    for one in golden.texts {
      #expect(tokenizer.encode(one.text, maximumTokens: 12).ids == one.ids, "\(one.text)")
    }
    for pair in golden.pairs {
      let encoded = tokenizer.encode(pair.text, pair.other, maximumTokens: 12)
      #expect(encoded.ids == pair.ids, "\(pair.text) | \(pair.other)")
      #expect(encoded.types == pair.types, "\(pair.text) | \(pair.other)")
    }
  }

  @Test func `a vocabulary may be a list of lines`() async throws {
    try await withTemporaryDirectory { folder in
      let words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "Red", "##er"]
      try assemble(
        folder, links: ["model.onnx": Fixture.path("pairs/texts/model.onnx")],
        texts: [
          "vocab.txt": words.joined(separator: "\n") + "\n",
          "tokenizer_config.json": #"{"do_lower_case": false}"#,
        ])
      let tokenizer = try #require(try WordPieceTokenizer(beside: ModelFiles(at: folder)))
      #expect(tokenizer.encode("Reder red", maximumTokens: 9).ids == [2, 4, 5, 1, 3])
    }
  }

  @Test(.enabled(if: OnnxRuntime.isAvailable, Comment(rawValue: needsLibrary)))
  func `a text and a document have the logit that the network gives`() throws {
    let model = try CrossEncoder(at: Fixture.path("pairs/texts"))
    #expect(model.imageTransform == nil && model.version == "7")
    #expect(model.maximumTokens == 12)
    for pair in try Self.golden().pairs {
      let score = try model.score(pair.text, document: pair.other)
      #expect(abs(Double(score) - pair.score) < 1e-5, "\(pair.text) | \(pair.other)")
    }
    #expect(try model.cuts("a red car", "blue blue blue blue blue blue blue"))
    #expect(try !model.cuts("a red car", "blue"))
  }

  @Test(.enabled(if: OnnxRuntime.isAvailable, Comment(rawValue: needsLibrary)))
  func `a text and an image have the difference of yes and no`() throws {
    let model = try CrossEncoder(at: Fixture.path("pairs/images"))
    #expect(model.imageTransform != nil)
    let seen = try Self.golden().images
    #expect(seen.count == 6)
    for pair in seen {
      let score = try model.score(pair.text, Fixture.picture(pair.picture, side: 8))
      #expect(abs(Double(score) - pair.score) < 1e-3 * max(1, abs(pair.score)), "\(pair)")
    }
    #expect(throws: ParallaxError.self) { try model.score("a", Fixture.picture(0, side: 9)) }
  }

  @Test func `an input that nothing fills is refused by name`() throws {
    let error = #expect(throws: ParallaxError.self) {
      try CrossEncoder(at: Fixture.path("pairs/odd"))
    }
    #expect(error?.code == .invalidModel)
    #expect(error?.message.contains("input 'mystery'") == true)
  }

  @Test func `towers are no network of pairs, and vectors no scores`() throws {
    for (folder, part) in [("clip", "which make vectors"), ("resnet", "no input for texts")] {
      let error = #expect(throws: ParallaxError.self) {
        try CrossEncoder(at: Fixture.path(folder))
      }
      #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }
  }

  @Test(.enabled(if: OnnxRuntime.isAvailable, Comment(rawValue: needsLibrary)))
  func `the shipped pairwise model says what it says from Python`() async throws {
    let resources = TestData.packageRoot + "/Sources/ParallaxProviders/Resources"
    let model = try PairModel(folder: "\(resources)/mini-cross", towers: "\(resources)/mini")
    #expect(model.shape == .init(places: 36, width: 96, dimension: 513))
    #expect(model.prompt == "search: " && model.version == "4")
    #expect(model.files.count == 9)
    try await model.open()
    let seen = try Self.golden().cross
    #expect(seen.count == 6)
    for pair in seen {
      let picture = try model.picture(Fixture.picture(pair.picture, side: 192))
      let score = try model.score(try model.text(pair.text), picture)
      #expect(abs(Double(score) - pair.score) < 1e-4, "\(pair): \(score)")
      #expect(try model.score(try model.text(pair.text), picture) == score)
    }
    #expect(throws: ParallaxError.self) { try model.text(" ") }
    #expect(try model.cuts(String(repeating: "word ", count: 40)))
  }
}

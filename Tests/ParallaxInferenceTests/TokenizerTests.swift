import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxInference

/// Ids against Hugging Face's tokenizers: some in full, thousands of random texts by fingerprint.
struct TokenizerTests {
  struct Reference: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable () throws -> any TextTokenizer
    var testDescription: String { name }
  }

  struct Readable: Decodable {
    let text: String
    let ids: [Int64]
  }

  static let references = [
    Reference(name: "clip-ids") {
      try CLIPTokenizer(
        vocabularyFile: Fixture.path("clip/vocab.json"),
        mergesFile: Fixture.path("clip/merges.txt"), names: SpecialTokenNames())
    },
    Reference(name: "clip-old-ids") {
      try CLIPTokenizer(
        tokenizerFile: Fixture.path("clip-tokenizer.json"), names: SpecialTokenNames())
    },
    Reference(name: "siglip-ids") {
      try SentencePieceTokenizer(
        fileAt: Fixture.path("siglip/spiece.model"), names: SpecialTokenNames())
    },
  ]

  /// As `siglip_text` of the script: special tokens that are spelt out are text here.
  private func prepared(_ text: String, for reference: Reference) -> String {
    guard reference.name.hasPrefix("siglip") else { return text }
    var scalars = Array(text.unicodeScalars)
    for (sought, replacement) in [("<unk>", "unk"), ("</s>", "s"), ("'ll", "'ll ")] {
      scalars.replace(Array(sought.unicodeScalars), with: Array(replacement.unicodeScalars))
    }
    return String(String.UnicodeScalarView(scalars))
  }

  @Test(arguments: references)
  func `gives the ids of the reference for chosen texts`(reference: Reference) throws {
    let tokenizer = try reference.make()
    for readable in try Fixture.decode("\(reference.name).json") as [Readable] {
      let ids = try tokenizer.encode(prepared(readable.text, for: reference), maximumTokens: 40)
      #expect(ids == readable.ids, "\(readable.text.debugDescription)")
    }
  }

  @Test(arguments: references)
  func `gives the ids of the reference for random texts`(reference: Reference) throws {
    let tokenizer = try reference.make()
    let bytes = try Files.read(Fixture.path("\(reference.name).fingerprints"))
    let expected = bytes.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: 4).map {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self))
      }
    }
    #expect(expected.count >= 1000)
    var texts = RandomTexts()
    var different: [String] = []
    for expected in expected {
      let text = prepared(texts.next(), for: reference)
      if fingerprint(try tokenizer.encode(text, maximumTokens: 40)) != expected {
        different.append(text)
      }
    }
    #expect(different.isEmpty, "\(different.count) differ, such as \(different.prefix(3))")
  }

  @Test(arguments: references)
  func `cuts a long text and keeps its end`(reference: Reference) throws {
    let tokenizer = try reference.make()
    let text = "the licensor of the work "
    let long = try tokenizer.encode(String(repeating: text, count: 100), maximumTokens: 12)
    let short = try tokenizer.encode(text, maximumTokens: 1000)
    #expect(long.count == 12)
    #expect(long.last == short.last)
    #expect(
      long.dropLast().elementsEqual(
        try tokenizer.encode(String(repeating: text, count: 100), maximumTokens: 1000).prefix(11)))
  }

  @Test(arguments: references) func `takes a word of a megabyte`(reference: Reference) throws {
    let tokenizer = try reference.make()
    let word = String(repeating: "licensor", count: 1 << 15)
    #expect(try tokenizer.encode(word, maximumTokens: 77).count == 77)
  }

  @Test(arguments: [#""a b""#, #"["a", "b"]"#])
  func `reads merges of old and new files`(merge: String) async throws {
    let file = """
      {"added_tokens": [{"id": 4, "content": "<|startoftext|>"}, {"id": 5, "content": "<|endoftext|>"}],
       "normalizer": {"normalizers": [{"type": "NFC"}, {"type": "Replace"}, {"type": "Lowercase"}],
                      "type": "Sequence"}, "padding": {"pad_id": 7},
       "model": {"type": "BPE", "end_of_word_suffix": "</w>", "unk_token": "a", "merges": [\(merge)],
                 "vocab": {"a": 0, "b": 1, "ab": 2, "b</w>": 3}}}
      """
    try await withTemporaryDirectory { folder in
      try assemble(folder, texts: ["tokenizer.json": file])
      let tokenizer = try CLIPTokenizer(
        tokenizerFile: "\(folder)/tokenizer.json", names: SpecialTokenNames())
      #expect(try tokenizer.encode("AbB abc", maximumTokens: 9) == [4, 2, 3, 2, 0, 5])
      #expect(tokenizer.paddingID == 7)
    }
  }

  @Test func `pads with the token the files name`() throws {
    let files = try ModelFiles(at: Fixture.path("clip"))
    let clip = try TokenizerFiles(beside: files)
    #expect(try clip.load().paddingID == 0)
    #expect(clip.maximumTokens == 16)
    #expect(!clip.padsToMaximum)
    let siglip = try TokenizerFiles(beside: ModelFiles(at: Fixture.path("siglip")))
    #expect(try siglip.load().paddingID == 1)
    #expect(siglip.padsToMaximum)
  }

  @Test(arguments: [
    ("spiece.model", "no model at all", "'spiece.model' is not a SentencePiece model"),
    ("tokenizer.json", "{", "'tokenizer.json' is not as expected: it is not JSON"),
    (
      "tokenizer.json", #"{"added_tokens": []}"#,
      "'tokenizer.json' is not as expected: key 'model' is missing"
    ),
    (
      "tokenizer.json", #"{"model": {"type": "Unigram", "vocab": [["a", -1.5]]}}"#,
      "'tokenizer.json' holds an unsupported kind of tokenizer; a text model needs CLIP's "
        + "'tokenizer.json', 'vocab.json' with 'merges.txt', or SigLIP's 'spiece.model' beside it"
    ),
    (
      "unrelated", "",
      "a text model needs CLIP's 'tokenizer.json', 'vocab.json' with 'merges.txt', "
        + "or SigLIP's 'spiece.model' beside it"
    ),
  ])
  func `names a file it cannot read`(name: String, content: String, message: String) async throws {
    try await withTemporaryDirectory { folder in
      try assemble(folder, texts: [name: content, "model.onnx": ""])
      let error = parallaxError { _ = try TokenizerFiles(beside: ModelFiles(at: folder)).load() }
      #expect(error?.code == .invalidModel)
      #expect(error?.message == message)
    }
  }

  @Test(arguments: [
    ("a", #"{"<|startoftext|>": 0, "<|endoftext|>": 1, "a": 2}"#, "line 1 of 'merges.txt'"),
    (
      "a b", #"{"<|startoftext|>": 0, "<|endoftext|>": 1, "a": 2}"#,
      "the tokenizer's merge 1, 'a b'"
    ),
    ("#version: 0.2", #"{"a": 2}"#, "'vocab.json' has no token '<|startoftext|>'"),
    ("#version: 0.2", "[]", "'vocab.json' is not as expected"),
  ])
  func `names what is wrong in a vocabulary`(
    merges: String, vocabulary: String, message: String
  ) async throws {
    try await withTemporaryDirectory { folder in
      try assemble(
        folder, texts: ["vocab.json": vocabulary, "merges.txt": merges, "model.onnx": ""])
      let error = parallaxError { _ = try TokenizerFiles(beside: ModelFiles(at: folder)).load() }
      #expect(error?.code == .invalidModel)
      #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "no error")")
    }
  }
}

import ParallaxCore
@testable import ParallaxInference
import ParallaxTestSupport

/// The files of a model folder. The first line is the name of one, the rest what it holds.
enum ModelTarget: FuzzTarget {
  static let name = "models"
  static let repeats: [Repetition] = [
    ("config.json\n", "[", ""), ("config.json\n", "{\"a\":", ""),
    ("preprocessor_config.json\n{\"a\":", "[", ""),
    ("processor_config.json\n", "{\"image_processor\":", ""),
    ("tokenizer.json\n", "{\"model\":", ""),
    ("tokenizer.json\n{\"normalizer\":", "{\"type\":\"Sequence\",\"normalizers\":[", ""),
    ("tokenizer.json\n{\"model\":{\"merges\":[", "\"a b\",", "\"c d\"]}}"),
    ("vocab.txt\n", "a\n", ""),
    ("merges.txt\n", "a b\n", ""), ("model.onnx\n", "\u{3A}\u{7F}", ""),
    ("spiece.model\n", "\n\u{7F}", ""),
    ("vocab.json\n{", "\"a\":1,", "\"b\":2}"), ("special_tokens_map.json\n", "{\"bos_token\":", ""),
  ]

  private static let texts = ["A photo of 2 cats' eyes, naïve ﬁsh 猫🐈 <|endoftext|> [SEP]", ""]
  private static let vocabulary =
    "{\"<|startoftext|>\":0,\"<|endoftext|>\":1,\"a\":2,\"a</w>\":3,\"aa</w>\":4}"

  static func run(_ bytes: [UInt8]) throws {
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
    let content = Array(bytes.dropFirst(line.count + 1))
    switch String(decoding: line, as: UTF8.self) {
    case "config.json": try checkConfiguration(content)
    case "preprocessor_config.json": try checkPreprocessor(content)
    case "model.onnx":
      try ModelFolder.with(["model.onnx": content]) { folder in
        _ = try ErrorPromise.reading { try ModelScan(fileAt: folder + "/model.onnx") }
      }
    case "merges.txt":
      try checkTokenizers(["merges.txt": content, "vocab.json": Array(vocabulary.utf8)])
    case "vocab.json":
      try checkTokenizers(["vocab.json": content, "merges.txt": Array("a a</w>\n".utf8)])
    case let name
    where [
      "processor_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
      "vocab.txt", "spiece.model", "config_sentence_transformers.json",
    ].contains(name):
      try checkTokenizers([name: content])
    default: break
    }
  }

  private static func checkConfiguration(_ content: [UInt8]) throws {
    let configuration = try ErrorPromise.reading {
      try JSONFile.decode(ModelConfiguration.self, from: content, at: "config.json")
    }
    guard let configuration else { return }
    _ = configuration.padsToMaximum
    let prefixes = try ErrorPromise.reading { try configuration.prefixes(within: 512) }
    try expect((prefixes ?? []).allSatisfy((1..<512).contains), "a prefix beyond the dimension")
  }

  private static func checkPreprocessor(_ content: [UInt8]) throws {
    for architecture in [nil, "clip", "convnext"] {
      let file = try ErrorPromise.reading {
        try JSONFile.decode(
          PreprocessorFile.self, from: content, at: "preprocessor_config.json",
          architecture: architecture)
      }
      guard let file else { continue }
      let preprocessing = try ErrorPromise.reading {
        try ImagePreprocessing(PreprocessorSource(file), input: nil)
      }
      guard let preprocessing else { continue }
      try expect(preprocessing.table.count == 3 * 256, "a table of \(preprocessing.table.count)")
      let sides = [preprocessing.size.width, preprocessing.size.height]
      try expect(sides.allSatisfy((1...16_384).contains), "pictures of \(sides)")
    }
  }

  private static func checkTokenizers(_ files: [String: [UInt8]]) throws {
    var files = files
    files["model.onnx"] = []
    try ModelFolder.with(files) { folder in
      let model = try ModelFiles(at: folder + "/model.onnx")
      _ = try ErrorPromise.reading { try PreprocessorSource(beside: model, architecture: nil) }
      if let words = try ErrorPromise.reading({ try WordPieceTokenizer(beside: model) }), let words
      {
        for text in texts {
          let encoded = words.encode(text, texts[0], maximumTokens: 16)
          try expect(encoded.ids.count <= 16, "\(encoded.ids.count) tokens of 16")
          try expect(encoded.ids.count == encoded.types.count, "tokens without a type")
        }
      }
      let found = try ErrorPromise.reading { try TokenizerFiles(beside: model) }
      guard let found, let tokenizer = try ErrorPromise.reading({ try found.load() }) else {
        return
      }
      for text in texts {
        let ids = try ErrorPromise.reading { try tokenizer.encode(text, maximumTokens: 16) }
        try expect((ids ?? []).count <= 16, "\(ids?.count ?? 0) tokens of 16")
      }
    }
  }
}

/// A folder of files that is gone afterwards.
private enum ModelFolder {
  static func with(_ files: [String: [UInt8]], _ body: (String) throws -> Void) throws {
    let folder = try makeTemporaryDirectory()
    defer { removeTree(folder) }
    for (name, content) in files { try TestFiles.write(content, to: "\(folder)/\(name)") }
    try body(folder)
  }
}

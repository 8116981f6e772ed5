import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxInference

struct ModelFilesTests {
  private func found(_ names: [String], at path: String = "") async throws -> String {
    try await withTemporaryDirectory { folder in
      try assemble(folder, texts: Dictionary(uniqueKeysWithValues: names.map { ($0, "") }))
      let files = try ModelFiles(at: path.isEmpty ? folder : "\(folder)/\(path)")
      return [files.image, files.text, files.either].map { file in
        file.map { String($0.dropFirst(folder.count + 1)) } ?? "-"
      }.joined(separator: " ")
    }
  }

  @Test(arguments: [
    (
      [
        "onnx/vision_model.onnx", "onnx/text_model.onnx", "onnx/model.onnx",
        "onnx/vision_model_fp16.onnx",
      ],
      "onnx/vision_model.onnx onnx/text_model.onnx -"
    ),
    (["vision_model.onnx", "text_model.onnx"], "vision_model.onnx text_model.onnx -"),
    (
      [
        "onnx/vision_model_quantized.onnx", "onnx/text_model_quantized.onnx",
        "onnx/text_model_fp16.onnx",
      ],
      "onnx/vision_model_quantized.onnx onnx/text_model_quantized.onnx -"
    ),
    (["onnx/model.onnx", "onnx/model_fp16.onnx"], "- - onnx/model.onnx"),
    (["onnx/model_int8.onnx", "onnx/model_fp16.onnx"], "- - onnx/model_fp16.onnx"),
    (["onnx/vision_model.onnx"], "onnx/vision_model.onnx - -"),
    (["encoder.onnx"], "- - encoder.onnx"),
    (
      ["onnx/vision_model.onnx", "onnx/text_model_quantized.onnx"],
      "onnx/vision_model.onnx onnx/text_model_quantized.onnx -"
    ),
    (
      ["vision_model_bnb4.onnx", "onnx/text_model_uint8.onnx", "onnx/text_model_fp16.onnx"],
      "vision_model_bnb4.onnx onnx/text_model_fp16.onnx -"
    ),
    (
      ["vision_model_mine.onnx", "text_model_q4f16.onnx"],
      "vision_model_mine.onnx text_model_q4f16.onnx -"
    ),
  ])
  func `takes the best file there is`(names: [String], expected: String) async throws {
    #expect(try await found(names) == expected)
  }

  @Test(arguments: [
    ("onnx/vision_model_q4.onnx", "onnx/vision_model_q4.onnx onnx/text_model_q4.onnx -"),
    ("onnx/text_model_q4.onnx", "onnx/vision_model_q4.onnx onnx/text_model_q4.onnx -"),
    ("onnx/vision_model.onnx", "onnx/vision_model.onnx onnx/text_model_q4.onnx -"),
    ("onnx/model_bnb4.onnx", "- - onnx/model_bnb4.onnx"),
  ])
  func `takes the file that is named`(path: String, expected: String) async throws {
    let names = [
      "onnx/vision_model.onnx", "onnx/vision_model_q4.onnx", "onnx/text_model_q4.onnx",
      "onnx/model_bnb4.onnx",
    ]
    #expect(try await found(names, at: path) == expected)
  }

  /// What is said of a choice, and whether as a warning.
  @Test(
    arguments: [
      (["vision_model.onnx", "text_model.onnx"], nil, nil),
      (
        ["vision_model_fp16.onnx", "text_model_q4.onnx"],
        "the towers are of two precisions: 'vision_model_fp16.onnx' (half) and 'text_model_q4.onnx' (q4)",
        nil
      ),
      (
        ["vision_model.onnx", "text_model_q4.onnx", "text_model_int8.onnx"], nil,
        "the towers are of two precisions: 'vision_model.onnx' (full) and 'text_model_int8.onnx' (int8), the best available; to use others, put two into a folder of their own"
      ),
      (
        ["vision_model.onnx", "text_model.onnx", "vision_model_fp16.onnx", "text_model_fp16.onnx"],
        "the model is 'vision_model.onnx' and 'text_model.onnx', which leaves out 'text_model_fp16.onnx', 'vision_model_fp16.onnx'; give the path of a file to use that file",
        nil
      ),
      (
        ["vision_model.onnx", "model_quantized.onnx"], nil,
        "the model is 'model_quantized.onnx', which leaves out 'vision_model.onnx'; give the path of a file to use that file"
      ),
    ] as [([String], String?, String?)])
  func `says what was chosen`(names: [String], note: String?, warning: String?) async throws {
    try await withTemporaryDirectory { folder in
      try assemble(folder, texts: Dictionary(uniqueKeysWithValues: names.map { ($0, "") }))
      let files = try ModelFiles(at: folder)
      #expect(files.notes == [note].compactMap { $0 })
      #expect(files.warnings == [warning].compactMap { $0 })
    }
  }

  @Test func `says that a name is there twice`() async throws {
    try await withTemporaryDirectory { folder in
      try assemble(folder, texts: ["onnx/model.onnx": "", "model.onnx": ""])
      let files = try ModelFiles(at: folder)
      #expect(files.either == "\(folder)/onnx/model.onnx")
      #expect(
        files.warnings == [
          "'model.onnx' is in '\(folder)/onnx' and in '\(folder)'; the one in 'onnx' is used"
        ])
    }
  }

  @Test func `finds neighbours of a file in onnx and above`() throws {
    let files = try ModelFiles(at: Fixture.path("clip/onnx/vision_model.onnx"))
    #expect(files.neighbour("config.json") == Fixture.path("clip/config.json"))
  }

  @Test(arguments: [
    (["a.onnx", "b.onnx"], ": 'a.onnx', 'b.onnx'", "name one of the files"),
    (["readme.md"], " holds no '.onnx' file", "a model folder has"),
  ])
  func `refuses a folder without one model`(
    names: [String], ending: String, hint: String
  ) async throws {
    await #expect { try await found(names) } throws: { error in
      let error = error as? ParallaxError
      return error?.code == .invalidModel && error?.message.hasSuffix(ending) == true
        && error?.hint?.hasPrefix(hint) == true
    }
  }
}

/// Folders that something is wrong with, each refused by name.
@Suite(.enabled(if: OnnxRuntime.isAvailable, "\(needsLibrary)"))
struct BrokenFolderTests {
  private func refusal(
    links: [String: String] = [:], texts: [String: String] = [:], copies: [String] = [],
    path: String = ""
  ) async throws -> ParallaxError? {
    try await withTemporaryDirectory { folder in
      try assemble(folder, links: links.mapValues(Fixture.path), texts: texts)
      for copy in copies { try write(try Files.read(Fixture.path(copy)), to: "\(folder)/\(copy)") }
      return parallaxError { _ = try ImageTextModel(folder: folder + path, threads: 1) }
    }
  }

  @Test func `nothing there`() async throws {
    let error = try await refusal(path: "/absent")
    #expect(error?.code == .unreadableFile)
    #expect(error?.message.hasSuffix("/absent'") == true)
  }

  @Test func `weights missing beside the model`() async throws {
    let error = try await refusal(copies: ["resnet-external.onnx"])
    #expect(error?.code == .invalidModel)
    #expect(
      error?.message.hasSuffix(
        "keeps its weights in 'resnet-external.onnx_data', which is not in the same folder") == true
    )
  }

  @Test func `weights outside of the folder`() async throws {
    let error = try await withTemporaryDirectory { folder in
      // The same length, so that the file stays whole.
      let file = try Files.read(Fixture.path("resnet-external.onnx"))
      let name = Array("resnet-external.onnx_data".utf8)
      let other = Array("../../etc/ssl/private/key".utf8)
      try #require(name.count == other.count)
      try write(file.replacing(name, with: other), to: "\(folder)/model.onnx")
      return parallaxError { _ = try ImageTextModel(folder: folder) }
    }
    #expect(error?.code == .invalidModel)
    #expect(
      error?.message.hasSuffix("outside of its folder, in '../../etc/ssl/private/key'") == true)
  }

  @Test func `weights that are no file`() async throws {
    let error = try await withTemporaryDirectory { folder in
      try write(
        try Files.read(Fixture.path("resnet-external.onnx")), to: "\(folder)/model.onnx")
      try FIFO.make("\(folder)/resnet-external.onnx_data")
      return parallaxError { _ = try ImageTextModel(folder: folder) }
    }
    #expect(error?.message.hasSuffix("which is a FIFO, not a file") == true)
  }

  /// A pipe nobody writes to would hold the program for ever.
  @Test(arguments: [
    "config.json", "model.onnx", "preprocessor_config.json", "processor_config.json",
  ])
  func `a pipe in place of a file`(name: String) async throws {
    let error = try await withTemporaryDirectory { folder in
      let links = ["model.onnx": Fixture.path("resnet/model.onnx")].filter { $0.key != name }
      try assemble(folder, links: links)
      try FIFO.make("\(folder)/\(name)")
      return parallaxError { _ = try ImageTextModel(folder: folder, threads: 1) }
    }
    #expect(error?.code == .unreadableFile)
    #expect(error?.message.hasSuffix("/\(name)': it is a FIFO, not a file") == true)
  }

  @Test func `a model that is none`() async throws {
    let error = try await refusal(texts: ["model.onnx": "<html>not found</html>"])
    #expect(error?.code == .invalidModel)
    #expect(error?.message.contains("does not load as an ONNX model") == true)
  }

  @Test func `an output that nobody named`() async throws {
    let error = try await refusal(links: ["model.onnx": "resnet-tokens.onnx"])
    #expect(error?.code == .invalidModel)
    #expect(
      error?.message
        == "'model.onnx' has no output known to be an embedding; it has 'last_hidden_state'")
  }

  @Test func `a text tower without a tokenizer`() async throws {
    let error = try await refusal(links: ["onnx/text_model.onnx": "clip/onnx/text_model.onnx"])
    #expect(error?.code == .invalidModel)
    #expect(error?.message.hasPrefix("a text model needs CLIP's 'tokenizer.json'") == true)
  }

  @Test func `towers that were exchanged`() async throws {
    let error = try await refusal(links: ["vision_model.onnx": "clip/onnx/text_model.onnx"])
    #expect(error?.code == .invalidModel)
    #expect(
      error?.message.hasSuffix("has no input for images; it has 'input_ids', 'attention_mask'")
        == true)
  }

  @Test(arguments: [
    (#"{"do_lower_case": false}"#, "'do_lower_case' of false"),
    (#"{"truncation_side": "left"}"#, "'truncation_side' of 'left'"),
    (#"{"padding_side": "left", "model_max_length": 77}"#, "'padding_side' of 'left'"),
    (#"{"add_eos_token": false}"#, "'add_eos_token' of false"),
  ])
  func `a tokenizer's setting that is not followed`(json: String, setting: String) async throws {
    let error = try await refusal(
      links: [
        "text_model.onnx": "clip/onnx/text_model.onnx", "vocab.json": "clip/vocab.json",
        "merges.txt": "clip/merges.txt",
      ], texts: ["tokenizer_config.json": json])
    #expect(
      error?.message == "'tokenizer_config.json' is not supported: \(setting) is not done here")
  }

  @Test func `lists of another class's tokenizer`() async throws {
    let error = try await refusal(
      links: [
        "text_model.onnx": "clip/onnx/text_model.onnx", "vocab.json": "clip/vocab.json",
        "merges.txt": "clip/merges.txt",
      ], texts: ["tokenizer_config.json": #"{"tokenizer_class": "GPT2Tokenizer"}"#])
    #expect(error?.message.contains("holds an unsupported kind of tokenizer") == true)
  }

  @Test func `towers of two models`() async throws {
    let error = try await refusal(
      links: [
        "vision_model.onnx": "resnet/model.onnx", "text_model.onnx": "siglip/onnx/text_model.onnx",
        "spiece.model": "siglip/spiece.model",
      ])
    #expect(error?.code == .invalidModel)
    #expect(
      error?.message
        == "the towers do not belong together: images have 12 dimensions, texts 8")
  }

  @Test(arguments: [
    ("{", "'config.json' is not as expected: it is not JSON"),
    (
      #"{"matryoshka_dims": [900]}"#,
      "'matryoshka_dims' takes numbers from 1 to 12, the model's dimension; got 900"
    ),
    (#"{"prompts": 5}"#, "'config.json' is not as expected: key 'prompts' has another type"),
  ])
  func `a configuration that cannot be`(json: String, message: String) async throws {
    let error = try await refusal(
      links: ["model.onnx": "resnet/model.onnx"], texts: ["config.json": json])
    #expect(error?.code == .invalidModel)
    #expect(error?.message == message)
  }
}

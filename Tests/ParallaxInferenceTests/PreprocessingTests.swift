import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxInference

/// Settings as published with well-known models, and settings that cannot be followed.
struct PreprocessingTests {
  private func preprocessing(
    _ json: String, input: ImageTransform.Size? = nil, architecture: String? = nil
  ) async throws -> ImagePreprocessing {
    try await withTemporaryDirectory { folder in
      try assemble(folder, texts: ["preprocessor_config.json": json])
      let file = try JSONFile.decode(
        PreprocessorFile.self, at: "\(folder)/preprocessor_config.json", architecture: architecture)
      return try ImagePreprocessing(PreprocessorSource(file), input: input)
    }
  }

  @Test(arguments: [
    (
      #"{"feature_extractor_type": "CLIPFeatureExtractor", "size": 224, "crop_size": 224}"#,
      "decode2/shortest224/bicubic/crop224x224"
    ),
    (
      #"{"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 336}, "crop_size": {"height": 336, "width": 320}}"#,
      "decode2/shortest336/bicubic/crop320x336"
    ),
    (
      #"{"image_processor_type": "CLIPImageProcessorFast"}"#,
      "decode2/shortest224/bicubic/crop224x224"
    ),
    (
      #"{"image_processor_type": "SiglipImageProcessor", "size": {"height": 256, "width": 192}, "resample": 2}"#,
      "decode2/exact192x256/bilinear"
    ),
    (
      #"{"feature_extractor_type": "ViTFeatureExtractor", "size": 384}"#,
      "decode2/exact384x384/bilinear"
    ),
    (
      #"{"image_processor_type": "BitImageProcessor", "size": {"shortest_edge": 256}, "crop_size": 224}"#,
      "decode2/shortest256/bicubic/crop224x224"
    ),
    (
      #"{"feature_extractor_type": "ConvNextFeatureExtractor", "size": 224, "crop_pct": 0.875, "resample": 2}"#,
      "decode2/shortest256/bilinear/crop224x224"
    ),
    (
      #"{"image_processor_type": "ConvNextImageProcessor", "size": {"shortest_edge": 384}, "resample": 1}"#,
      "decode2/exact384x384/lanczos"
    ),
    (
      #"{"do_resize": false, "do_center_crop": true, "crop_size": 128, "resample": 0}"#,
      "decode2/crop128x128"
    ),
    (
      #"{"image_processor_type": "CLIPImageProcessor", "size": {"height": 64, "width": 64}, "do_center_crop": false, "do_trim_bars": true}"#,
      "decode2/trimbars/exact64x64/bicubic"
    ),
  ])
  func `follows published settings`(json: String, identity: String) async throws {
    #expect(try await preprocessing(json).transform.identity == identity)
  }

  @Test func `scales and shifts each channel`() async throws {
    let table = try await preprocessing(
      #"{"image_mean": [0.1, 0.2, 0.3], "image_std": [0.5, 0.25, 1]}"#
    ).table
    #expect(table.count == 768)
    #expect(abs(table[0] - (0 - 0.1) / 0.5) < 1e-6)
    #expect(abs(table[256 + 51] - (0.2 - 0.2) / 0.25) < 1e-6)
    #expect(abs(table[512 + 255] - (1 - 0.3)) < 1e-6)
    let raw = try await preprocessing(#"{"do_rescale": false, "do_normalize": false}"#).table
    #expect(raw == (0..<3).flatMap { _ in (0...255).map { Float($0) } })
  }

  @Test func `without a file fits the input and gives -1 to 1`() throws {
    let size = ImageTransform.Size(width: 96, height: 96)
    let preprocessing = try ImagePreprocessing(PreprocessorSource(nil), input: size)
    #expect(preprocessing.transform.identity == "decode2/shortest96/bicubic/crop96x96")
    #expect(preprocessing.table.prefix(256).first == -1)
    #expect(preprocessing.table.last == 1)
    #expect(preprocessing.warnings.first?.contains("no 'preprocessor_config.json'") == true)
  }

  @Test(arguments: [
    (
      #"{"resample": 4}"#,
      "'resample' takes 0 (nearest), 1 (lanczos), 2 (bilinear) or 3 (bicubic); got 4"
    ),
    (
      #"{"do_pad": true}"#,
      "'do_pad' is a step that Parallax does not support; only false is accepted"
    ),
    (#"{"image_std": [1, 0, 1]}"#, "'image_std' takes numbers above 0"),
    (
      #"{"image_mean": [1]}"#,
      "'image_mean' takes three numbers, one for each of red, green and blue"
    ),
    (
      #"{"size": {"longest_edge": 3}}"#,
      "'size.longest_edge' changes pixels in a way that Parallax does not support"
    ),
    (
      #"{"size": {"shortest_edge": 32, "longest_edge": 64}}"#,
      "'size.longest_edge' changes pixels in a way that Parallax does not support"
    ),
    (#"{"size": {}}"#, "'size' takes a number, 'shortest_edge', or 'height' and 'width'"),
    (
      #"{"do_thumbnail": true, "do_pad": false}"#,
      "'do_thumbnail' is a step that Parallax does not support; only false is accepted"
    ),
    (
      #"{"do_flip_channel_order": true}"#,
      "'do_flip_channel_order' is a step that Parallax does not support; only false is accepted"
    ),
    (
      #"{"size_divisor": 32, "do_resize": false}"#,
      "'size_divisor' changes pixels in a way that Parallax does not support"
    ),
    (
      #"{"interpolation": "bicubic"}"#,
      "'interpolation' changes pixels in a way that Parallax does not support"
    ),
    (#"{"size": -5}"#, "a side takes a number from 1 to 16384; got -5"),
    (
      #"{"size": {"shortest_edge": 64}}"#,
      "it must give images one size: 'size' with both sides, or a centre crop"
    ),
    (#"{"size": 64}"#, "it gives images of 64x64, but the model takes 32x32"),
    (
      #"{"crop_pct": 0, "size": {"shortest_edge": 9}}"#,
      "'crop_pct' takes a number above 0.01, at most 1; got 0.0"
    ),
    (
      #"{"do_trim_bars": true, "size": {"height": 32, "width": 32}, "do_center_crop": true, "crop_size": 32}"#,
      "'do_trim_bars' needs a 'size' with both sides, and no centre crop"
    ),
  ])
  func `refuses settings it cannot follow`(json: String, reason: String) async throws {
    await #expect {
      try await preprocessing(json, input: ImageTransform.Size(width: 32, height: 32))
    } throws: { error in
      let error = error as? ParallaxError
      return error?.code == .invalidModel
        && error?.message == "'preprocessor_config.json' is not supported: \(reason)"
    }
  }

  /// Keys of `transformers`' classes that change no pixel, or say that nothing is to be done.
  @Test func `passes over what changes no pixel`() async throws {
    let settings = try await preprocessing(
      #"""
      {"image_processor_type": "CLIPImageProcessor", "do_convert_rgb": true, "data_format": "channels_first",
       "do_pad": null, "pad_size": null, "size_divisor": null, "device": null, "auto_map": {"a": "b"},
       "_valid_processor_keys": ["images"], "processor_class": "CLIPProcessor", "crop_pct": null,
       "do_reduce_labels": false, "disable_grouping": null, "return_tensors": null,
       "input_data_format": null, "default_to_square": false, "size": {"shortest_edge": 32},
       "crop_size": {"height": 32, "width": 32}}
      """#)
    #expect(settings.transform.identity == "decode2/shortest32/bicubic/crop32x32")
    #expect(settings.warnings == [])
  }

  @Test(arguments: [
    (
      #"{"image_processor_type": "ViTImageProcessor", "sharpness": 2, "note": "", "zeal": [1]}"#,
      "'preprocessor_config.json' has unknown keys, which have no effect: 'sharpness', 'zeal'"
    ),
    (
      #"{"image_processor_type": "LevitImageProcessor"}"#,
      "'preprocessor_config.json' is of the class 'LevitImageProcessor', which is not known; its keys are read like ViTImageProcessor's"
    ),
    (
      #"{"size": 224, "resample": 2, "image_mean": [0, 0, 0]}"#,
      "'preprocessor_config.json' names no class and leaves out 'image_std'; ViTImageProcessor's are used"
    ),
  ])
  func `names what has no effect, and what is assumed`(
    json: String, warning: String
  ) async throws {
    #expect(try await preprocessing(json).warnings == [warning])
  }

  @Test func `takes the architecture's class where the file names none`() async throws {
    let settings = try await preprocessing("{}", architecture: "clip")
    #expect(settings.transform.identity == "decode2/shortest224/bicubic/crop224x224")
    #expect(settings.warnings == [])
    #expect(abs(settings.table[255] - (1 - 0.48145466) / 0.26862954) < 1e-6)
  }

  @Test func `reads a number as the sides its class says, or as the file does`() async throws {
    let square =
      #"{"image_processor_type": "CLIPImageProcessor", "size": 64, "default_to_square": true}"#
    #expect(
      try await preprocessing(square).transform.identity == "decode2/exact64x64/bicubic/crop224x224"
    )
  }

  @Test func `subtracts 1 where an offset is asked for`() async throws {
    let table = try await preprocessing(
      #"{"rescale_factor": 0.00784313725490196, "rescale_offset": true, "do_normalize": false}"#
    ).table
    #expect(abs(table[0] + 1) < 1e-6 && abs(table[255] - 1) < 1e-6)
  }
}

/// Settings in `processor_config.json`, as `transformers` 5 writes them.
@Suite(.enabled(if: OnnxRuntime.isAvailable, "\(needsLibrary)"))
struct NestedPreprocessingTests {
  private static let settings =
    #"{"image_processor_type": "BitImageProcessorFast", "size": {"shortest_edge": 40}, "crop_size": {"height": 32, "width": 32}, "resample": 2}"#

  private func model(_ texts: [String: String]) async throws -> ImageTextModel {
    try await withTemporaryDirectory { folder in
      try assemble(folder, links: ["model.onnx": Fixture.path("resnet/model.onnx")], texts: texts)
      return try ImageTextModel(folder: folder, threads: 1)
    }
  }

  @Test func `are followed like a file of their own`() async throws {
    let nested = #"{"image_processor": \#(Self.settings), "processor_class": "X"}"#
    let model = try await model(["processor_config.json": nested])
    #expect(model.imageTransform?.identity == "decode2/shortest40/bilinear/crop32x32")
    #expect(model.files.contains { $0.hasSuffix("/processor_config.json") })
    #expect(model.warnings == [])
  }

  @Test func `may stand beside a file that says the same, not beside another`() async throws {
    let nested = #"{"image_processor": \#(Self.settings)}"#
    let same = Self.settings.replacing("BitImageProcessorFast", with: "CLIPFeatureExtractor")
    let both = try await model(["processor_config.json": nested, "preprocessor_config.json": same])
    #expect(both.files.filter { $0.hasSuffix("processor_config.json") }.count == 1)
    await #expect {
      try await model([
        "processor_config.json": nested,
        "preprocessor_config.json": Self.settings.replacing("40", with: "36"),
      ])
    } throws: { error in
      (error as? ParallaxError)?.message
        == "'processor_config.json' and 'preprocessor_config.json' contradict each other about images"
    }
  }

  @Test func `are looked for elsewhere when the file holds none`() async throws {
    let model = try await model([
      "processor_config.json": #"{"processor_class": "CLIPProcessor"}"#,
      "preprocessor_config.json": Self.settings,
    ])
    #expect(model.imageTransform?.identity == "decode2/shortest40/bilinear/crop32x32")
    #expect(model.files.contains { $0.hasSuffix("/preprocessor_config.json") })
  }
}

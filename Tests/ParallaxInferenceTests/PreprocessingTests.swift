import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxInference

/// Settings as published with well-known models, and settings that cannot be followed.
struct PreprocessingTests {
  private func preprocessing(
    _ json: String, input: ImageTransform.Size? = nil
  ) async throws -> ImagePreprocessing {
    try await withTemporaryDirectory { folder in
      try assemble(folder, texts: ["preprocessor_config.json": json])
      return try ImagePreprocessing(fileAt: "\(folder)/preprocessor_config.json", input: input)
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
    let preprocessing = try ImagePreprocessing(fileAt: nil, input: size)
    #expect(preprocessing.transform.identity == "decode2/shortest96/bicubic/crop96x96")
    #expect(preprocessing.table.prefix(256).first == -1)
    #expect(preprocessing.table.last == 1)
  }

  @Test(arguments: [
    (
      #"{"resample": 4}"#,
      "'resample' takes 0 (nearest), 1 (lanczos), 2 (bilinear) or 3 (bicubic); got 4"
    ),
    (#"{"do_pad": true}"#, "'do_pad' is a step that is not done here; only false is understood"),
    (#"{"image_std": [1, 0, 1]}"#, "'image_std' takes numbers above 0"),
    (
      #"{"image_mean": [1]}"#,
      "'image_mean' takes three numbers, one for each of red, green and blue"
    ),
    (
      #"{"size": {"longest_edge": 3}}"#,
      "'size' takes a number, 'shortest_edge', or 'height' and 'width'"
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
  ])
  func `refuses settings it cannot follow`(json: String, reason: String) async throws {
    await #expect {
      try await preprocessing(json, input: ImageTransform.Size(width: 32, height: 32))
    } throws: { error in
      let error = error as? ParallaxError
      return error?.code == .invalidModel
        && error?.message == "'preprocessor_config.json' cannot be followed: \(reason)"
    }
  }
}

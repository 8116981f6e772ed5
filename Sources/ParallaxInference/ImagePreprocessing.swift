import ParallaxCore

/// How an image becomes the numbers of an image tower.
struct ImagePreprocessing {
  /// What is done to the pixels before they become numbers.
  let transform: ImageTransform
  /// The size of every image after `transform`.
  let size: ImageTransform.Size
  /// A byte's number in each channel: three times 256 values.
  let table: [Float]

  /// What a person should know of how the settings were read.
  let warnings: [String]

  /// The settings beside a model, or the usual ones for an input of a size.
  ///
  /// Without a file the shorter side is set to the input's, the middle is cut out,
  /// and bytes become -1...1.
  ///
  /// - Parameter input: the size the model declares, if it declares one.
  /// - Throws: `invalid-model` for settings that cannot be followed, or that give another size.
  init(_ source: PreprocessorSource, input: ImageTransform.Size?) throws {
    guard let file = source.file else {
      size = input ?? ImageTransform.Size(width: 224, height: 224)
      transform = ImageTransform(
        resize: .shortestEdge(max(size.width, size.height)), resample: .bicubic,
        centerCrop: size)
      table = Self.table(PreprocessorFile(kind: ""))
      warnings = [
        "no 'preprocessor_config.json' describes the preprocessing: the shorter side is scaled to "
          + "\(max(size.width, size.height)), the centre is cropped and bytes become -1 to 1"
      ]
      return
    }
    do throws(Refusal) {
      try Self.validate(file)
      transform = try Self.transform(file)
      table = Self.table(file)
      guard let size = Self.outputSize(transform) else {
        throw Refusal("it must give images one size: 'size' with both sides, or a centre crop")
      }
      self.size = size
      if let input, input != size {
        throw Refusal(
          "it gives images of \(size.width)x\(size.height), "
            + "but the model takes \(input.width)x\(input.height)")
      }
    } catch {
      throw ParallaxError(
        .invalidModel, "'\(source.name)' is not supported: \(error.reason)", hint: error.hint)
    }
    warnings = Self.warnings(file, source.name)
  }

  private static func warnings(_ file: PreprocessorFile, _ name: String) -> [String] {
    var warnings: [String] = []
    func list(_ keys: [String]) -> String { keys.map { "'\($0)'" }.joined(separator: ", ") }
    if !file.unknown.isEmpty {
      warnings.append(
        "'\(name)' has unknown keys, which have no effect: \(list(file.unknown))")
    }
    if !file.kind.isEmpty, !PreprocessorDefaults.knows(file.kind) {
      warnings.append(
        "'\(name)' is of the class '\(file.kind)', which is not known; its keys are read like "
          + "ViTImageProcessor's")
    }
    if !file.assumed.isEmpty, file.kind.isEmpty {
      warnings.append(
        "'\(name)' names no class and leaves out \(list(file.assumed)); ViTImageProcessor's are used"
      )
    }
    return warnings
  }

  /// The size of every image after a transform; `nil` when it differs between images.
  private static func outputSize(_ transform: ImageTransform) -> ImageTransform.Size? {
    if let crop = transform.centerCrop { return crop }
    guard case .exact(let width, let height) = transform.resize else { return nil }
    return ImageTransform.Size(width: width, height: height)
  }

  private static func transform(
    _ file: PreprocessorFile
  ) throws(Refusal) -> ImageTransform {
    let resamples: [Int: ImageTransform.Resample] = [
      0: .nearest, 1: .lanczos, 2: .bilinear, 3: .bicubic,
    ]
    guard let resample = resamples[file.resample] else {
      throw Refusal(
        "'resample' takes 0 (nearest), 1 (lanczos), 2 (bilinear) or 3 (bicubic); "
          + "got \(file.resample)")
    }
    var crop = file.crops ? size(file.cropSize) : nil
    var resize = ImageTransform.Resize.none
    if file.resizes {
      if let edge = file.size.shortestEdge {
        (resize, crop) = shortestEdge(edge, fraction: file.cropFraction, crop: crop)
      } else if let size = size(file.size) {
        resize = .exact(width: size.width, height: size.height)
      } else {
        throw Refusal("'size' takes a number, 'shortest_edge', or 'height' and 'width'")
      }
    }
    let transform = ImageTransform(
      resize: resize, resample: resample, centerCrop: crop, trimsBars: file.trimsBars)
    if transform.trimsBars {
      guard case .exact = resize, crop == nil else {
        throw Refusal(
          "'do_trim_bars' needs a 'size' with both sides, and no centre crop",
          hint: "name 'height' and 'width' in 'size', and set 'do_center_crop' to false")
      }
    }
    return transform
  }

  /// ConvNeXt's rule: below 384 a margin is resized along and cut off, from 384 the
  /// aspect is given up; without a fraction the shorter side is what it says.
  private static func shortestEdge(
    _ edge: Int, fraction: Double?, crop: ImageTransform.Size?
  ) -> (ImageTransform.Resize, ImageTransform.Size?) {
    guard let fraction else { return (.shortestEdge(edge), crop) }
    if edge >= 384 { return (.exact(width: edge, height: edge), crop) }
    return (
      .shortestEdge(Int(Double(edge) / fraction)), ImageTransform.Size(width: edge, height: edge)
    )
  }

  private static func size(_ size: PreprocessorFile.Size) -> ImageTransform.Size? {
    if let height = size.height, let width = size.width {
      return ImageTransform.Size(width: width, height: height)
    }
    return size.shortestEdge.map { ImageTransform.Size(width: $0, height: $0) }
  }

  private static func validate(_ file: PreprocessorFile) throws(Refusal) {
    if let key = file.unsupported.first {
      throw Refusal(
        key.hasPrefix("do_")
          ? "'\(key)' is a step that Parallax does not support; only false is accepted"
          : "'\(key)' changes pixels in a way that Parallax does not support",
        hint:
          "remove the key if the images do not need it, or export the model with this step")
    }
    for (key, values) in [("image_mean", file.mean), ("image_std", file.deviation)]
    where values.count != 3 || values.contains(where: { !$0.isFinite }) {
      throw Refusal("'\(key)' takes three numbers, one for each of red, green and blue")
    }
    if file.deviation.contains(where: { $0 <= 0 }) {
      throw Refusal("'image_std' takes numbers above 0")
    }
    let sides = [
      file.size.shortestEdge, file.size.height, file.size.width, file.cropSize.shortestEdge,
      file.cropSize.height, file.cropSize.width,
    ]
    if let side = sides.compactMap({ $0 }).first(where: { !(1...16_384).contains($0) }) {
      throw Refusal("a side takes a number from 1 to 16384; got \(side)")
    }
    if let fraction = file.cropFraction, !(fraction > 0.01 && fraction <= 1) {
      throw Refusal("'crop_pct' takes a number above 0.01, at most 1; got \(fraction)")
    }
  }

  private static func table(_ file: PreprocessorFile) -> [Float] {
    (0..<3).flatMap { channel in
      (0..<256).map { byte in
        var value = Double(byte)
        if file.rescales { value = value * file.rescaleFactor - (file.shifts ? 1 : 0) }
        if file.normalizes { value = (value - file.mean[channel]) / file.deviation[channel] }
        return Float(value)
      }
    }
  }

  private struct Refusal: Error {
    var reason: String
    var hint: String?

    init(_ reason: String, hint: String? = nil) {
      self.reason = reason
      self.hint = hint
    }
  }
}

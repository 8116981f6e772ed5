/// What is read of `preprocessor_config.json`, with the publisher's defaults filled in.
struct PreprocessorFile: Decodable {
  var kind: String
  var resizes: Bool
  var size: Size
  var resample: Int
  var cropFraction: Double?
  var crops: Bool
  var cropSize: Size
  var rescales: Bool
  var rescaleFactor: Double
  var normalizes: Bool
  var mean: [Double]
  var deviation: [Double]
  /// Steps asked for that are not done here, by key.
  var unsupported: [String] = []

  /// A size as it is written: one side, or both.
  struct Size: Hashable {
    var shortestEdge: Int?
    var height: Int?
    var width: Int?
  }

  /// What a processor class does when its file leaves a key out.
  struct Defaults {
    var size: Size
    /// Whether a size that is one number is the shorter side (or else both sides).
    var readsNumberAsShortestEdge: Bool
    var resample: Int
    var cropSize: Int?
    var cropFraction: Double?
    var mean: [Double]
    var deviation: [Double]
  }

  private enum Key: String, CodingKey {
    case imageProcessorType = "image_processor_type"
    case featureExtractorType = "feature_extractor_type"
    case resizes = "do_resize"
    case size, resample
    case cropFraction = "crop_pct"
    case crops = "do_center_crop"
    case cropSize = "crop_size"
    case rescales = "do_rescale"
    case rescaleFactor = "rescale_factor"
    case normalizes = "do_normalize"
    case mean = "image_mean"
    case deviation = "image_std"
    case pads = "do_pad"
    case flipsChannels = "do_flip_channel_order"
  }

  private enum SizeKey: String, CodingKey {
    case shortestEdge = "shortest_edge"
    case height, width
  }

  /// The settings of a processor class whose file is empty.
  init(kind: String) {
    let defaults = Defaults.of(kind)
    self.kind = kind
    resizes = true
    size = defaults.size
    resample = defaults.resample
    cropFraction = defaults.cropFraction
    crops = defaults.cropSize != nil
    cropSize = Size(height: defaults.cropSize ?? 224, width: defaults.cropSize ?? 224)
    rescales = true
    rescaleFactor = 1 / 255
    normalizes = true
    mean = defaults.mean
    deviation = defaults.deviation
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    func value<Value: Decodable>(_ key: Key, _ fallback: Value) throws -> Value {
      try container.decodeIfPresent(Value.self, forKey: key) ?? fallback
    }
    self.init(
      kind: try container.decodeIfPresent(String.self, forKey: .imageProcessorType)
        ?? container.decodeIfPresent(String.self, forKey: .featureExtractorType) ?? "")
    let defaults = Defaults.of(kind)
    resizes = try value(.resizes, resizes)
    size =
      try Self.size(
        in: container, key: .size, numberIsShortestEdge: defaults.readsNumberAsShortestEdge)
      ?? size
    resample = try value(.resample, resample)
    cropFraction = try value(.cropFraction, cropFraction)
    crops = try value(.crops, crops)
    cropSize =
      try Self.size(in: container, key: .cropSize, numberIsShortestEdge: false) ?? cropSize
    rescales = try value(.rescales, rescales)
    rescaleFactor = try value(.rescaleFactor, rescaleFactor)
    normalizes = try value(.normalizes, normalizes)
    mean = try value(.mean, mean)
    deviation = try value(.deviation, deviation)
    for key in [Key.pads, .flipsChannels] where try value(key, false) {
      unsupported.append(key.rawValue)
    }
  }

  private static func size(
    in container: KeyedDecodingContainer<Key>, key: Key, numberIsShortestEdge: Bool
  ) throws -> Size? {
    guard container.contains(key), try !container.decodeNil(forKey: key) else { return nil }
    if let number = try? container.decode(Int.self, forKey: key) {
      return numberIsShortestEdge
        ? Size(shortestEdge: number) : Size(height: number, width: number)
    }
    let nested = try container.nestedContainer(keyedBy: SizeKey.self, forKey: key)
    return Size(
      shortestEdge: try nested.decodeIfPresent(Int.self, forKey: .shortestEdge),
      height: try nested.decodeIfPresent(Int.self, forKey: .height),
      width: try nested.decodeIfPresent(Int.self, forKey: .width))
  }
}

extension PreprocessorFile.Defaults {
  private static let half = [0.5, 0.5, 0.5]
  private static let clipMean = [0.48145466, 0.4578275, 0.40821073]
  private static let clipDeviation = [0.26862954, 0.26130258, 0.27577711]

  /// The defaults of the `transformers` class called `kind`; those of its
  /// `ViTImageProcessor` for a name not known here.
  static func of(_ kind: String) -> Self {
    let square = PreprocessorFile.Size(height: 224, width: 224)
    var name = kind[...]
    for ending in ["Fast", "Pil", "ImageProcessor", "FeatureExtractor"]
    where name.hasSuffix(ending) {
      name = name.dropLast(ending.count)
    }
    switch name {
    case "CLIP", "ChineseCLIP", "Bit":
      return Self(
        size: .init(shortestEdge: 224), readsNumberAsShortestEdge: true, resample: 3,
        cropSize: 224, mean: clipMean, deviation: clipDeviation)
    case "Siglip":
      return Self(
        size: square, readsNumberAsShortestEdge: false, resample: 3, mean: half, deviation: half)
    case "ConvNext":
      return Self(
        size: .init(shortestEdge: 384), readsNumberAsShortestEdge: true, resample: 3,
        cropFraction: 224 / 256, mean: half, deviation: half)
    case "MobileNetV1", "MobileNetV2":
      return Self(
        size: .init(shortestEdge: 256), readsNumberAsShortestEdge: true, resample: 2,
        cropSize: 224, mean: half, deviation: half)
    default:
      return Self(
        size: square, readsNumberAsShortestEdge: false, resample: 2, mean: half, deviation: half)
    }
  }
}

/// An image processor's settings, with the publisher's defaults filled in.
struct PreprocessorFile: Decodable, Hashable {
  /// The `transformers` class that wrote it; empty where it names none.
  var kind: String
  var resizes: Bool
  var size: Size
  var resample: Int
  var cropFraction: Double?
  var crops: Bool
  var cropSize: Size
  var rescales: Bool
  var rescaleFactor: Double
  /// Whether 1 is subtracted after rescaling, as EfficientNet's class can.
  var shifts: Bool
  var normalizes: Bool
  var mean: [Double]
  var deviation: [Double]
  /// Whether bars of a letterbox are cut off first: a key of this program's own.
  var trimsBars: Bool
  /// Keys that change pixels in a way that is not done here.
  var unsupported: [String] = []
  /// Unknown keys with a value that may matter.
  var unknown: [String] = []
  /// Keys that decide pixels, were left out, and were filled in from the class's defaults.
  var assumed: [String] = []

  /// A size as it is written: one side, or both.
  struct Size: Hashable {
    var shortestEdge: Int?
    var height: Int?
    var width: Int?
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
    case shifts = "rescale_offset"
    case normalizes = "do_normalize"
    case mean = "image_mean"
    case deviation = "image_std"
    case makesSquares = "default_to_square"
    case trimsBars = "do_trim_bars"
  }

  private enum SizeKey: String, CodingKey, CaseIterable {
    case shortestEdge = "shortest_edge"
    case height, width
  }

  /// The class that a file leaves out is that of the architecture.
  static let modelType = CodingUserInfoKey(rawValue: "model_type")

  /// The settings of a processor class whose file is empty.
  init(kind: String) {
    let defaults = PreprocessorDefaults.of(kind)
    self.kind = kind
    resizes = true
    size = defaults.size
    resample = defaults.resample
    cropFraction = defaults.cropFraction
    crops = defaults.cropSize != nil
    cropSize = Size(height: defaults.cropSize ?? 224, width: defaults.cropSize ?? 224)
    rescales = true
    rescaleFactor = 1 / 255
    shifts = false
    normalizes = true
    mean = defaults.mean
    deviation = defaults.deviation
    trimsBars = false
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    func value<Value: Decodable>(_ key: Key, _ fallback: Value) throws -> Value {
      try container.decodeIfPresent(Value.self, forKey: key) ?? fallback
    }
    let architecture = Self.modelType.flatMap { decoder.userInfo[$0] as? String } ?? ""
    self.init(
      kind: try container.decodeIfPresent(String.self, forKey: .imageProcessorType)
        ?? container.decodeIfPresent(String.self, forKey: .featureExtractorType)
        ?? PreprocessorDefaults.kind(ofArchitecture: architecture))
    let makesSquares = try value(
      .makesSquares, !PreprocessorDefaults.of(kind).readsNumberAsShortestEdge)
    resizes = try value(.resizes, resizes)
    size =
      try Self.size(in: container, key: .size, numberIsShortestEdge: !makesSquares, &unsupported)
      ?? size
    resample = try value(.resample, resample)
    cropFraction = try value(.cropFraction, cropFraction)
    crops = try value(.crops, crops)
    cropSize =
      try Self.size(in: container, key: .cropSize, numberIsShortestEdge: false, &unsupported)
      ?? cropSize
    rescales = try value(.rescales, rescales)
    rescaleFactor = try value(.rescaleFactor, rescaleFactor)
    shifts = try value(.shifts, shifts)
    normalizes = try value(.normalizes, normalizes)
    mean = try value(.mean, mean)
    deviation = try value(.deviation, deviation)
    trimsBars = try value(.trimsBars, trimsBars)
    let others = try PreprocessorKeys(decoder, except: Key.init(rawValue:))
    unsupported += others.unsupported
    unknown = others.unknown
    let deciding: [(Key, Bool)] = [
      (.size, resizes), (.resample, resizes), (.cropSize, crops), (.mean, normalizes),
      (.deviation, normalizes),
    ]
    assumed = deciding.filter { key, matters in matters && !container.contains(key) }
      .map(\.0.rawValue)
  }

  private static func size(
    in container: KeyedDecodingContainer<Key>, key: Key, numberIsShortestEdge: Bool,
    _ unsupported: inout [String]
  ) throws -> Size? {
    guard container.contains(key), try !container.decodeNil(forKey: key) else { return nil }
    if let number = try? container.decode(Int.self, forKey: key) {
      return numberIsShortestEdge
        ? Size(shortestEdge: number) : Size(height: number, width: number)
    }
    let nested = try container.nestedContainer(keyedBy: SizeKey.self, forKey: key)
    let others = try PreprocessorKeys(
      container.superDecoder(forKey: key), except: SizeKey.init(rawValue:))
    unsupported += (others.unsupported + others.unknown).map { "\(key.rawValue).\($0)" }
    return Size(
      shortestEdge: try nested.decodeIfPresent(Int.self, forKey: .shortestEdge),
      height: try nested.decodeIfPresent(Int.self, forKey: .height),
      width: try nested.decodeIfPresent(Int.self, forKey: .width))
  }

  /// What is done to pixels, whoever wrote it down.
  var steps: Self {
    var steps = self
    (steps.kind, steps.unknown, steps.assumed) = ("", [], [])
    return steps
  }
}

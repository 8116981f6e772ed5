/// What a processor class of `transformers` does when its file leaves a key out.
struct PreprocessorDefaults {
  var size: PreprocessorFile.Size
  /// Whether a size that is one number is the shorter side (or else both sides).
  var readsNumberAsShortestEdge: Bool
  var resample: Int
  var cropSize: Int?
  var cropFraction: Double?
  var mean: [Double]
  var deviation: [Double]

  private static let half = [0.5, 0.5, 0.5]
  private static let clipMean = [0.48145466, 0.4578275, 0.40821073]
  private static let clipDeviation = [0.26862954, 0.26130258, 0.27577711]

  /// The defaults of the class called `kind`; those of `ViTImageProcessor` for a name not known here.
  static func of(_ kind: String) -> Self { known(kind) ?? square(224, 2, half, half) }

  /// Whether the class is one whose steps are those done here.
  static func knows(_ kind: String) -> Bool { known(kind) != nil }

  /// The class that reads pictures for an architecture, for files that name none; empty where that
  /// is not known.
  static func kind(ofArchitecture architecture: String) -> String {
    switch architecture {
    case "clip", "clip_vision_model": "CLIPImageProcessor"
    case "chinese_clip": "ChineseCLIPImageProcessor"
    case "siglip", "siglip_vision_model": "SiglipImageProcessor"
    case "vit", "swin", "swinv2": "ViTImageProcessor"
    case "bit", "dinov2", "dinov2_with_registers": "BitImageProcessor"
    case "convnext", "convnextv2", "resnet", "regnet", "cvt", "van": "ConvNextImageProcessor"
    case "mobilenet_v1": "MobileNetV1ImageProcessor"
    case "mobilenet_v2": "MobileNetV2ImageProcessor"
    default: ""
    }
  }

  private static func known(_ kind: String) -> Self? {
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
    case "Siglip": return square(224, 3, half, half)
    case "Blip": return square(384, 3, clipMean, clipDeviation)
    case "ConvNext":
      return Self(
        size: .init(shortestEdge: 384), readsNumberAsShortestEdge: true, resample: 3,
        cropFraction: 224 / 256, mean: half, deviation: half)
    case "MobileNetV1", "MobileNetV2":
      return Self(
        size: .init(shortestEdge: 256), readsNumberAsShortestEdge: true, resample: 2,
        cropSize: 224, mean: half, deviation: half)
    case "ViT": return square(224, 2, half, half)
    default: return nil
    }
  }

  private static func square(
    _ side: Int, _ resample: Int, _ mean: [Double], _ deviation: [Double]
  ) -> Self {
    Self(
      size: .init(height: side, width: side), readsNumberAsShortestEdge: false,
      resample: resample, mean: mean, deviation: deviation)
  }
}

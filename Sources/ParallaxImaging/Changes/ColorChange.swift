internal import ParallaxCore

/// Makes other colours of red, green and blue, as the filter functions of CSS do (Filter Effects Module
/// Level 1), in sRGB values: `hue-rotate`, `saturate`, `brightness`, `contrast`, `grayscale`.
struct ColorChange: PictureChange {
  let id: String
  let kind: String
  let strength: String
  /// What of red, green and blue makes red, then green, then blue.
  private let matrix: [Double]
  /// Added to each, in levels of 255.
  private let offset: Double

  static let all: [any PictureChange] =
    [
      hue(30, cosine: 0.8660254037844387, sine: 0.5), hue(90, cosine: 0, sine: 1),
      saturation(50), saturation(150), brightness(70), brightness(130), contrast(70), contrast(130),
      Self(
        id: "grey", kind: "grey", strength: "no colours",
        matrix: [0.2126, 0.7152, 0.0722, 0.2126, 0.7152, 0.0722, 0.2126, 0.7152, 0.0722],
        offset: 0),
    ]

  private init(id: String, kind: String, strength: String, matrix: [Double], offset: Double) {
    self.id = id
    self.kind = kind
    self.strength = strength
    self.matrix = matrix
    self.offset = offset
  }

  func applied(to picture: PixelBuffer) -> PixelBuffer? {
    let bytes = picture.bytes
    var changed = [UInt8](repeating: 0, count: bytes.count)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let (red, green) = (Double(bytes[start]), Double(bytes[start + 1]))
      let blue = Double(bytes[start + 2])
      for channel in 0..<3 {
        let sum =
          matrix[channel * 3] * red + matrix[channel * 3 + 1] * green
          + matrix[channel * 3 + 2] * blue
        changed[start + channel] = UInt8(level: sum + offset)
      }
    }
    return PixelBuffer(width: picture.width, height: picture.height, bytes: changed)
  }

  private static func hue(_ degrees: Int, cosine: Double, sine: Double) -> Self {
    let base = [0.213, 0.715, 0.072, 0.213, 0.715, 0.072, 0.213, 0.715, 0.072]
    let withCosine = [0.787, -0.715, -0.072, -0.213, 0.285, -0.072, -0.213, -0.715, 0.928]
    let withSine = [-0.213, -0.715, 0.928, 0.143, 0.140, -0.283, -0.787, 0.715, 0.072]
    return Self(
      id: "hue-\(degrees)", kind: "hue", strength: "hues turned by \(degrees)°",
      matrix: base.indices.map { base[$0] + cosine * withCosine[$0] + sine * withSine[$0] },
      offset: 0)
  }

  private static func saturation(_ percent: Int) -> Self {
    let amount = Double(percent) / 100
    let base = [0.213, 0.715, 0.072, 0.213, 0.715, 0.072, 0.213, 0.715, 0.072]
    let rest = [0.787, -0.715, -0.072, -0.213, 0.285, -0.072, -0.213, -0.715, 0.928]
    return Self(
      id: "saturation-\(percent)", kind: "saturation", strength: "saturation \(percent) %",
      matrix: base.indices.map { base[$0] + amount * rest[$0] }, offset: 0)
  }

  private static func brightness(_ percent: Int) -> Self {
    Self(
      id: "brightness-\(percent)", kind: "brightness", strength: "brightness \(percent) %",
      matrix: scale(percent), offset: 0)
  }

  private static func contrast(_ percent: Int) -> Self {
    Self(
      id: "contrast-\(percent)", kind: "contrast", strength: "contrast \(percent) %",
      matrix: scale(percent), offset: 127.5 - 127.5 * (Double(percent) / 100))
  }

  private static func scale(_ percent: Int) -> [Double] {
    let amount = Double(percent) / 100
    return [amount, 0, 0, 0, amount, 0, 0, 0, amount]
  }
}

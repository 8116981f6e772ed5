internal import ParallaxCore

/// The kind of file that a worker makes of pixels.
enum PictureEncoding: Equatable {
  /// Of a quality from 1 to 100.
  case jpeg(Int)
  case png

  /// That of a JPEG, 0 for PNG.
  var quality: Int {
    switch self {
    case .jpeg(let quality): min(100, max(1, quality))
    case .png: 0
    }
  }

  init?(quality: Int) {
    guard (0...100).contains(quality) else { return nil }
    self = quality == 0 ? .png : .jpeg(quality)
  }

  /// What its files begin with.
  var head: [UInt8] {
    switch self {
    case .jpeg: [0xFF, 0xD8]
    case .png: [0x89, 0x50, 0x4E, 0x47]
    }
  }

  var name: String {
    switch self {
    case .jpeg: "jpeg"
    case .png: "png"
    }
  }
}

/// What a worker is asked: a file, and what to make of it; or pixels that are to be encoded.
struct DecodeRequest: Equatable {
  /// Absolute, since a worker's folder is the one in which it was started.
  var path: String
  /// `nil` to read the header only.
  var transform: ImageTransform?
  /// Sends the picture as a file rather than as pixels.
  var encoding: PictureEncoding?
  /// Bytes of another hash are refused; `nil` for any.
  var content: ContentHash?
  var limits: DecodeLimits
  /// What is encoded instead of a file; it follows the head.
  var canvas: PixelBuffer?
  /// The bytes of a picture that is no file of its own; they follow the head.
  var bytes: [UInt8]?
  /// The id of what is done to the picture before it is encoded.
  var change: String?
  /// Asks for the fingerprint of the whole picture and nothing else.
  var wantsFingerprint = false

  /// Whether the pixels are decoded, not only the header.
  var needsPixels: Bool { transform != nil || wantsFingerprint }

  /// What follows the head.
  var tail: [UInt8] { bytes ?? canvas?.bytes ?? [] }

  var head: [UInt8] {
    var writer = ByteWriter()
    writer.write(path)
    for limit in [limits.pixels, limits.outputPixels, limits.side, limits.memory, limits.fileBytes]
    {
      writer.write(limit)
    }
    writer.write(content?.hexadecimal ?? "")
    writer.write(encoding?.quality ?? -1)
    writer.write(canvas?.width ?? 0)
    writer.write(canvas?.height ?? 0)
    writer.write(change ?? "")
    writer.write(wantsFingerprint ? 1 : 0)
    writer.write(bytes == nil ? 0 : 1)
    writer.write(transform == nil ? 0 : 1)
    if let transform { Self.write(transform, to: &writer) }
    return writer.bytes
  }

  private static func write(_ transform: ImageTransform, to writer: inout ByteWriter) {
    let resize: [Int] =
      switch transform.resize {
      case .none: [0, 0, 0]
      case .shortestEdge(let edge): [1, edge, 0]
      case .fit(let width, let height): [2, width, height]
      case .exact(let width, let height): [3, width, height]
      }
    resize.forEach { writer.write($0) }
    writer.write(transform.resample.rawValue)
    writer.write(transform.centerCrop?.width ?? 0)
    writer.write(transform.centerCrop?.height ?? 0)
    writer.write(transform.trimsBars ? 1 : 0)
  }
}

extension DecodeRequest {
  /// - Parameter tail: what follows the head.
  init?(head: [UInt8], tail: [UInt8] = []) {
    var reader = ByteReader(head[...])
    guard let path = reader.readString(), let pixels = reader.readInt(),
      let output = reader.readInt(),
      let side = reader.readInt(), let memory = reader.readInt(), let bytes = reader.readInt(),
      let content = reader.readString(), let quality = reader.readInt(),
      let width = reader.readInt(), let height = reader.readInt(),
      let change = reader.readString(), let wantsFingerprint = reader.readInt(),
      let hasBytes = reader.readInt(), let hasTransform = reader.readInt()
    else { return nil }
    self.init(
      path: path, transform: nil, encoding: PictureEncoding(quality: quality),
      content: ContentHash(hexadecimal: content),
      limits: DecodeLimits(
        pixels: pixels, outputPixels: output, side: side, memory: memory, fileBytes: bytes),
      change: change.isEmpty ? nil : change, wantsFingerprint: wantsFingerprint == 1)
    if hasBytes == 1 { self.bytes = tail }
    if width > 0 {
      guard height > 0, width <= tail.count / 3 / height, width * height * 3 == tail.count
      else { return nil }
      canvas = PixelBuffer(width: width, height: height, bytes: tail)
    }
    guard hasTransform == 1 else { return }
    guard let transform = Self.readTransform(&reader) else { return nil }
    self.transform = transform
  }

  private static func readTransform(_ reader: inout ByteReader) -> ImageTransform? {
    guard let kind = reader.readInt(), let first = reader.readInt(), let second = reader.readInt(),
      let name = reader.readString(), let resample = ImageTransform.Resample(rawValue: name),
      let cropWidth = reader.readInt(), let cropHeight = reader.readInt(),
      let trimsBars = reader.readInt()
    else { return nil }
    let resizes: [ImageTransform.Resize] = [
      .none, .shortestEdge(first), .fit(width: first, height: second),
      .exact(width: first, height: second),
    ]
    guard resizes.indices.contains(kind) else { return nil }
    let crop = ImageTransform.Size(width: cropWidth, height: cropHeight)
    return ImageTransform(
      resize: resizes[kind], resample: resample, centerCrop: cropWidth > 0 ? crop : nil,
      trimsBars: trimsBars == 1)
  }
}

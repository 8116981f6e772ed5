internal import CVips

/// What a file's first bytes say it is, whatever its name.
enum FileKind: Equatable {
  case image(ImageFormat)
  /// Something that is not decoded here: `a BMP image`, `a PDF document`.
  case other(String)

  /// How many bytes `init(head:)` looks at.
  static let headLength = 1024

  static let unknownName = "of no known kind"

  init(head: [UInt8]) {
    if let format = ImageFormat(head: head) {
      self = .image(format)
    } else {
      self = .other(Self.name(of: head))
    }
  }

  /// Kinds that are no pictures.
  private static let others: Set<String> = [
    "an empty file", unknownName, "a text file", "a web page", "a macOS resource file",
    "a PDF document", "a PostScript document", "a ZIP archive", "a gzip archive", "a video",
  ]

  /// The kind of picture that is not read here, such as `a BMP image`; `nil` for all else.
  var unreadPicture: String? {
    if case .other(let name) = self, !Self.others.contains(name) { name } else { nil }
  }

  private static func name(of head: [UInt8]) -> String {
    if head.isEmpty { return "an empty file" }
    if let match = signatures.first(where: { head.dropFirst($0.offset).starts(with: $0.bytes) }) {
      return match.name
    }
    guard let text = Self.text(head) else { return unknownName }
    if text.contains("<svg") { return "an SVG drawing" }
    return text.contains("<html") || text.contains("<!doctype html") ? "a web page" : "a text file"
  }

  /// The head in lower case when it reads as text.
  private static func text(_ head: [UInt8]) -> String? {
    let isText = head.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
    // The head may end within a character, so a repaired last one is no sign of binary data.
    let text = String(decoding: head, as: UTF8.self)
    return isText && !text.dropLast(3).contains("\u{FFFD}") ? text.lowercased() : nil
  }

  private static let signatures: [(offset: Int, bytes: [UInt8], name: String)] = [
    (0, [0x00, 0x05, 0x16, 0x07], "a macOS resource file"),
    (0, Array("BM".utf8), "a BMP image"),
    (0, Array("%PDF".utf8), "a PDF document"),
    (0, Array("%!PS".utf8), "a PostScript document"),
    (0, [0xC5, 0xD0, 0xD3, 0xC6], "a PostScript document"),
    (0, Array("8BPS".utf8), "a Photoshop document"),
    (0, [0x00, 0x00, 0x01, 0x00], "a Windows icon"),
    (0, [0x00, 0x00, 0x02, 0x00], "a Windows cursor"),
    (0, Array("icns".utf8), "a macOS icon"),
    (0, [0xFF, 0x4F, 0xFF, 0x51], "a JPEG 2000 image"),
    (0, [0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20], "a JPEG 2000 image"),
    (0, [0xFF, 0x0A], "a JPEG XL image"),
    (0, [0x00, 0x00, 0x00, 0x0C, 0x4A, 0x58, 0x4C, 0x20], "a JPEG XL image"),
    (0, Array("DDS ".utf8), "a DDS texture"),
    (0, Array("BLP".utf8), "a BLP texture"),
    (0, Array("qoif".utf8), "a QOI image"),
    (0, Array("gimp xcf".utf8), "a GIMP document"),
    (0, [0x76, 0x2F, 0x31, 0x01], "an OpenEXR image"),
    (0, Array("#?RADIANCE".utf8), "a Radiance HDR image"),
    (0, [0xD7, 0xCD, 0xC6, 0x9A], "a Windows metafile"),
    (40, Array(" EMF".utf8), "a Windows metafile"),
    (0, [0x01, 0xDA], "an SGI image"),
    (0, [0x59, 0xA6, 0x6A, 0x95], "a Sun raster image"),
    (0, [0x0A, 0x05, 0x01], "a PCX image"),
    (0, Array("PK".utf8), "a ZIP archive"),
    (0, [0x1F, 0x8B], "a gzip archive"),
    (0, [0x1A, 0x45, 0xDF, 0xA3], "a video"),
    (0, Array("FUJIFILMCCD-RAW".utf8), "a camera raw file"),
    (4, Array("ftypcrx ".utf8), "a camera raw file"),
    (0, Array("IIRO".utf8), "a camera raw file"),
    (0, Array("IIRS".utf8), "a camera raw file"),
    (0, Array("MMOR".utf8), "a camera raw file"),
    (0, [0x49, 0x49, 0x55, 0x00], "a camera raw file"),
    (0, [0x49, 0x49, 0x1A, 0, 0, 0] + Array("HEAPCCDR".utf8), "a camera raw file"),
    (0, [0x00] + Array("MRM".utf8), "a camera raw file"),
    (0, Array("FOVb".utf8), "a camera raw file"),
    (4, Array("ftyp".utf8), "a video"),
    (4, [0x11, 0xAF], "an animation in FLI format"),
    (4, [0x12, 0xAF], "an animation in FLC format"),
  ]
}

/// A format that is decoded; the raw value is its name in `ImageProperties`.
enum ImageFormat: String, CaseIterable {
  case jpeg, png, webp, heif, gif, tiff

  init?(head: [UInt8]) {
    func has(_ bytes: some Collection<UInt8>, at offset: Int = 0) -> Bool {
      head.dropFirst(offset).starts(with: bytes)
    }
    if has([0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if has("RIFF".utf8), has("WEBP".utf8, at: 8) {
      self = .webp
    } else if has("GIF8".utf8) {
      self = .gif
    } else if HEIFItems.isPicture(head) {
      self = .heif
    } else if Self.tiffHeads.contains(where: { has($0) }) {
      self = .tiff
    } else {
      return nil
    }
  }

  var code: cvips_format {
    switch self {
    case .jpeg: CVIPS_JPEG
    case .png: CVIPS_PNG
    case .webp: CVIPS_WEBP
    case .heif: CVIPS_HEIF
    case .gif: CVIPS_GIF
    case .tiff: CVIPS_TIFF
    }
  }

  /// Classic and BigTIFF in both byte orders.
  private static let tiffHeads: [[UInt8]] = [
    [0x49, 0x49, 0x2A, 0x00], [0x4D, 0x4D, 0x00, 0x2A],
    [0x49, 0x49, 0x2B, 0x00], [0x4D, 0x4D, 0x00, 0x2B],
  ]
}

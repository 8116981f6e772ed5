/// Which picture of a file is meant, and what its bytes say that libvips does not.
struct PicturePart: Equatable {
  /// Of a TIFF: the page, and the sub-directory of it that holds the picture.
  var page = 0
  var subdirectory: Int?
  /// Which sample after the colours is alpha, if there is one; `nil` for none.
  var alpha: Int? = 0
  var isPremultiplied = false
  var color: ColorDescription?
  /// Whether `color` counts also where there is a profile.
  var colorComesFirst = false

  /// - Throws: `unsupported-format` for what has no picture that can be shown.
  init(_ contents: FileContents, _ format: ImageFormat) throws(DecodeFailure) {
    switch format {
    case .tiff: self = try TIFFFile(contents).picture()
    case .png: self = try PNGChunks(contents).part
    case .heif: self = try HEIFItems(contents).part
    case .jpeg, .webp, .gif: self.init()
    }
  }

  init() {}
}

/// Whole numbers in some bytes; `nil` beyond their end.
struct ByteOrderedBytes {
  let bytes: [UInt8]
  var isLittleEndian = false

  func number(at offset: Int, bytes count: Int) -> Int? {
    guard offset >= 0, count > 0, count <= 8, offset <= bytes.count - count else { return nil }
    let slice = bytes[offset..<(offset + count)]
    let value =
      isLittleEndian
      ? slice.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      : slice.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(exactly: value)
  }
}

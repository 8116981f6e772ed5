/// What the chunks before the pixels of a PNG say of its colours.
///
/// In the order of the PNG specification: cICP counts before a profile, a profile before sRGB, and
/// that before gAMA and cHRM.
struct PNGChunks {
  private(set) var part = PicturePart()

  private static let longestWalk = 4096

  init(_ contents: FileContents) throws(DecodeFailure) {
    var gamma: Int?
    var primaries: ColorDescription.Primaries?
    var isStandard = false
    var offset = 8
    walk: for _ in 0..<Self.longestWalk {
      let head = ByteOrderedBytes(bytes: try contents.bytes(at: offset, count: 8))
      guard let length = head.number(at: 0, bytes: 4), let kind = head.number(at: 4, bytes: 4)
      else { break }
      func data(_ count: Int) throws(DecodeFailure) -> ByteOrderedBytes {
        ByteOrderedBytes(bytes: try contents.bytes(at: offset + 8, count: min(count, length)))
      }
      switch kind {
      case Self.code("IDAT"), Self.code("IEND"): break walk
      case Self.code("sRGB"), Self.code("iCCP"): isStandard = true
      case Self.code("cICP"):
        let bytes = try data(4).bytes
        guard bytes.count == 4 else { break }
        part.color = ColorDescription(
          primariesCode: Int(bytes[0]), transferCode: Int(bytes[1]))
        part.colorComesFirst = true
        break walk
      case Self.code("gAMA"): gamma = try data(4).number(at: 0, bytes: 4)
      case Self.code("cHRM"): primaries = Self.primaries(try data(32))
      default: break
      }
      offset += length + 12
    }
    guard !part.colorComesFirst, !isStandard else { return }
    part.color = Self.description(gamma, primaries)
  }

  private static func code(_ name: String) -> Int { name.utf8.reduce(0) { $0 << 8 | Int($1) } }

  /// - Parameter gamma: of the encoding, in 1/100,000.
  private static func description(
    _ gamma: Int?, _ primaries: ColorDescription.Primaries?
  ) -> ColorDescription? {
    guard gamma != nil || primaries != nil else { return nil }
    var description = ColorDescription(primaries: primaries ?? .bt709, transfer: .sRGB)
    // As libpng, which takes what is within 5 % for the same.
    if let gamma, gamma > 0, !(43_180...47_730).contains(gamma) {
      description.transfer = .gamma(min(max(100_000 / Double(gamma), 0.1), 10))
    }
    return description
  }

  private static func primaries(_ data: ByteOrderedBytes) -> ColorDescription.Primaries? {
    let values = (0..<8).compactMap { data.number(at: $0 * 4, bytes: 4) }
      .map { Double($0) / 100_000 }
    guard values.count == 8 else { return nil }
    let points = (0..<4).map { ColorDescription.Point(values[$0 * 2], values[$0 * 2 + 1]) }
    guard points.allSatisfy({ $0.y > 0.001 && $0.x >= 0 && $0.x + $0.y <= 1.001 }) else {
      return nil
    }
    return .init(white: points[0], red: points[1], green: points[2], blue: points[3])
  }
}

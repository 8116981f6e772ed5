/// The directories of a TIFF: which of them is the picture, and whether it is one at all.
///
/// The raw files of most cameras are TIFFs whose first page is a small preview.
struct TIFFFile {
  /// What a directory says of its picture.
  struct Directory: Equatable {
    var page: Int
    var subdirectory: Int?
    var isReduced = false
    var width = 0
    var height = 0
    var compression = 1
    var photometric = 1
    var samples = 1
    var bits = 1
    /// 1 whole numbers, 2 with sign, 3 floating point, 4 undefined, 5 and 6 complex.
    var sampleFormat = 1
    /// Kinds of the samples after the colours: 0 unspecified, 1 premultiplied alpha, 2 alpha.
    var extraSamples: [Int] = []
    var hasDNGVersion = false

    var pixels: Int { width.multipliedReportingOverflow(by: height).partialValue }
  }

  private static let mostDirectories = 512
  private static let mostEntries = 4096

  private(set) var directories: [Directory] = []
  private var isCanonRaw = false

  init(_ contents: FileContents) throws(DecodeFailure) {
    let head = try contents.bytes(at: 0, count: 16)
    isCanonRaw = head.dropFirst(8).starts(with: "CR".utf8)
    var reader = DirectoryReader(contents, head)
    guard var offset = reader.firstDirectory else { return }
    for page in 0..<Self.mostDirectories {
      guard let found = try reader.read(at: offset, Directory(page: page)) else { break }
      directories.append(found.directory)
      for (index, offset) in found.subdirectories.enumerated() {
        let part = Directory(page: page, subdirectory: index)
        guard directories.count < Self.mostDirectories,
          let found = try reader.read(at: offset, part)
        else { continue }
        directories.append(found.directory)
      }
      guard found.next != 0, directories.count < Self.mostDirectories else { break }
      offset = found.next
    }
  }

  /// What sensors record before it is made a picture: a mosaic of colours, or linear light.
  private static let rawPhotometrics = [32_803, 34_892]
  /// Of Nikon, Sony, Pentax, Samsung and Kodak.
  private static let rawCompressions = [34_713, 32_767, 65_535, 32_770, 65_000]

  /// The first picture of full size.
  ///
  /// - Throws: `unsupported-format` for a camera raw file.
  func picture() throws(DecodeFailure) -> PicturePart {
    let isRaw =
      isCanonRaw
      || directories.contains {
        $0.hasDNGVersion || Self.rawPhotometrics.contains($0.photometric)
          || Self.rawCompressions.contains($0.compression)
      }
    if isRaw {
      throw DecodeFailure(
        .unsupportedFormat,
        "it is a camera raw file, of which only a preview could be read, not the image",
        hint: "develop it into a JPEG, PNG or TIFF")
    }
    guard let directory = Self.chosen(directories) else { return PicturePart() }
    if let name = Self.unscaledSamples(directory) {
      throw DecodeFailure(
        .unsupportedFormat,
        "its samples are \(name) numbers; unsigned ones of up to 16 bits are read, and 32-bit "
          + "floating-point ones from 0 to 1",
        hint: "convert it to 8 or 16 bits")
    }
    var part = PicturePart()
    part.page = directory.page
    part.subdirectory = directory.subdirectory
    if directory.photometric <= 1, directory.samples > 2 {
      throw DecodeFailure(
        .unsupportedFormat,
        "it has \(directory.samples) samples per pixel and does not state their colours",
        hint: "convert it to RGB")
    }
    // libvips has divided by alpha already where colours were multiplied with it.
    part.alpha = Self.alpha(directory)
    return part
  }

  /// The first page that is no reduced copy, or the sub-directory of it that is larger; where all
  /// are copies, the largest.
  static func chosen(_ directories: [Directory]) -> Directory? {
    func largest(_ some: [Directory]) -> Directory? {
      // Of equal ones the first.
      some.reversed().max { $0.pixels < $1.pixels }
    }
    let whole = directories.filter { !$0.isReduced }
    guard let first = whole.first else { return largest(directories) }
    return largest(whole.filter { $0.page == first.page })
  }

  /// CIELab, whose colours have a sign.
  private static let labPhotometrics = [8, 9, 10]

  /// Samples whose black and white are unknown; `nil` for others.
  private static func unscaledSamples(_ directory: Directory) -> String? {
    let bits = directory.bits
    // Nonsense is left to libvips, which says that the file is damaged.
    guard bits <= 64 else { return nil }
    switch directory.sampleFormat {
    case 2 where !labPhotometrics.contains(directory.photometric): return "signed \(bits)-bit"
    // Of other floating-point numbers it is checked, as they are read, that they are from 0 to 1.
    case 3: return bits == 32 ? nil : "\(bits)-bit floating-point"
    case 5, 6: return "complex"
    default: return bits <= 16 ? nil : "\(bits)-bit"
    }
  }

  private static func alpha(_ directory: Directory) -> Int? {
    if let named = directory.extraSamples.firstIndex(where: { $0 == 1 || $0 == 2 }) {
      return named
    }
    // Some writers leave the kind out; unspecified samples, such as infrared, are no alpha.
    return directory.extraSamples.isEmpty ? 0 : nil
  }

  /// Reads directories in either byte order, of classic and of big files.
  private struct DirectoryReader {
    let contents: FileContents
    let isLittleEndian: Bool
    let isBig: Bool
    private(set) var firstDirectory: Int?
    private var seen: Set<Int> = []

    init(_ contents: FileContents, _ head: [UInt8]) {
      self.contents = contents
      isLittleEndian = head.first == 0x49
      let bytes = ByteOrderedBytes(bytes: head, isLittleEndian: isLittleEndian)
      isBig = bytes.number(at: 2, bytes: 2) == 43
      firstDirectory = isBig ? bytes.number(at: 8, bytes: 8) : bytes.number(at: 4, bytes: 4)
    }

    typealias Found = (directory: Directory, subdirectories: [Int], next: Int)

    mutating func read(at offset: Int, _ start: Directory) throws(DecodeFailure) -> Found? {
      guard seen.insert(offset).inserted else { return nil }
      let (countWidth, entryWidth, offsetWidth) = isBig ? (8, 20, 8) : (2, 12, 4)
      let counted = try bytes(at: offset, count: countWidth).number(at: 0, bytes: countWidth)
      guard let count = counted, count > 0, count <= TIFFFile.mostEntries else { return nil }
      let table = try bytes(at: offset + countWidth, count: count * entryWidth + offsetWidth)
      var found: Found = (start, [], 0)
      for index in 0..<count {
        let at = index * entryWidth
        guard let tag = table.number(at: at, bytes: 2), TIFFFile.tags.contains(tag) else {
          continue
        }
        set(tag, try values(table, at: at), in: &found)
      }
      found.next = table.number(at: count * entryWidth, bytes: offsetWidth) ?? 0
      return found
    }

    private func bytes(at offset: Int, count: Int) throws(DecodeFailure) -> ByteOrderedBytes {
      ByteOrderedBytes(
        bytes: try contents.bytes(at: offset, count: count), isLittleEndian: isLittleEndian)
    }

    private static let widths = [1: 1, 3: 2, 4: 4, 6: 1, 8: 2, 9: 4, 13: 4, 16: 8, 18: 8]

    /// The whole numbers of an entry, at most a few.
    private func values(_ table: ByteOrderedBytes, at offset: Int) throws(DecodeFailure) -> [Int] {
      let offsetWidth = isBig ? 8 : 4
      guard let kind = table.number(at: offset + 2, bytes: 2), let width = Self.widths[kind],
        let count = table.number(at: offset + 4, bytes: offsetWidth), count > 0
      else { return [] }
      let (wanted, place) = (min(count, 64), offset + 4 + offsetWidth)
      if count <= offsetWidth / width {
        return (0..<count).compactMap { table.number(at: place + $0 * width, bytes: width) }
      }
      guard let start = table.number(at: place, bytes: offsetWidth) else { return [] }
      let data = try bytes(at: start, count: wanted * width)
      return (0..<wanted).compactMap { data.number(at: $0 * width, bytes: width) }
    }

    private func set(_ tag: Int, _ values: [Int], in found: inout Found) {
      guard let value = values.first else { return }
      switch tag {
      // A reduced copy, or the mask of another page.
      case 254: found.directory.isReduced = value & 5 != 0
      case 255: found.directory.isReduced = found.directory.isReduced || value == 2
      case 277: found.directory.samples = value
      case 256: found.directory.width = value
      case 257: found.directory.height = value
      case 259: found.directory.compression = value
      case 262: found.directory.photometric = value
      case 258: found.directory.bits = values.max() ?? value
      case 339: found.directory.sampleFormat = value
      case 330: found.subdirectories = values
      case 338: found.directory.extraSamples = values
      default: found.directory.hasDNGVersion = true
      }
    }
  }

  private static let tags = [254, 255, 256, 257, 258, 259, 262, 277, 330, 338, 339, 50_706]
}

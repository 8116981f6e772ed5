/// What the boxes of an HEIF or AVIF file say of its primary picture.
///
/// ISO/IEC 14496-12 (boxes), 23008-12 (items and their properties), 23000-22 (premultiplied alpha).
struct HEIFItems {
  private(set) var part = PicturePart()

  private struct Box {
    var kind: String
    /// Where its content lies.
    var range: Range<Int>
  }

  private static let longestMeta = 16 << 20
  private static let mostBoxes = 10_000

  private let meta: ByteOrderedBytes

  init(_ contents: FileContents) throws(DecodeFailure) {
    meta = ByteOrderedBytes(bytes: try Self.meta(contents))
    let boxes = boxes(in: 4..<max(4, meta.bytes.count))
    guard let primary = boxes.first(where: { $0.kind == "pitm" }).flatMap(primaryItem) else {
      return
    }
    let references = boxes.first { $0.kind == "iref" }.map(references) ?? []
    part.isPremultiplied = references.contains { $0.kind == "prem" && $0.from == primary }
    let tile = references.first { $0.kind == "dimg" && $0.from == primary }?.to
    let properties = boxes.first { $0.kind == "iprp" }.map(properties) ?? [:]
    part.color = properties[primary] ?? tile.flatMap { properties[$0] }
  }

  /// Whether the first bytes are those of a file type box that names a picture: the major brand
  /// need not, one of those it is compatible with does.
  static func isPicture(_ head: [UInt8]) -> Bool {
    let bytes = ByteOrderedBytes(bytes: head)
    guard head.dropFirst(4).starts(with: "ftyp".utf8), let size = bytes.number(at: 0, bytes: 4)
    else { return false }
    let offsets = [8] + stride(from: 16, to: min(size, head.count) - 3, by: 4)
    return offsets.contains { offset in
      brands.contains { head.dropFirst(offset).starts(with: $0.utf8) }
    }
  }

  private static let brands = [
    "heic", "heix", "hevc", "hevx", "heim", "heis", "hevm", "hevs", "mif1", "mif2", "msf1",
    "miaf", "MiHE", "MiHB", "avif", "avis", "avio", "MA1A", "MA1B",
  ]

  // MARK: - Boxes

  /// The content of the box `meta`, empty when there is none.
  private static func meta(_ contents: FileContents) throws(DecodeFailure) -> [UInt8] {
    var offset = 0
    for _ in 0..<64 {
      let head = ByteOrderedBytes(bytes: try contents.bytes(at: offset, count: 16))
      guard let short = head.number(at: 0, bytes: 4), head.bytes.count >= 8 else { return [] }
      let isLong = short == 1
      let size = isLong ? head.number(at: 8, bytes: 8) ?? 0 : short == 0 ? Int.max : short
      let start = isLong ? 16 : 8
      if head.bytes[4..<8].elementsEqual("meta".utf8) {
        return try contents.bytes(at: offset + start, count: min(size, longestMeta) - start)
      }
      guard size >= start, case let (next, overflow) = offset.addingReportingOverflow(size),
        !overflow
      else { return [] }
      offset = next
    }
    return []
  }

  private func boxes(in range: Range<Int>) -> [Box] {
    var boxes: [Box] = []
    var offset = range.lowerBound
    while offset + 8 <= range.upperBound, boxes.count < Self.mostBoxes,
      let short = meta.number(at: offset, bytes: 4)
    {
      let isLong = short == 1
      let rest = range.upperBound - offset
      let size = isLong ? meta.number(at: offset + 8, bytes: 8) ?? 0 : short == 0 ? rest : short
      let start = isLong ? 16 : 8
      guard size >= start, size <= rest else { break }
      let kind = String(decoding: meta.bytes[(offset + 4)..<(offset + 8)], as: UTF8.self)
      boxes.append(Box(kind: kind, range: (offset + start)..<(offset + size)))
      offset += size
    }
    return boxes
  }

  private func primaryItem(_ box: Box) -> Int? {
    let version = meta.number(at: box.range.lowerBound, bytes: 1)
    return meta.number(at: box.range.lowerBound + 4, bytes: version == 0 ? 2 : 4)
  }

  private func references(_ box: Box) -> [(kind: String, from: Int, to: Int)] {
    let version = meta.number(at: box.range.lowerBound, bytes: 1)
    let width = version == 0 ? 2 : 4
    return boxes(in: min(box.range.lowerBound + 4, box.range.upperBound)..<box.range.upperBound)
      .compactMap { reference in
        let start = reference.range.lowerBound
        guard let from = meta.number(at: start, bytes: width),
          let to = meta.number(at: start + width + 2, bytes: width)
        else { return nil }
        return (reference.kind, from, to)
      }
  }

  // MARK: - Properties

  /// The colours of items, by their numbers.
  private func properties(_ box: Box) -> [Int: ColorDescription] {
    let parts = boxes(in: box.range)
    guard let container = parts.first(where: { $0.kind == "ipco" }) else { return [:] }
    let colors = boxes(in: container.range).map { $0.kind == "colr" ? color($0) : nil }
    var found: [Int: ColorDescription] = [:]
    for association in parts where association.kind == "ipma" {
      associate(association) { item, index in
        guard colors.indices.contains(index - 1), let color = colors[index - 1] else { return }
        found[item] = found[item] ?? color
      }
    }
    return found
  }

  private func color(_ box: Box) -> ColorDescription? {
    let start = box.range.lowerBound
    guard box.range.count >= 10, meta.bytes[start..<(start + 4)].elementsEqual("nclx".utf8),
      let primaries = meta.number(at: start + 4, bytes: 2),
      let transfer = meta.number(at: start + 6, bytes: 2)
    else { return nil }
    return ColorDescription(primariesCode: primaries, transferCode: transfer)
  }

  /// Calls `body` with each item and the one-based index of each of its properties.
  private func associate(_ box: Box, _ body: (Int, Int) -> Void) {
    guard let version = meta.number(at: box.range.lowerBound, bytes: 1),
      let flags = meta.number(at: box.range.lowerBound + 1, bytes: 3),
      let count = meta.number(at: box.range.lowerBound + 4, bytes: 4)
    else { return }
    let itemWidth = version == 0 ? 2 : 4
    let indexWidth = flags & 1 == 0 ? 1 : 2
    let mask = flags & 1 == 0 ? 0x7F : 0x7FFF
    var offset = box.range.lowerBound + 8
    for _ in 0..<min(count, Self.mostBoxes) {
      guard offset < box.range.upperBound, let item = meta.number(at: offset, bytes: itemWidth),
        let links = meta.number(at: offset + itemWidth, bytes: 1)
      else { return }
      offset += itemWidth + 1
      for _ in 0..<links {
        guard let index = meta.number(at: offset, bytes: indexWidth) else { return }
        body(item, index & mask)
        offset += indexWidth
      }
    }
  }
}

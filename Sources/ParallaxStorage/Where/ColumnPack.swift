private import ParallaxDigest
internal import ParallaxSystem

/// A column as bytes that lie in a workspace as they lie in memory, low bytes first, so that reading one
/// copies them once.
///
/// Eight numbers of 64 bits (the format, the shape, and how many there are of what follows), then the bits
/// of the known cells, the owners, the numbers or ends of texts, and last the codes and bytes of texts, each part
/// filled up to 8 bytes.
enum ColumnPack {
  private static let format: Int64 = 1
  /// A pack of what ``WhereColumnCache/byteLimit`` allows, with its header and what fills up its parts.
  static let byteLimit = WhereColumnCache.byteLimit + 1_024

  private enum Shape: Int64 {
    case integers, reals, texts, codedTexts
  }

  /// How many values each part has.
  private struct Counts {
    var known = 0
    /// -1 for none.
    var owners = -1
    /// Numbers, or ends of texts.
    var numbers = 0
    var codes = 0
    var bytes = 0

    var all: [Int64] { [known, owners, numbers, codes, bytes].map(Int64.init) }
  }

  static func packed(_ column: WhereColumn) -> [UInt8] {
    var counts = Counts()
    counts.known = column.known.count
    counts.owners = column.owners?.count ?? -1
    let shape: Shape
    var parts: [UnsafeRawBufferPointer] = []
    switch column.cells {
    case .integers(let values):
      (shape, counts.numbers) = (.integers, values.count)
      parts = [values.bytes]
    case .reals(let values):
      (shape, counts.numbers) = (.reals, values.count)
      parts = [values.bytes]
    case .texts(let texts):
      (shape, counts.numbers) = (texts.codes == nil ? .texts : .codedTexts, texts.ends.count)
      (counts.codes, counts.bytes) = (texts.codes?.count ?? 0, texts.bytes.count)
      parts = [texts.ends.bytes] + (texts.codes.map { [$0.bytes] } ?? []) + [texts.bytes.bytes]
    }
    var packed: [UInt8] = []
    func append(_ part: UnsafeRawBufferPointer) {
      packed += part
      while packed.count % 8 != 0 { packed.append(0) }
    }
    ([format, shape.rawValue] + counts.all + [0]).withUnsafeBytes(append)
    column.known.withUnsafeBytes(append)
    (column.owners ?? []).withUnsafeBytes(append)
    withExtendedLifetime(column) { parts.forEach(append) }
    return packed
  }

  /// The column that was packed.
  ///
  /// - Parameters:
  ///   - memory: begins with the bytes.
  ///   - count: how many bytes there are.
  /// - Returns: `nil` for what ``packed(_:)`` does not write.
  static func column(in memory: LargeMemory, count: Int) -> WhereColumn? {
    var parts = Parts(memory: memory, count: count)
    guard count % 8 == 0, let header = parts.next(8, of: Int64.self), header[0] == format,
      let shape = Shape(rawValue: header[1]), let known = parts.next(header[2], of: UInt64.self),
      let owners = parts.next(max(header[3], 0), of: Int.self)
    else { return nil }
    let cells: WhereColumn.Cells
    let cellCount: Int
    switch shape {
    case .integers:
      guard let values = parts.next(header[4], of: Int64.self) else { return nil }
      (cells, cellCount) = (.integers(values), values.count)
    case .reals:
      guard let values = parts.next(header[4], of: Double.self) else { return nil }
      (cells, cellCount) = (.reals(values), values.count)
    case .texts, .codedTexts:
      guard let ends = parts.next(header[4], of: Int.self),
        let codes = parts.next(header[5], of: UInt16.self),
        let bytes = parts.next(header[6], of: UInt8.self)
      else { return nil }
      let texts = TextCells(
        codes: shape == .texts ? nil : codes, bytes: bytes, ends: ends)
      guard texts.isSound else { return nil }
      (cells, cellCount) = (.texts(texts), texts.count)
    }
    guard parts.isAtEnd, known.isEmpty || known.count == (cellCount + 63) / 64,
      header[3] < 0 || owners.count == cellCount
    else { return nil }
    return WhereColumn(
      cells: cells, known: Array(known), owners: header[3] < 0 ? nil : Array(owners))
  }

  static func checksum(_ bytes: UnsafeRawBufferPointer) -> Int64 {
    Int64(bitPattern: Digest.checksum(bytes))
  }

  private struct Parts {
    let memory: LargeMemory
    let count: Int
    private var offset = 0

    init(memory: LargeMemory, count: Int) { (self.memory, self.count) = (memory, count) }

    var isAtEnd: Bool { offset == count }

    mutating func next<Element>(
      _ wanted: Int64, of: Element.Type
    ) -> CellArray<Element>? {
      let stride = MemoryLayout<Element>.stride
      guard wanted >= 0, wanted <= (count - offset) / stride else { return nil }
      defer { offset = min(count, (offset + Int(wanted) * stride + 7) & ~7) }
      return CellArray(memory, from: offset, count: Int(wanted))
    }
  }
}

extension TextCells {
  /// Whether every cell lies within the bytes.
  fileprivate var isSound: Bool {
    let (limit, places) = (bytes.count, ends.count)
    return ends.withCells { ends in
      var last = 0
      for end in ends {
        guard end >= last else { return false }
        last = end
      }
      return last <= limit
    } && (codes?.withCells { codes in (codes.max() ?? 0) < max(places, 1) } ?? true)
      && (codes.map { $0.isEmpty || places > 0 } ?? true)
  }
}

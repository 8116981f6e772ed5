private import ParallaxDigest

/// Texts one behind the other; where they repeat, each once, with a number for every cell.
struct TextCells: Sendable {
  /// Which text a cell holds; `nil` where each has one of its own.
  let codes: CellArray<UInt16>?
  let bytes: CellArray<UInt8>
  /// Where each text ends.
  let ends: CellArray<Int>

  init(codes: CellArray<UInt16>? = nil, bytes: CellArray<UInt8>, ends: CellArray<Int>) {
    (self.codes, self.bytes, self.ends) = (codes, bytes, ends)
  }

  init(_ text: String) {
    let bytes = Array(text.utf8)
    self.init(bytes: CellArray(bytes), ends: CellArray([bytes.count]))
  }

  var count: Int { codes?.count ?? ends.count }

  var byteCount: Int {
    bytes.bytes.count + ends.bytes.count + (codes?.bytes.count ?? 0)
  }

  /// The different texts, as cells of their own.
  var values: TextCells { TextCells(bytes: bytes, ends: ends) }

  /// Calls `body` with a function that gives the bytes of a cell.
  @inline(__always)
  func withCells<Result>(
    _ body: ((Int) -> UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try bytes.withCells { bytes in
      try ends.withCells { ends in
        @inline(__always)
        func text(_ place: Int) -> UnsafeBufferPointer<UInt8> {
          let start = place == 0 ? 0 : ends[place - 1]
          return UnsafeBufferPointer(
            start: bytes.baseAddress.map { $0 + start }, count: ends[place] - start)
        }
        guard let codes else { return try body(text) }
        return try codes.withCells { codes in try body { text(Int(codes[$0])) } }
      }
    }
  }

  /// Those at some positions.
  func gathered(_ positions: [Int]) -> TextCells {
    if let codes {
      return TextCells(
        codes: CellArray(positions.map { codes[$0] }), bytes: bytes, ends: ends)
    }
    return withCells { cell in
      var builder = TextCellsBuilder()
      for position in positions { builder.append(cell(position)) }
      return builder.cells
    }
  }
}

/// Takes texts one after another.
struct TextCellsBuilder {
  /// Beyond so many different texts each cell keeps its own.
  private static let distinctLimit = 1 << 16

  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var codes: [UInt16] = []
  /// Places of texts by their checksums, -1 for none; empty once cells keep their own.
  private var slots = [Int32](repeating: -1, count: 64)

  private(set) var count = 0

  var cells: TextCells {
    TextCells(
      codes: slots.isEmpty ? nil : CellArray(codes), bytes: CellArray(bytes), ends: CellArray(ends))
  }

  /// Leaves the cells before `position` that have not come empty.
  mutating func skip(to position: Int) {
    while count < position { append(UnsafeBufferPointer(start: nil, count: 0)) }
  }

  mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
    count += 1
    if !slots.isEmpty {
      let slot = slot(of: text)
      if slots[slot] >= 0 { return codes.append(UInt16(slots[slot])) }
      if ends.count < Self.distinctLimit {
        slots[slot] = Int32(ends.count)
        codes.append(UInt16(ends.count))
        add(text)
        if ends.count * 2 > slots.count { grow() }
        return
      }
      keepEach()
    }
    add(text)
  }

  private mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
  }

  /// Where a text is, or belongs.
  private func slot(of text: UnsafeBufferPointer<UInt8>) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: Digest.checksum(UnsafeRawBufferPointer(text))) & mask
    while slots[slot] >= 0 {
      let place = Int(slots[slot])
      let start = place == 0 ? 0 : ends[place - 1]
      let isEqual = bytes[start..<ends[place]].withUnsafeBufferPointer {
        WhereComparison.areEqual($0, text)
      }
      if isEqual { return slot }
      slot = (slot + 1) & mask
    }
    return slot
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    var start = 0
    for (place, end) in ends.enumerated() {
      let slot = bytes[start..<end].withUnsafeBufferPointer { self.slot(of: $0) }
      slots[slot] = Int32(place)
      start = end
    }
  }

  /// Goes over to cells with texts of their own.
  private mutating func keepEach() {
    let (texts, ends) = (bytes, self.ends)
    (bytes, self.ends, slots) = ([], [], [])
    for code in codes {
      let place = Int(code)
      bytes += texts[(place == 0 ? 0 : ends[place - 1])..<ends[place]]
      self.ends.append(bytes.count)
    }
    codes = []
  }
}

internal import ParallaxCore

/// The values of a field as they are compared: one cell an item, or of a list one cell an element.
struct WhereColumn: Sendable {
  enum Cells: Sendable {
    /// Whole numbers, and true and false as 1 and 0.
    case integers([Int64])
    case reals([Double])
    /// Texts and dates.
    case texts(TextCells)
  }

  var cells: Cells
  /// A bit for each cell that has a value; another cell means nothing.
  var known: [UInt64]
  /// Of a list, the position of the item that each cell belongs to, ascending.
  var owners: [Int]?

  /// An estimate of the memory it takes.
  var byteCount: Int {
    let cells =
      switch cells {
      case .integers(let values): values.count * 8
      case .reals(let values): values.count * 8
      case .texts(let texts): texts.bytes.count + texts.ends.count * 8
      }
    return cells + known.count * 8 + (owners?.count ?? 0) * 8
  }
}

/// Texts one behind the other.
struct TextCells: Sendable {
  fileprivate(set) var bytes: [UInt8] = []
  /// Where each ends.
  fileprivate(set) var ends: [Int] = []

  init() {}

  init(_ text: String) {
    bytes = Array(text.utf8)
    ends = [bytes.count]
  }

  /// Leaves the cells before `position` that have not come empty.
  fileprivate mutating func skip(to position: Int) {
    while ends.count < position { ends.append(bytes.count) }
  }

  /// Calls `body` with a function that gives the bytes of a cell.
  @inline(__always)
  func withCells<Result>(
    _ body: ((Int) -> UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try bytes.withUnsafeBufferPointer { bytes in
      try ends.withUnsafeBufferPointer { ends in
        try body { cell in
          UnsafeBufferPointer(rebasing: bytes[(cell == 0 ? 0 : ends[cell - 1])..<ends[cell]])
        }
      }
    }
  }
}

extension WhereColumn {
  /// Reads a field of lists from rows of two columns, the item and one of its values, in ascending
  /// order of item.
  ///
  /// - Throws: as the other.
  init(
    readingLists statement: borrowing Statement, of items: [Int64], kind: ValueKind, field: String
  ) throws {
    var owners: [Int] = []
    var integers: [Int64] = []
    var reals: [Double] = []
    var texts = TextCells()
    var places = [UInt64](repeating: 0, count: (items.count + 63) / 64)
    try Self.forEachValue(in: statement, of: items, field: field, marking: &places) {
      switch (kind, $1.kind(1)) {
      case (.boolean, .integer), (.integer, .integer): integers.append($1.integer(1))
      case (.real, .real), (.real, .integer): reals.append($1.real(1))
      case (.date, .text), (.text, .text):
        $1.withText(1) { texts.bytes += $0 }
        texts.ends.append(texts.bytes.count)
      default: return false
      }
      owners.append($0)
      return true
    }
    switch kind {
    case .boolean, .integer: cells = .integers(integers)
    case .real: cells = .reals(reals)
    case .date, .text: cells = .texts(texts)
    }
    known = WhereVerdict.everything(owners.count)
    self.owners = owners
  }

  /// The cells of a field of one value an item, repeated for the elements of a list.
  func repeated(for owners: [Int]) -> WhereColumn {
    var bits = [UInt64](repeating: 0, count: (owners.count + 63) / 64)
    for (position, owner) in owners.enumerated()
    where known[owner >> 6] & 1 << UInt64(owner & 63) != 0 {
      bits[position >> 6] |= 1 << UInt64(position & 63)
    }
    let cells: Cells =
      switch cells {
      case .integers(let values): .integers(owners.map { values[$0] })
      case .reals(let values): .reals(owners.map { values[$0] })
      case .texts(let texts):
        .texts(
          texts.withCells { cell in
            owners.reduce(into: TextCells()) { result, owner in
              result.bytes += cell(owner)
              result.ends.append(result.bytes.count)
            }
          })
      }
    return WhereColumn(cells: cells, known: bits)
  }

  /// Of some positions the cells, in the order of these.
  func gathered(_ positions: [Int]) -> WhereColumn {
    guard let owners else { return repeated(for: positions) }
    var cells: [Int: [Int]] = [:]
    for (cell, owner) in owners.enumerated() { cells[owner, default: []].append(cell) }
    let chosen = positions.enumerated().flatMap { place, position in
      (cells[position] ?? []).map { (cell: $0, owner: place) }
    }
    var elements = self
    elements.owners = nil
    var column = elements.repeated(for: chosen.map(\.cell))
    column.owners = chosen.map(\.owner)
    return column
  }

  /// A column of values; one of another kind is missing.
  init(_ values: [Value], _ kind: ValueKind) {
    known = [UInt64](repeating: 0, count: (values.count + 63) / 64)
    for (place, value) in values.enumerated() where value.comparable(as: kind) {
      known[place >> 6] |= 1 << UInt64(place & 63)
    }
    switch kind {
    case .boolean, .integer:
      cells = .integers(
        values.map { value in
          switch value {
          case .integer(let number): number
          case .boolean(let holds): holds ? 1 : 0
          default: 0
          }
        })
    case .real:
      cells = .reals(
        values.map { value in
          switch value {
          case .real(let number): number
          case .integer(let number): Double(number)
          default: 0
          }
        })
    case .date, .text:
      var texts = TextCells()
      for value in values {
        if case .text(let text) = value { texts.bytes += Array(text.utf8) }
        texts.ends.append(texts.bytes.count)
      }
      cells = .texts(texts)
    }
  }

  /// Reads a field from rows of two columns, the item and its value, in ascending order of item.
  ///
  /// - Parameter items: the keys of a collection's items, ascending; other rows are skipped.
  /// - Throws: `damaged-data` for a value of another kind than the field's; `CancellationError`.
  init(
    reading statement: borrowing Statement, of items: [Int64], kind: ValueKind, field: String
  ) throws {
    known = [UInt64](repeating: 0, count: (items.count + 63) / 64)
    switch kind {
    case .boolean, .integer:
      var values = [Int64](repeating: 0, count: items.count)
      try Self.forEachValue(in: statement, of: items, field: field, marking: &known) {
        guard $1.kind(1) == .integer else { return false }
        values[$0] = $1.integer(1)
        return true
      }
      cells = .integers(values)
    case .real:
      var values = [Double](repeating: 0, count: items.count)
      try Self.forEachValue(in: statement, of: items, field: field, marking: &known) {
        guard [.real, .integer].contains($1.kind(1)) else { return false }
        values[$0] = $1.real(1)
        return true
      }
      cells = .reals(values)
    case .date, .text:
      var texts = TextCells()
      texts.ends.reserveCapacity(items.count)
      try Self.forEachValue(in: statement, of: items, field: field, marking: &known) {
        guard $1.kind(1) == .text else { return false }
        texts.skip(to: $0)
        $1.withText(1) { texts.bytes += $0 }
        texts.ends.append(texts.bytes.count)
        return true
      }
      texts.skip(to: items.count)
      cells = .texts(texts)
    }
  }

  /// - Parameter take: takes the value of the item at a position; `false` when it is of another kind.
  @inline(__always)
  private static func forEachValue(
    in statement: borrowing Statement, of items: [Int64], field: String,
    marking known: inout [UInt64], _ take: (Int, borrowing Statement) -> Bool
  ) throws {
    var position = 0
    while try statement.step() {
      let item = statement.integer(0)
      while position < items.count, items[position] < item { position += 1 }
      guard position < items.count else { return }
      guard items[position] == item, statement.kind(1) != .null else { continue }
      guard take(position, statement) else {
        throw ParallaxError(
          .damagedData, "the field '\(field)' holds a value that is not of its kind",
          hint: "ingest its table again, or restore the workspace from a copy")
      }
      known[position >> 6] |= 1 << UInt64(position & 63)
    }
  }
}

extension Value {
  /// Whether a column of a kind holds it.
  fileprivate func comparable(as kind: ValueKind) -> Bool {
    switch (kind, self) {
    case (.boolean, .boolean), (.integer, .integer), (.real, .real), (.real, .integer),
      (.text, .text), (.date, .text):
      true
    default: false
    }
  }
}

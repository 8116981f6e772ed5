internal import ParallaxCore

/// The values of a field as they are compared: one cell an item, or of a list one cell an element.
struct WhereColumn: Sendable {
  enum Cells: Sendable {
    /// Whole numbers, and true and false as 1 and 0.
    case integers(CellArray<Int64>)
    case reals(CellArray<Double>)
    /// Texts and dates.
    case texts(TextCells)
  }

  var cells: Cells
  /// A bit for each cell that has a value; another cell means nothing.
  var known: [UInt64]
  /// Of a list, the position of the item that each cell belongs to, ascending.
  var owners: [Int]?

  /// How many cells there are.
  var count: Int {
    switch cells {
    case .integers(let values): values.count
    case .reals(let values): values.count
    case .texts(let texts): texts.count
    }
  }

  /// An estimate of the memory it takes.
  var byteCount: Int {
    let cells =
      switch cells {
      case .integers(let values): values.bytes.count
      case .reals(let values): values.bytes.count
      case .texts(let texts): texts.byteCount
      }
    return cells + known.count * 8 + (owners?.count ?? 0) * 8
  }
}

extension WhereColumn {
  /// Reads a field of lists from rows of two columns, the item and one of its values, in ascending
  /// order of item.
  ///
  /// - Throws: as the other.
  init(
    readingLists statement: borrowing Statement, of items: ItemKeys, kind: ValueKind, field: String
  ) throws {
    var owners: [Int] = []
    var integers: [Int64] = []
    var reals: [Double] = []
    var texts = TextCellsBuilder()
    var places = [UInt64](repeating: 0, count: (items.count + 63) / 64)
    try Self.forEachValue(in: statement, of: items, field: field, marking: &places) {
      switch (kind, $1.kind(1)) {
      case (.boolean, .integer), (.integer, .integer): integers.append($1.integer(1))
      case (.real, .real), (.real, .integer): reals.append($1.real(1))
      case (.date, .text), (.text, .text):
        $1.withText(1) { texts.append($0) }
      default: return false
      }
      owners.append($0)
      return true
    }
    switch kind {
    case .boolean, .integer: cells = .integers(CellArray(integers))
    case .real: cells = .reals(CellArray(reals))
    case .date, .text: cells = .texts(texts.cells)
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
      case .integers(let values): .integers(CellArray(owners.map { values[$0] }))
      case .reals(let values): .reals(CellArray(owners.map { values[$0] }))
      case .texts(let texts): .texts(texts.gathered(owners))
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

  /// A column of values, of lists where one of them is; what is of another kind is missing.
  init(_ values: [Value], _ kind: ValueKind) {
    let typed = values.map(\.typed)
    guard typed.contains(where: { if case .list = $0 { true } else { false } }) else {
      self.init(plain: typed, kind)
      return
    }
    let elements = typed.enumerated().flatMap { place, value in
      if case .list(let elements) = value { elements.map { (place, $0) } } else { [(place, value)] }
    }.filter { $0.1.comparable(as: kind) }
    self.init(plain: elements.map(\.1), kind)
    owners = elements.map(\.0)
  }

  private init(plain values: [Value], _ kind: ValueKind) {
    known = [UInt64](repeating: 0, count: (values.count + 63) / 64)
    for (place, value) in values.enumerated() where value.comparable(as: kind) {
      known[place >> 6] |= 1 << UInt64(place & 63)
    }
    switch kind {
    case .boolean, .integer:
      cells = .integers(
        CellArray(
          values.map { value in
            switch value {
            case .integer(let number): number
            case .boolean(let holds): holds ? 1 : 0
            default: 0
            }
          }))
    case .real:
      cells = .reals(
        CellArray(
          values.map { value in
            switch value {
            case .real(let number): number
            case .integer(let number): Double(number)
            default: 0
            }
          }))
    case .date, .text:
      var texts = TextCellsBuilder()
      for value in values {
        var text = ""
        switch value {
        case .text(let given), .date(let given): text = given
        default: break
        }
        text.withUTF8 { texts.append($0) }
      }
      cells = .texts(texts.cells)
    }
  }

  /// Reads a field from rows of two columns, the item and its value, in ascending order of item.
  ///
  /// - Parameter items: other rows are skipped.
  /// - Throws: `damaged-data` for a value of another kind than the field's; `CancellationError`.
  init(
    reading statement: borrowing Statement, of items: ItemKeys, kind: ValueKind, field: String
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
      cells = .integers(CellArray(values))
    case .real:
      var values = [Double](repeating: 0, count: items.count)
      try Self.forEachValue(in: statement, of: items, field: field, marking: &known) {
        guard [.real, .integer].contains($1.kind(1)) else { return false }
        values[$0] = $1.real(1)
        return true
      }
      cells = .reals(CellArray(values))
    case .date, .text:
      var texts = TextCellsBuilder()
      try Self.forEachValue(in: statement, of: items, field: field, marking: &known) {
        guard $1.kind(1) == .text else { return false }
        texts.skip(to: $0)
        $1.withText(1) { texts.append($0) }
        return true
      }
      texts.skip(to: items.count)
      cells = .texts(texts.cells)
    }
  }

  /// - Parameter take: takes the value of the item at a position; `false` when it is of another kind.
  @inline(__always)
  private static func forEachValue(
    in statement: borrowing Statement, of items: ItemKeys, field: String,
    marking known: inout [UInt64], _ take: (Int, borrowing Statement) -> Bool
  ) throws {
    while try statement.step() {
      guard let position = items.position(of: statement.integer(0)), statement.kind(1) != .null
      else { continue }
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
      (.text, .text), (.date, .date):
      true
    default: false
    }
  }
}

internal import ParallaxCore
internal import ParallaxSearch
internal import ParallaxStorage

/// The items of a space that can be asked for what they are, with the fields that are asked for.
struct KnownCases: Sendable {
  /// A field by row of the space.
  struct Field: Sendable {
    enum Values: Sendable {
      /// Places among names; `nil` where nothing is known.
      case categories([Int?], names: [Value])
      /// Dates are seconds since 1970.
      case numbers([Double?])
    }

    let name: String
    let kind: ValueKind
    let values: Values
    /// As they are stored.
    let typed: [Value]

    var isOfDates: Bool { kind == .date }
  }

  let entry: SearchableSpace
  /// Rows that are cases: those that a condition lets through, and that have a direction.
  let allowed: RowSet
  let fields: [Field]
  /// Items that a condition lets through and that have no vector.
  let withoutVector: Int
  /// By row, what has the same bytes has the same number.
  private let contents: [Int]
  /// By content, how many cases have it.
  private let copies: [Int]

  /// - Throws: `unknown-field`, `unsupported`, `type-mismatch` about `field` and `where`.
  init(_ request: SuggestRequest, _ entry: SearchableSpace, in workspace: Workspace) throws {
    let loaded = entry.loaded
    let table = try workspace.fieldColumns(
      request.fields, of: loaded.space.collection, option: "field")
    var places = [Int?](repeating: nil, count: loaded.items.count)
    for (place, item) in table.items.enumerated() {
      if let row = loaded.row(of: item) { places[row] = place }
    }
    let matching = try request.condition.map { condition in
      try condition.attributed {
        try workspace.rows(in: loaded.space.collection, matching: condition)
      }
    }
    let wanted = Set(matching ?? table.items)
    let rows = loaded.items.indices.filter { row in
      places[row] != nil && wanted.contains(loaded.items[row])
        && Vector.length(loaded.matrix.row(row)) > 0
    }
    var numbers: [ContentHash: Int] = [:]
    var contents: [Int] = []
    for place in places {
      // An item that went since the space was read is no case.
      guard let hash = place.map({ table.hashes[$0] }) else {
        contents.append(-1)
        continue
      }
      let number = numbers[hash] ?? numbers.count
      numbers[hash] = number
      contents.append(number)
    }
    var copies = [Int](repeating: 0, count: numbers.count)
    for row in rows { copies[contents[row]] += 1 }
    self.entry = entry
    self.contents = contents
    self.copies = copies
    allowed = RowSet(capacity: loaded.items.count, rows: rows)
    fields = table.columns.map { column in
      Field(column, places.map { $0.map { column.values[$0] } ?? .null })
    }
    withoutVector = wanted.count { loaded.row(of: $0) == nil }
  }

  var rows: [Int] { entry.loaded.items.indices.filter(allowed.contains) }

  /// Cases with the bytes of a row's item, itself among them.
  func copies(of row: Int) -> Int { copies[contents[row]] }

  func areCopies(_ one: Int, _ other: Int) -> Bool { contents[one] == contents[other] }
}

extension KnownCases.Field {
  init(_ column: FieldColumns.Column, _ values: [Value]) {
    name = column.name
    kind = column.kind
    typed = values
    switch column.kind {
    case .text, .boolean:
      let names = Set(values.filter { $0 != .null }).sorted {
        $0.plainText.utf8.lexicographicallyPrecedes($1.plainText.utf8)
      }
      let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
      self.values = .categories(values.map { places[$0] }, names: names)
    case .integer, .real, .date: self.values = .numbers(values.map(Self.number))
    }
  }

  private static func number(_ value: Value) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .real(let number): number
    case .date(let text): CalendarDate(text).map { Double($0.secondsSince1970) }
    default: nil
    }
  }

  /// Whether something is known of a row.
  func isKnown(_ row: Int) -> Bool { typed[row] != .null }
}

internal import ParallaxCore

/// Which kind of column holds all the values of a column of a table.
struct ParquetKinds {
  private(set) var kinds: [ParquetColumn.Kind]
  /// Columns that are written as texts, though their kind is another, and a value that is why.
  private var odd: [Int: String] = [:]
  private let columns: [Table.Column]

  init(_ columns: [Table.Column]) {
    self.columns = columns
    kinds = columns.map {
      switch $0.kind {
      case .boolean: .boolean
      case .integer: .integer
      case .real: .real
      case .date: .day
      case .text: .text
      }
    }
  }

  /// Looks at a row: a column whose kind does not hold a value becomes one of texts.
  mutating func look(at row: [Value]) {
    for (place, value) in row.enumerated() where !Self.holds(value, in: kinds[place]) {
      odd[place] = value.plainText
      kinds[place] = .text
    }
  }

  /// A sentence for each column that is one of texts though its kind is another.
  var notes: [String] {
    odd.sorted { $0.key < $1.key }.map { place, value in
      let column = columns[place]
      return
        "column '\(column.name)' is written as text: its kind, \(column.kind.rawValue), cannot hold "
        + "values such as '\(value)'"
    }
  }

  private static func holds(_ value: Value, in kind: ParquetColumn.Kind) -> Bool {
    switch (kind, value.typed) {
    case (.text, _), (.boolean, .boolean), (.integer, .integer), (.real, .real): true
    // What a table wrote that is of no kind has a text alone.
    case (_, .null): value == .null
    case (.real, .integer(let number)): Int64(exactly: Double(number)) == number
    case (.day, .date(let text)): ParquetDay.number(of: text) != nil
    default: false
    }
  }

  /// A list as JSON, anything else as CSV has it.
  static func text(of value: Value) -> String {
    if case .list = value { JSONText.value(value) } else { value.plainText }
  }
}

/// Dates as Parquet has them.
enum ParquetDay {
  /// Days from 1970-01-01 to a date without a time; `nil` for anything else.
  ///
  /// Source: Howard Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`.
  static func number(of text: String) -> Int? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, text.utf8.count == 10, let year = Int(parts[0]),
      let month = Int(parts[1]), let day = Int(parts[2]), year >= 0
    else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

internal import ParallaxCore

/// A table as an element: headings that say what they are of, numbers that sort as numbers.
struct HTMLTable {
  var caption: String
  var columns: [Table.Column]
  /// The cells of each row as people read them, with what a number sorts by.
  var rows: [[Cell]]

  struct Cell {
    var text: String
    /// `nil` for what sorts by its text; empty for nothing, which comes last.
    var key: String?
  }

  /// Columns beside one another that a sheet of paper has room for.
  private static let most = 11

  /// Bytes of a text that takes several lines.
  private static let long = 40

  /// The table, or parts of it with the same first columns where it is wide.
  ///
  /// - Throws: `CancellationError`.
  static func parts(
    of table: Table, fractionDigits: Int
  ) throws -> [HTMLTable] {
    let cells = try zip(table.rows, table.texts(fractionDigits: fractionDigits)).map {
      zip($0, $1).map { Cell(text: $1 ?? "", key: key(of: $0)) }
    }
    let columns = table.columns
    guard columns.count > most else {
      return [HTMLTable(caption: "Table", columns: columns, rows: cells)]
    }
    let names = columns.prefix { $0.isKey && $0.kind == .text }.indices.prefix(3)
    let others = Array(columns.indices.dropFirst(names.count))
    let count = (others.count + most - names.count - 1) / (most - names.count)
    let size = (others.count + count - 1) / count
    return (0..<count).map { part in
      let places = Array(names) + others.dropFirst(part * size).prefix(size)
      return HTMLTable(
        caption: "Table, part \(part + 1) of \(count)", columns: places.map { columns[$0] },
        rows: cells.map { row in places.map { row[$0] } })
    }
  }

  private static func key(of value: Value) -> String? {
    switch value.typed {
    case .null: ""
    case .integer, .real: value.typed.plainText
    case .boolean, .date, .text, .list, .written: nil
    }
  }

  var element: HTML {
    let heads = columns.map { column in
      HTML(
        .th, ["scope": "col", "data-kind": column.kind.isNumeric ? "number" : "text"],
        [.foreign(column.name)])
    }
    let body = rows.map { row in
      HTML(
        .tr, [:],
        row.enumerated().map { place, cell in
          let isNumber = columns[place].kind.isNumeric
          // What a row is about stands in its first cell.
          let name: HTML.Name = place == 0 ? .th : .td
          var attributes: [(String, String)] = place == 0 ? [("scope", "row")] : []
          if isNumber {
            attributes.append(("class", "number"))
          } else if cell.text.utf8.count > Self.long {
            attributes += [("class", "long"), ("dir", "auto")]
          } else {
            attributes.append(("dir", "auto"))
          }
          if let key = cell.key, key != cell.text { attributes.append(("data-key", key)) }
          return HTML(name, attributes, [.text(cell.text)])
        })
    }
    return HTML(
      .table, ["data-sorts": ""],
      [
        HTML(.caption, text: caption), HTML(.thead, [:], [HTML(.tr, [:], heads)]),
        HTML(.tbody, [:], body),
      ])
  }
}

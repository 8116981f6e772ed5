internal import ParallaxCore

/// The columns of a table as a drawing names them.
struct PlotColumns {
  /// Columns that have a shorter name, in scripts as well.
  static let shortNames = ["bytes": "bytes_per_vector", "dim": "dimension"]
  /// What stands for the number at the end of a metric's name, where the table has no such column.
  static let depth = "depth"

  let table: Table

  /// A column's values, one a row of the table.
  struct Column {
    var name: String
    var kind: ValueKind
    var values: [Value]
  }

  /// Some of the table's rows, and the column that is drawn of them.
  struct Measured {
    var column: Column
    /// Places of rows in the table; the column has one value for each of these.
    var rows: [Int]
    /// The names of the columns that hold the ends of its intervals.
    var intervals: (low: String, high: String)?
    /// Whether the rows were chosen by their metric.
    var isMetric: Bool
  }

  var names: [String] { table.columns.map(\.name) }

  func index(of name: String) -> Int? {
    table.index(of: name) ?? Self.shortNames[name].flatMap(table.index(of:))
  }

  /// - Throws: `unknown-name` about `parameter`.
  func column(named name: String, for parameter: String) throws -> Column {
    guard let index = index(of: name) else {
      throw ParallaxError(
        .unknownName, "the result has no column '\(name)'",
        hint: Suggestion.hint(for: name, among: names) ?? "it has \(names.joined(separator: ", "))",
        parameter: .init(name: parameter))
    }
    return column(index)
  }

  private func column(_ index: Int) -> Column {
    Column(
      name: table.columns[index].name, kind: table.columns[index].kind,
      values: table.rows.map { $0[index].typed })
  }

  /// What is drawn: a column, or the values of the rows of a metric.
  ///
  /// - Parameter isOverDepth: whether a name without `@` means a metric at all its depths.
  /// - Throws: `unknown-name` about `y`.
  func measured(_ name: String, isOverDepth: Bool) throws -> Measured {
    if let index = index(of: name) {
      let column = column(index)
      return Measured(
        column: column, rows: Array(table.rows.indices), intervals: intervals(of: column.name),
        isMetric: false)
    }
    guard let metric = table.index(of: "metric"), let value = table.index(of: "value") else {
      return Measured(
        column: try column(named: name, for: "y"), rows: [], intervals: nil, isMetric: false)
    }
    let rows = table.rows.indices.filter { row in
      let own = table.rows[row][metric].plainText
      return own == name || isOverDepth && Self.depth(of: own)?.base == name
    }
    guard !rows.isEmpty else { throw unknownMetric(name, metric) }
    return Measured(
      column: Column(
        name: name, kind: table.columns[value].kind,
        values: rows.map { table.rows[$0][value].typed }),
      rows: rows, intervals: intervals(of: "value"), isMetric: true)
  }

  private func intervals(of name: String) -> (low: String, high: String)? {
    let ends = ["value": ("low", "high"), "difference": ("diff_low", "diff_high")][name]
    guard let ends, table.index(of: ends.0) != nil, table.index(of: ends.1) != nil else {
      return nil
    }
    return ends
  }

  private func unknownMetric(_ name: String, _ metric: Int) -> ParallaxError {
    var metrics: [String] = []
    for row in table.rows where !metrics.contains(row[metric].plainText) {
      metrics.append(row[metric].plainText)
    }
    return ParallaxError(
      .unknownName, "the result has no column and no metric '\(name)'",
      hint: Suggestion.hint(for: name, among: metrics + names)
        ?? "its metrics are \(metrics.joined(separator: ", "))", parameter: "y")
  }

  /// The name and the number of a metric such as `ndcg@10`.
  static func depth(of metric: String) -> (base: String, depth: Int)? {
    guard let at = metric.lastIndex(of: "@"), let depth = Int(metric[metric.index(after: at)...])
    else { return nil }
    return (String(metric[..<at]), depth)
  }

  /// The depths of the metrics of all rows, where the table can say them.
  var depths: Column? {
    guard table.index(of: Self.depth) == nil, let metric = table.index(of: "metric") else {
      return nil
    }
    return Column(
      name: Self.depth, kind: .integer,
      values: table.rows.map { row in
        Self.depth(of: row[metric].plainText).map { Value($0.depth) } ?? .null
      })
  }

  /// The column that cuts the questions of a comparison into slices: it stands between the systems and
  /// the metrics.
  var slice: String? {
    guard let metric = table.index(of: "metric"), let system = table.index(of: "system"),
      metric == system + 2
    else { return nil }
    return names[system + 1]
  }

  /// What the column `difference` is: one of two others minus the other, where all rows say the same.
  var difference: String? {
    guard let difference = table.index(of: "difference") else { return nil }
    let reals = table.columns.indices.filter {
      $0 != difference && table.columns[$0].kind == .real
    }
    guard reals.count == 2, !table.rows.isEmpty else { return nil }
    let isSo = table.rows.allSatisfy { row in
      let numbers = (reals + [difference]).map { PlotData.number(row[$0].typed) }
      guard let first = numbers[0], let second = numbers[1], let change = numbers[2] else {
        return numbers[2] == nil
      }
      return abs(second - first - change) <= 1e-9 * max(1, abs(first), abs(second))
    }
    return isSo ? "\(names[reals[1]]) minus \(names[reals[0]])" : nil
  }

  /// Whether a column has several values among some rows.
  func varies(_ name: String, among rows: [Int]) -> Bool {
    guard let index = table.index(of: name), let first = rows.first else { return false }
    return rows.contains { table.rows[$0][index].typed != table.rows[first][index].typed }
  }

  /// What an axis says of a column, with its unit.
  static func label(of name: String) -> String {
    switch name {
    case "bytes_per_vector": "bytes per vector"
    case "index_bytes": "size of the index, bytes"
    case "embed_ms": "time to embed a question, ms"
    case "search_ms": "time to search, ms"
    case "rerank_ms": "time to rerank, ms"
    case "cost": "cost, US dollars"
    case depth: "depth"
    default: name
    }
  }
}

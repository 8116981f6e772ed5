internal import ParallaxCore

/// The rows of a table as a drawing reads them.
package struct PlotData: Sendable {
  /// Larger ones, which nothing measures, cannot be scaled.
  private static let largest = 1e150

  struct Axis: Sendable {
    var name: String
    /// With its unit.
    var label: String
    var kind: ValueKind
  }

  struct Row: Sendable {
    var x: Value
    var y: Value
    var low: Double?
    var high: Double?
    /// The series it belongs to.
    var group: String
    /// What it is called, if it has a name.
    var label: String?
  }

  var rows: [Row]
  /// `nil` where none was named.
  var x: Axis?
  var y: Axis
  /// What is subtracted from what, where `y` is a difference and the table says it.
  var meaning: String?
  /// The name of the column whose values are the series.
  var group: String?
  /// The names of the columns with the ends of intervals.
  var intervals: (low: String, high: String)?
  var columnNames: [String]
  var xScale: PlotRequest.Scale?
  /// What was asked for.
  private var givenTitle: String?
  private var source: String?

  /// - Throws: `unknown-name` and `invalid-value` about the parameter.
  init(_ table: Table, named name: String?, _ request: PlotRequest) throws {
    let columns = PlotColumns(table: table)
    let depths = request.x == PlotColumns.depth ? columns.depths : nil
    let asked = try request.y ?? Self.usualY(columns)
    let measured = try columns.measured(asked, isOverDepth: depths != nil)
    let xColumn = try request.x.map { try depths ?? columns.column(named: $0, for: "x") }
    group =
      try request.group.map { try columns.column(named: $0, for: "group").name }
      ?? Self.usualGroup(columns, measured, over: xColumn?.name, isOverDepth: depths != nil)
    let label = try request.label.map { try columns.column(named: $0, for: "label").name }
    intervals = request.low.flatMap { low in request.high.map { (low, $0) } } ?? measured.intervals
    x = xColumn.map { Axis(name: $0.name, label: PlotColumns.label(of: $0.name), kind: $0.kind) }
    y = Axis(
      name: measured.column.name,
      label: PlotColumns.label(of: measured.column.name), kind: measured.column.kind)
    meaning = measured.column.name == "difference" ? columns.difference : nil
    columnNames = columns.names
    xScale = request.xScale
    givenTitle = request.title
    source = name

    let ends = try intervals.map {
      (
        low: try columns.column(named: $0.low, for: "low"),
        high: try columns.column(named: $0.high, for: "high")
      )
    }
    if let ends {
      try Self.requireNumbers(ends.low.name, ends.low.kind, "low")
      try Self.requireNumbers(ends.high.name, ends.high.kind, "high")
    }
    let groups = try group.map { try columns.column(named: $0, for: "group").values }
    let names =
      try (label ?? Self.usualLabel(columns, other: [group, x?.name]))
      .map { try columns.column(named: $0, for: "label").values }
    rows = zip(measured.rows, measured.column.values).map { row, value in
      Row(
        x: xColumn?.values[row] ?? .null, y: value,
        low: ends.flatMap { Self.number($0.low.values[row]) },
        high: ends.flatMap { Self.number($0.high.values[row]) },
        group: groups?[row].plainText ?? "", label: names?[row].plainText)
    }
  }

  /// Its own, or one of what it shows, after the result's name.
  func title(_ usual: String) -> String {
    givenTitle ?? (source.map { "\($0): " } ?? "") + usual
  }

  /// - Throws: `invalid-value` about `y`.
  func requireNumericY() throws { try Self.requireNumbers(y.name, y.kind, "y") }

  /// The axis of a kind that needs numbers on it.
  ///
  /// - Throws: `invalid-value` about `x`.
  func numericX() throws -> Axis {
    guard let x else {
      throw ParallaxError(
        .invalidValue, "--x is missing: this kind draws '\(y.name)' over a column of numbers",
        hint: "the result has \(columnNames.joined(separator: ", "))", parameter: "x")
    }
    try Self.requireNumbers(x.name, x.kind, "x")
    return x
  }

  /// A finite number that can be drawn.
  static func number(_ value: Value) -> Double? {
    let number: Double
    switch value {
    case .integer(let whole): number = Double(whole)
    case .real(let real): number = real
    default: return nil
    }
    return abs(number) <= largest ? number : nil
  }

  private static func requireNumbers(_ name: String, _ kind: ValueKind, _ option: String) throws {
    guard !kind.isNumeric else { return }
    let what =
      switch kind {
      case .date: "dates"
      case .boolean: "true and false"
      default: "texts"
      }
    throw ParallaxError(
      .invalidValue, "column '\(name)' holds \(what); --\(option) takes a column of numbers",
      parameter: .init(name: option))
  }

  private static func usualY(_ columns: PlotColumns) throws -> String {
    if columns.index(of: "difference") != nil, columns.index(of: "query") != nil {
      return "difference"
    }
    throw ParallaxError(
      .invalidValue, "--y is missing: which column or metric is drawn",
      hint: "the result has \(columns.names.joined(separator: ", "))", parameter: "y")
  }

  /// Systems are series where a metric is drawn over its depth or by slices; several metrics never
  /// share one, nor do several slices.
  private static func usualGroup(
    _ columns: PlotColumns, _ measured: PlotColumns.Measured, over x: String?, isOverDepth: Bool
  ) -> String? {
    let names =
      if isOverDepth || x == PlotColumns.depth || x != nil && x == columns.slice {
        ["system"]
      } else if measured.isMetric {
        [columns.slice]
      } else {
        ["metric", columns.slice]
      }
    return names.lazy.compactMap(\.self).first {
      $0 != x && columns.varies($0, among: measured.rows)
    }
  }

  private static func usualLabel(_ columns: PlotColumns, other: [String?]) -> String? {
    ["query", "system"].first { !other.contains($0) && columns.index(of: $0) != nil }
  }
}

extension PlotData {
  var nothingToDraw: ParallaxError {
    let over = x.map { " over '\($0.name)'" } ?? ""
    return ParallaxError(
      .unsupported, "there is nothing to draw: no row has a number in '\(y.name)'\(over)",
      parameter: "y")
  }

  /// What is said of points without an interval, where there are intervals.
  func intervalNotes(missing: Int) -> [String] {
    guard let intervals, missing > 0 else { return [] }
    return [
      "\(Wording.count(missing, "point")) without an interval: no finite numbers in '\(intervals.low)' "
        + "and '\(intervals.high)'"
    ]
  }

  /// - Throws: `unsupported` about `group` for more series than can be told apart.
  func checkSeries(count: Int) throws {
    guard count > PlotStyle.mostSeries else { return }
    throw ParallaxError(
      .unsupported,
      "a drawing has at most \(PlotStyle.mostSeries) series; '\(group ?? "")' has "
        + Wording.count(count), parameter: "group")
  }
}

import ParallaxCore

/// Finds the kinds of columns, and the cells that stand against one.
struct ColumnTyping {
  /// Cells that are looked at to tell a column of numbers with a stray word from one of words.
  private static let sampleSize = 1_000

  private let records: any MetadataRecords
  private let path: String
  private(set) var log = IssueLog()

  init(_ records: any MetadataRecords, path: String) {
    self.records = records
    self.path = path
  }

  /// The kind of a column without an option; a column that is text because of a few of its cells is
  /// reported.
  ///
  /// - Throws: `cancelled`.
  mutating func kind(of column: Int, isList: Bool) throws -> ValueKind? {
    var inference = KindInference()
    for row in 0..<records.rowCount where !inference.isSettled {
      try checkCancellation(row)
      switch records.cell(row: row, column: column) {
      case .empty: continue
      case .untyped(let text): inference.add(text)
      case .typed(let value): inference.add(value)
      case .several(let values, let text):
        inference.add(isList ? .list(values) : .text(text))
      }
    }
    if inference.kind == .text { try reportStray(in: column) }
    return inference.kind
  }

  /// Reports the cells that do not fit a kind that an option gives.
  mutating func check(_ column: Int, fits kind: ValueKind, isList: Bool) throws {
    guard kind != .text else { return }
    for row in 0..<records.rowCount {
      try checkCancellation(row)
      let texts: [String] =
        switch records.cell(row: row, column: column) {
        case .empty: []
        case .untyped(let text): [text]
        case .typed(let value): [value.plainText]
        case .several(let values, let text): isList ? values.map(\.plainText) : [text]
        }
      for text in texts where Value(reading: text, as: kind) == nil {
        log.add(
          IngestIssue(
            .valueKind, .error, subject: path,
            reason: "'\(records.columnNames[column])' takes \(kind.rule); got '\(text.shortened)'",
            line: records.line(ofRow: row)))
      }
    }
  }

  private mutating func reportStray(in column: Int) throws {
    var counts: [ValueKind: Int] = [:]
    var sampled = 0
    for row in 0..<records.rowCount where sampled < Self.sampleSize {
      guard let kinds = kinds(row, column) else { continue }
      sampled += 1
      for kind in kinds { counts[kind, default: 0] += 1 }
    }
    // Whole numbers count as reals, too: the narrower kind comes first.
    let order: [ValueKind] = [.integer, .real, .boolean, .date]
    guard let count = counts.values.max(), count > 1, count * 2 >= sampled,
      let kind = order.first(where: { counts[$0] == count })
    else { return }
    for row in 0..<records.rowCount {
      try checkCancellation(row)
      guard let kinds = kinds(row, column), !kinds.contains(kind),
        let text = records.cell(row: row, column: column).text
      else { continue }
      let name = records.columnNames[column]
      return log.add(
        IngestIssue(
          .columnOfTexts, subject: path,
          reason: "'\(name)' is text because of '\(text.shortened)'; "
            + "--type \(name)=\(kind.rawValue) keeps such values out of comparisons",
          line: records.line(ofRow: row)))
    }
  }

  /// What a cell could be; `nil` when it is empty.
  private func kinds(_ row: Int, _ column: Int) -> Set<ValueKind>? {
    switch records.cell(row: row, column: column) {
    case .empty: nil
    case .untyped(let text): KindInference.fits(text)
    case .typed(let value): value.kind == .integer ? [.integer, .real] : [value.kind ?? .text]
    case .several: [.text]
    }
  }

  private func checkCancellation(_ row: Int) throws {
    guard row & 0xFFF == 0, Task.isCancelled else { return }
    throw ParallaxError(.cancelled, "cancelled while reading '\(path)'")
  }
}

extension ValueKind {
  fileprivate var rule: String {
    switch self {
    case .integer: "a whole number"
    case .real: "a number"
    case .boolean: "true or false"
    case .date: "a date such as 2024-05-31"
    case .text: "a text"
    }
  }
}

extension String {
  /// At most 40 characters, for messages.
  var shortened: String { count > 40 ? prefix(39) + "…" : self }
}

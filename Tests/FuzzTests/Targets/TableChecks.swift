@testable import ParallaxEvaluation
@testable import ParallaxIngest
import ParallaxCore
import ParallaxReporting

/// What CSV and JSON lines have in common: the readers of metadata, questions and judgements.
enum TableChecks {
  /// Reads a table of metadata; where a format is given, writes its cells and reads that.
  ///
  /// - Parameter ending: of the file's name, which decides how it is read.
  static func checkMetadata(
    _ bytes: [UInt8], ending: String, delimiter: Character? = nil,
    writtenBy format: (any TableFormat)?
  ) throws {
    let source = "table.\(ending)"
    let records = try ErrorPromise.reading {
      try TableFile.records(in: bytes, source: source, delimiter: delimiter)
    }
    guard let records else { return }
    try expect(Set(records.columnNames).count == records.columnNames.count, "two columns are one")
    try expect(!records.columnNames.contains(""), "a column without a name")
    let lines = bytes.count { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } + 1
    let isPlain = bytes.first != 0x1F
    for row in 0..<records.rowCount where isPlain {
      try expect(
        (1...lines).contains(records.line(ofRow: row)), "a row in line \(records.line(ofRow: row))")
    }
    var typing = ColumnTyping(records, path: source)
    for column in records.columnNames.indices {
      _ = try ErrorPromise.reading { try typing.kind(of: column, isList: false) }
      for kind in [ValueKind.real, .date] {
        _ = try ErrorPromise.reading { try typing.check(column, fits: kind, isList: true) }
      }
    }
    for issue in records.issues + typing.log.issues {
      try ErrorPromise.check(ParallaxError(.invalidValue, issue.description))
    }
    guard let format, records.rowCount > 0 else { return }
    let written = try written(records, by: format)
    let again = try TableFile.records(
      in: Array(written.utf8), source: source, delimiter: delimiter)
    try expect(
      again.columnNames == records.columnNames,
      "columns \(again.columnNames), not \(records.columnNames)")
    try expect(
      again.rowCount == records.rowCount, "\(again.rowCount) rows, not \(records.rowCount)")
    for row in 0..<records.rowCount {
      for column in records.columnNames.indices {
        let (old, new) = (
          records.cell(row: row, column: column), again.cell(row: row, column: column)
        )
        try expect(value(old) == value(new), "\(old) becomes \(new)")
      }
    }
  }

  private static func written(
    _ records: any MetadataRecords, by format: any TableFormat
  ) throws -> String {
    var (format, text) = (format, "")
    try format.begin(records.columnNames.map { Table.Column($0, .text) }) { text += $0 }
    for row in 0..<records.rowCount {
      let cells = records.columnNames.indices.map { value(records.cell(row: row, column: $0)) }
      try format.write(cells) { text += $0 }
    }
    try format.end { text += $0 }
    return text
  }

  private static func value(_ cell: RawCell) -> Value {
    switch cell {
    case .empty: .null
    case .untyped(let text): .text(text)
    case .typed(let value): value
    case .several(let values, _): .list(values)
    }
  }

  /// Reads questions, judgements and labelled pairs.
  static func checkQuestions(_ bytes: [UInt8], ending: String) throws {
    let name = "file.\(ending)"
    if let table = try ErrorPromise.reading({ try QuestionTable(bytes, named: name) }) {
      try expect(!table.records.isEmpty, "a table without questions")
      let ids = table.records.compactMap(\.id)
      try expect(ids.isEmpty || ids.count == table.records.count, "some questions have no id")
      try expect(Set(ids).count == ids.count, "an id twice")
      for record in table.records {
        try expect(!record.parts.isEmpty, "a question that asks nothing")
        try expect(record.fields.count == table.columns.count, "a field too many or few")
        try expect(record.weights.values.allSatisfy(\.isFinite), "a weight that is not finite")
      }
    }
    if let judgements = try ErrorPromise.reading({
      try RecognizedFormat.judgements(bytes, named: name)
    }) {
      let grades = judgements.questions.flatMap {
        judgements.grades[$0]?.all.values.map(\.self) ?? []
      }
      try expect(grades.allSatisfy(Judgements.grades.contains), "a grade beyond the range")
    }
    if let table = try ErrorPromise.reading({ try PairTable(bytes, named: name) }) {
      try expect(!table.rows.isEmpty, "a table without pairs")
      try expect(
        table.rows.allSatisfy { $0.left != $0.right || $0.leftHash != $0.rightHash }, "half a pair")
      try expect(
        table.hasLabels || table.rows.allSatisfy(\.isDuplicate), "a label that nothing says")
    }
  }
}

package import ParallaxCore

/// Questions as a table: CSV or TSV with a header, or an object of JSON a line, as BEIR's
/// `queries.jsonl` is.
///
/// The columns are `id` (also `qid`, `query_id`, `_id`), `text` (without it `caption`), `image`, `like`,
/// `task` and the weights `weight_text`, `weight_image`, `weight_like`; every other one is metadata. Case
/// does not matter.
package struct QuestionTable: Sendable, Hashable {
  /// What a question may ask by.
  package enum Part: String, Sendable, Hashable, CaseIterable {
    case text, image, like
  }

  package struct Record: Sendable, Hashable {
    /// In the file, from 1.
    package var line: Int
    /// `nil` where the file has no ids.
    package var id: String?
    /// At least one.
    package var parts: [Part: String]
    /// Those that are written; finite.
    package var weights: [Part: Double]
    package var task: String?
    /// One for each of ``QuestionTable/columns``.
    package var fields: [Value]
  }

  /// A metadata column.
  package struct Column: Sendable, Hashable {
    package var name: String
    package var kind: ValueKind
  }

  /// At least one, no id twice; either all have an id or none.
  package private(set) var records: [Record] = []
  /// In the order of the file.
  package private(set) var columns: [Column] = []
  /// The column that the texts come from; `nil` without texts.
  package private(set) var textColumn: String?

  /// - Parameter name: of the file, for errors.
  /// - Throws: `invalid-value` with file and line; `CancellationError`.
  package init(_ bytes: [UInt8], named name: String) throws {
    let file = SourceFile(bytes, named: name)
    var cells = QuestionCells(file)
    switch file.bytes.first(where: { !SourceFile.isBlank($0) }) {
    case UInt8(ascii: "{"): try cells.readLines()
    case UInt8(ascii: "["):
      throw file.fault(
        1, "this is a JSON array; questions are one object a line",
        hint: "'jq -c .[] FILE' writes them so")
    default: try cells.readTable()
    }
    guard !cells.rows.isEmpty else {
      throw file.fault(
        nil, "there are no questions",
        hint: "the first line names the columns, such as id,text; each other line is a question")
    }
    let roles = try QuestionColumns(cells)
    textColumn = roles.parts[.text].map { cells.names[$0].name }
    let kinds = try roles.metadata.map { try cells.kind(ofColumn: $0) }
    columns = zip(roles.metadata, kinds).map { Column(name: cells.names[$0].name, kind: $1) }
    var lines: [String: Int] = [:]
    for row in cells.rows {
      var record = try Record(row, roles, in: cells)
      record.fields = zip(roles.metadata, kinds).map { row.cell($0).value(as: $1) }
      if let id = record.id, let earlier = lines.updateValue(row.line, forKey: id) {
        throw file.fault(
          row.line, "the id \(SourceFile.quoted(id)) is that of line \(earlier), too",
          hint: "each question has an id of its own")
      }
      records.append(record)
    }
  }
}

extension QuestionTable.Record {
  fileprivate init(
    _ row: QuestionCells.Row, _ roles: QuestionColumns, in cells: QuestionCells
  ) throws {
    (line, id, parts, weights, fields) = (row.line, nil, [:], [:], [])
    let file = cells.file
    if let column = roles.id {
      id = row.cell(column).text.trimmingBlanks
      if id == "" {
        throw file.fault(
          line, "the question has no id", hint: "give it one, or leave the column out for all")
      }
    }
    for part in QuestionTable.Part.allCases {
      guard let column = roles.parts[part] else { continue }
      let text = try row.cell(column).word(cells.names[column].name, file, line)
      if text.isEmpty { continue }
      guard !text.isBlank else {
        throw file.fault(
          line, "the \(part.rawValue) of the question is blank",
          hint: "leave the cell empty, or say what is looked for")
      }
      parts[part] = part == .text ? text : text.trimmingBlanks
      if let column = roles.weights[part] {
        weights[part] = try row.cell(column).weight(cells.names[column].name, file, line)
      }
    }
    guard !parts.isEmpty else {
      throw file.fault(
        line, "the question asks for nothing: it has no text, image or like",
        hint: "remove the line, or fill one of them in")
    }
    let task = roles.task.map { row.cell($0).text.trimmingBlanks } ?? ""
    self.task = task.isEmpty ? nil : task
  }
}

/// Which column of a table of questions says what.
private struct QuestionColumns {
  private static let idNames = ["id", "qid", "queryid", "questionid"]
  private static let weightPrefix = "weight_"

  var id: Int?
  var parts: [QuestionTable.Part: Int] = [:]
  var weights: [QuestionTable.Part: Int] = [:]
  var task: Int?
  var metadata: [Int] = []

  init(_ cells: QuestionCells) throws {
    let file = cells.file
    let names = cells.names.map { $0.name.lowercased() }
    let hasText = names.contains(QuestionTable.Part.text.rawValue)
    for (index, name) in names.enumerated() {
      let (shown, line) = (cells.names[index].name, cells.names[index].line)
      if Self.idNames.contains(name.filter { $0 != "_" && $0 != "-" }) {
        if let other = id {
          throw file.fault(
            line, "'\(cells.names[other].name)' and '\(shown)' may both be the id of a question",
            hint: "rename the one that is not")
        }
        id = index
      } else if let part = QuestionTable.Part(rawValue: name) {
        parts[part] = index
      } else if name == "caption", !hasText {
        parts[.text] = index
      } else if name == "task" {
        task = index
      } else if name.hasPrefix(Self.weightPrefix) {
        let weighed = String(name.dropFirst(Self.weightPrefix.count))
        guard let part = QuestionTable.Part(rawValue: weighed) else {
          throw file.fault(
            line, "'\(shown)' weighs nothing that a question has",
            hint: Suggestion.hint(for: name, among: Self.weightNames)
              ?? "the weights are \(Self.weightNames.joined(separator: ", "))")
        }
        weights[part] = index
      } else {
        metadata.append(index)
      }
    }
    for (part, index) in weights.sorted(by: { $0.value < $1.value }) where parts[part] == nil {
      let weight = cells.names[index]
      throw file.fault(
        weight.line, "'\(weight.name)' has nothing to weigh: there is no column '\(part.rawValue)'")
    }
    guard parts.isEmpty else { return }
    let listed = SourceFile.quoted(cells.names.map(\.name).joined(separator: ", "))
    throw file.fault(
      cells.names.first?.line, "there is no column to ask by; the header has \(listed)",
      hint: "the columns to ask by are text, image and like")
  }

  private static let weightNames = QuestionTable.Part.allCases.map { weightPrefix + $0.rawValue }
}

/// Judgements as a table with a header: CSV or TSV with the columns query, item and grade, by any of
/// their usual names. BEIR's `query-id corpus-id score` is one.
///
/// Other columns are skipped. The separator is a tab if the header holds one, else a comma, else a
/// semicolon.
package enum JudgementTable {
  /// What a column may be called; case, `_`, `-` and blanks do not matter.
  private static let questionNames = [
    "query", "queryid", "qid", "question", "questionid", "topic", "topicid",
  ]
  private static let itemNames = [
    "item", "itemid", "id", "docno", "doc", "docid", "document", "documentid", "corpusid", "image",
    "imageid",
  ]
  private static let gradeNames = ["grade", "relevance", "rel", "score", "label", "judgement"]

  /// - Parameter name: of the file, for errors.
  /// - Throws: `invalid-value` with file and line; `CancellationError`.
  package static func judgements(_ bytes: [UInt8], named name: String) throws -> Judgements {
    let file = SourceFile(bytes, named: name)
    var collector = JudgementCollector(file)
    var columns: Columns?
    try file.forEachRow { cells, line in
      guard let columns else {
        columns = try Columns(header: cells, in: file, line)
        return
      }
      guard cells.count == columns.count else {
        throw file.fault(
          line, "the row has \(cells.count) cells; the header has \(columns.count)")
      }
      let (question, item) = (cells[columns.question], cells[columns.item])
      guard !question.isEmpty, !item.isEmpty else {
        throw file.fault(line, "a judgement names a question and an item; one of them is empty")
      }
      try collector.add(question, item, file.grade(cells[columns.grade], line), line: line)
    }
    return try collector.judgements()
  }

  /// Whether a line is a header of such a table.
  static func isHeader(_ line: String) -> Bool {
    let separators = ["\t", ",", ";"].filter { line.contains($0) }
    return separators.contains { separator in
      let names = line.split(separator: separator).map { SourceFile.plainName(String($0)) }
      return names.contains { questionNames.contains($0) }
        && names.contains { itemNames.contains($0) }
    }
  }

  /// Where the three columns are.
  private struct Columns {
    let question: Int
    let item: Int
    let grade: Int
    let count: Int

    init(header: [String], in file: SourceFile, _ line: Int) throws {
      func column(_ what: String, _ names: [String]) throws -> Int {
        if let place = try file.column(what, names, in: header, line) { return place }
        throw file.fault(
          line,
          "there is no column for the \(what); the header has "
            + SourceFile.quoted(header.joined(separator: ", ")),
          hint: "the header names the columns query, item and grade")
      }
      question = try column("question", JudgementTable.questionNames)
      item = try column("item", JudgementTable.itemNames)
      grade = try column("grade", JudgementTable.gradeNames)
      count = header.count
    }
  }
}

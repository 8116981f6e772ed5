internal import ParallaxCore

/// Collects the judgements of a file, and refuses one that is there twice.
struct JudgementCollector {
  let file: SourceFile
  private var grades: [String: [ItemID: Int]] = [:]

  init(_ file: SourceFile) { self.file = file }

  /// - Throws: `invalid-value` when the question has a grade for the item.
  mutating func add(_ question: String, _ item: String, _ grade: Int, line: Int) throws {
    let previous = grades[question, default: [:]].updateValue(grade, forKey: ItemID(item))
    guard previous == nil else {
      throw file.fault(
        line,
        "\(SourceFile.quoted(item)) is judged twice for question \(SourceFile.quoted(question))",
        hint: "keep one line for each question and item")
    }
  }

  /// - Throws: `invalid-value` when there are none.
  func judgements() throws -> Judgements {
    guard !grades.isEmpty else {
      throw file.fault(nil, "there are no judgements; a line says question, item and grade")
    }
    return Judgements(grades)
  }
}

/// Collects the answers of a file, and refuses an item that a question has twice.
struct RunCollector {
  let file: SourceFile
  private var lists: [String: [RankedItem]] = [:]
  private var known: [String: Set<ItemID>] = [:]

  init(_ file: SourceFile) { self.file = file }

  /// Makes sure that the question has a list, even an empty one.
  mutating func begin(_ question: String) { lists[question, default: []] += [] }

  /// - Throws: `invalid-value` when the question has the item.
  mutating func add(_ question: String, _ item: String, _ score: Double, line: Int) throws {
    let id = ItemID(item)
    guard known[question, default: []].insert(id).inserted else {
      throw file.fault(
        line,
        "\(SourceFile.quoted(item)) is listed twice for question \(SourceFile.quoted(question))",
        hint: "keep the line with the higher score")
    }
    lists[question, default: []].append(RankedItem(id: id, score: score))
  }

  /// - Throws: `invalid-value` when there are none.
  func run() throws -> Run {
    guard !lists.isEmpty else {
      throw file.fault(
        nil, "there are no answers; a line says question, Q0, item, rank, score, name")
    }
    return Run(checked: lists)
  }
}

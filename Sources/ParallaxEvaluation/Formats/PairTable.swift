package import ParallaxCore

/// Labelled pairs of items as a table with a header: CSV or TSV with the columns left, right and same, by any of their usual
/// names; without a column for the label every pair is a duplicate. `left_hash` and `right_hash` name the contents.
///
/// Other columns are skipped. The separator is a tab if the header holds one, else a comma, else a semicolon. The order within
/// a pair does not matter.
package struct PairTable: Sendable, Hashable {
  package struct Row: Sendable, Hashable {
    /// Empty where only the hash names it.
    package var left: ItemID
    package var right: ItemID
    package var leftHash: ContentHash?
    package var rightHash: ContentHash?
    package var isDuplicate: Bool
    package var line: Int
  }

  /// Each pair once.
  package private(set) var rows: [Row] = []
  /// Rows that name one item twice, and so no pair.
  package private(set) var ofOne: [Row] = []
  /// Whether there is a column for the label; without one, what is not listed is distinct.
  package let hasLabels: Bool
  /// Rows that say the same of a pair as one before.
  package private(set) var repeated = 0

  private static let leftNames = ["left", "a", "one", "id1", "item1", "image1", "leftid", "query"]
  private static let rightNames = [
    "right", "b", "other", "two", "id2", "item2", "image2", "rightid", "reference",
  ]
  private static let labelNames = [
    "same", "verdict", "label", "duplicate", "isduplicate", "answer",
  ]
  private static let duplicateWords = ["duplicate", "same", "true", "yes", "1", "y"]
  private static let distinctWords = [
    "distinct", "different", "notduplicate", "false", "no", "0", "n",
  ]

  /// - Parameter name: of the file, for errors.
  /// - Throws: `invalid-value` with file and line, also for a pair that is labelled in two ways; `CancellationError`.
  package init(_ bytes: [UInt8], named name: String) throws {
    let file = SourceFile(bytes, named: name)
    var columns: Columns?
    var known: [Pair: Row] = [:]
    var (rows, ofOne, repeated) = ([Row](), [Row](), 0)
    try file.forEachRow { cells, line in
      guard let columns else {
        columns = try Columns(header: cells, in: file, line)
        return
      }
      guard cells.count == columns.count else {
        throw file.fault(
          line, "the row has \(cells.count) cells; the header has \(columns.count)")
      }
      let row = try columns.row(cells, in: file, line)
      guard !row.isOfOne else { return ofOne.append(row) }
      guard let earlier = known.updateValue(row, forKey: Pair(row)) else { return rows.append(row) }
      guard earlier.isDuplicate == row.isDuplicate else {
        let words = ["distinct", "duplicates"]
        throw file.fault(
          line,
          "\(SourceFile.quoted(row.name(left: true))) and \(SourceFile.quoted(row.name(left: false))) are "
            + "\(words[row.isDuplicate ? 1 : 0]) here, and "
            + "\(words[earlier.isDuplicate ? 1 : 0]) in line \(earlier.line)",
          hint: "keep the line that is right")
      }
      repeated += 1
    }
    guard let columns, !rows.isEmpty else {
      if let row = ofOne.first {
        throw file.fault(
          row.line, "a pair is of two items; got \(SourceFile.quoted(row.name(left: true))) twice")
      }
      throw file.fault(nil, "there are no pairs; a line says left, right and same")
    }
    self.rows = rows
    self.ofOne = ofOne
    self.repeated = repeated
    hasLabels = columns.label != nil
  }

  /// What a row names, in no order.
  private struct Pair: Hashable {
    private let ends: Set<String>

    init(_ row: Row) {
      ends = [
        row.leftHash?.hexadecimal ?? "id:" + row.left.rawValue,
        row.rightHash?.hexadecimal ?? "id:" + row.right.rawValue,
      ]
    }
  }

  private struct Columns {
    let left: Int
    let right: Int
    let leftHash: Int?
    let rightHash: Int?
    let label: Int?
    let count: Int

    init(header: [String], in file: SourceFile, _ line: Int) throws {
      func column(_ what: String, _ names: [String]) throws -> Int? {
        try file.column(what, names, in: header, line)
      }
      guard let left = try column("left item", PairTable.leftNames),
        let right = try column("right item", PairTable.rightNames)
      else {
        throw file.fault(
          line,
          "there are no columns for the two items; the header has "
            + SourceFile.quoted(header.joined(separator: ", ")),
          hint: "the header names the columns left, right and same")
      }
      (self.left, self.right) = (left, right)
      leftHash = try column("left hash", ["lefthash"])
      rightHash = try column("right hash", ["righthash"])
      label = try column("label", PairTable.labelNames)
      count = header.count
    }

    func row(_ cells: [String], in file: SourceFile, _ line: Int) throws -> Row {
      let row = Row(
        left: ItemID(cells[left]), right: ItemID(cells[right]),
        leftHash: try hash(leftHash.map { cells[$0] }, in: file, line),
        rightHash: try hash(rightHash.map { cells[$0] }, in: file, line),
        isDuplicate: try label.map { try isDuplicate(cells[$0], in: file, line) } ?? true,
        line: line)
      guard !row.left.rawValue.isEmpty || row.leftHash != nil,
        !row.right.rawValue.isEmpty || row.rightHash != nil
      else { throw file.fault(line, "a pair names two items; one of them is empty") }
      return row
    }

    private func hash(
      _ text: String?, in file: SourceFile, _ line: Int
    ) throws -> ContentHash? {
      guard let text, !text.isEmpty else { return nil }
      guard let hash = ContentHash(hexadecimal: text) else {
        throw file.fault(
          line, "a hash has 64 hexadecimal digits; got \(SourceFile.quoted(text))")
      }
      return hash
    }

    private func isDuplicate(_ text: String, in file: SourceFile, _ line: Int) throws -> Bool {
      let word = SourceFile.plainName(text)
      if PairTable.duplicateWords.contains(word) { return true }
      if PairTable.distinctWords.contains(word) { return false }
      throw file.fault(
        line,
        "a label is duplicate or distinct, yes or no, true or false, 1 or 0; got \(SourceFile.quoted(text))"
      )
    }
  }
}

extension PairTable.Row {
  /// The id of one of the two, or the hash where there is no id.
  package func name(left isLeft: Bool) -> String {
    let id = (isLeft ? left : right).rawValue
    return id.isEmpty ? (isLeft ? leftHash : rightHash)?.hexadecimal ?? "" : id
  }

  /// Other ids with the same hash are a pair: of two files with the same bytes.
  fileprivate var isOfOne: Bool {
    guard left == right else { return false }
    guard let leftHash, let rightHash else { return !left.rawValue.isEmpty }
    return leftHash == rightHash
  }
}

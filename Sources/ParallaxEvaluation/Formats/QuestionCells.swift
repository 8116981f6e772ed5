internal import ParallaxCore
private import ParallaxText

/// The cells of a file of questions, before it is known what they mean.
struct QuestionCells {
  enum Cell {
    case empty
    /// Of a delimited text, whose kind is to be read off it.
    case untyped(String)
    /// Of JSON, which states kinds.
    case typed(Value)
  }

  struct Row {
    var line: Int
    /// Those behind are empty.
    var cells: [Cell]

    func cell(_ column: Int) -> Cell { column < cells.count ? cells[column] : .empty }
  }

  private static let deepest = 16

  let file: SourceFile
  /// The columns, with the line on which each is named first.
  private(set) var names: [(name: String, line: Int)] = []
  private(set) var rows: [Row] = []
  private var columns: [String: Int] = [:]

  init(_ file: SourceFile) { self.file = file }

  // MARK: - Delimited text

  mutating func readTable() throws {
    try file.forEachRow { cells, line in
      guard !names.isEmpty else { return try name(cells, line) }
      guard cells.count == names.count else {
        throw file.fault(
          line, "the row has \(cells.count) cells; the header has \(names.count)",
          hint: "a cell with a separator in it stands in double quotes")
      }
      rows.append(Row(line: line, cells: cells.map { $0.isEmpty ? .empty : .untyped($0) }))
    }
  }

  private mutating func name(_ cells: [String], _ line: Int) throws {
    for cell in cells {
      let name = cell.trimmingBlanks
      guard !name.isEmpty else {
        throw file.fault(line, "column \(names.count + 1) has no name")
      }
      guard columns.updateValue(names.count, forKey: name.lowercased()) == nil else {
        throw file.fault(line, "two columns are named \(SourceFile.quoted(name))")
      }
      names.append((name, line))
    }
  }

  // MARK: - JSON lines

  mutating func readLines() throws {
    try file.checkUTF8()
    var number = 0
    for line in file.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      if number % 4_096 == 0 { try Task.checkCancellation() }
      guard line.contains(where: { !SourceFile.isBlank($0) }) else { continue }
      let bytes = Array(line)
      var (scanner, row) = (JSONScanner(bytes), Row(line: number, cells: []))
      do {
        try read(&scanner, of: bytes, below: "", depth: 1, into: &row)
        guard scanner.isAtEnd else { throw JSONScanner.Malformed() }
      } catch is JSONScanner.Malformed {
        throw file.fault(number, "this is no JSON object; questions are one object a line")
      }
      rows.append(row)
    }
  }

  /// The members of an object; those of an object inside are `outer.inner`.
  private mutating func read(
    _ scanner: inout JSONScanner, of bytes: [UInt8], below outer: String, depth: Int,
    into row: inout Row
  ) throws {
    try scanner.members { member, scanner in
      let name = outer + member
      if scanner.next == UInt8(ascii: "{"), depth < Self.deepest {
        return try read(&scanner, of: bytes, below: name + ".", depth: depth + 1, into: &row)
      }
      let column = column(name, row.line)
      if column >= row.cells.count {
        row.cells += repeatElement(.empty, count: column + 1 - row.cells.count)
      }
      guard case .empty = row.cells[column] else {
        throw file.fault(row.line, "two members are named \(SourceFile.quoted(name))")
      }
      row.cells[column] = try Self.cell(&scanner, bytes)
    }
  }

  private mutating func column(_ name: String, _ line: Int) -> Int {
    if let known = columns[name.lowercased()] { return known }
    columns[name.lowercased()] = names.count
    names.append((name, line))
    return names.count - 1
  }

  private static func cell(_ scanner: inout JSONScanner, _ bytes: [UInt8]) throws -> Cell {
    let first = scanner.next
    if first == UInt8(ascii: "\"") {
      let text = try scanner.string()
      return text.isEmpty ? .empty : .typed(.text(text))
    }
    let start = scanner.position
    try scanner.skipValue()
    let text = String(decoding: bytes[start..<scanner.position], as: UTF8.self)
    switch text {
    case "null": return .empty
    case "true", "false": return .typed(.boolean(text == "true"))
    case _ where text.hasPrefix("[") || text.hasPrefix("{"): return .typed(.text(text))
    default: break
    }
    guard JSON.isNumber(text) else { throw JSONScanner.Malformed() }
    if let whole = Int64(text) { return .typed(Value(.integer(whole), writtenAs: text)) }
    guard let real = Double(text), real.isFinite else { return .typed(.text(text)) }
    return .typed(Value(.real(real), writtenAs: text))
  }

  // MARK: - Kinds

  /// The kind of a column of metadata; text where no row has a value.
  ///
  /// - Throws: `CancellationError`.
  func kind(ofColumn column: Int) throws -> ValueKind {
    var inference = KindInference()
    for (index, row) in rows.enumerated() where !inference.isSettled {
      if index % 4_096 == 0 { try Task.checkCancellation() }
      switch row.cell(column) {
      case .empty: continue
      case .untyped(let text): if !text.isBlank { inference.add(text) }
      case .typed(let value): inference.add(value)
      }
    }
    return inference.kind ?? .text
  }
}

extension QuestionCells.Cell {
  /// As the file has it; empty where there is nothing.
  var text: String {
    switch self {
    case .empty: ""
    case .untyped(let text): text
    case .typed(let value): value.plainText
    }
  }

  /// - Throws: `invalid-value` for a value that is no text.
  func word(_ name: String, _ file: SourceFile, _ line: Int) throws -> String {
    if case .typed(let value) = self, value.kind != .text, name.lowercased() != "like" {
      throw file.fault(line, "'\(name)' takes a text; got \(SourceFile.quoted(text))")
    }
    return text
  }

  /// A number, or `nil` where there is none.
  ///
  /// - Throws: `invalid-value` for anything else.
  func weight(_ name: String, _ file: SourceFile, _ line: Int) throws -> Double? {
    let text = text.trimmingBlanks
    if text.isEmpty { return nil }
    guard let number = Double(text), number.isFinite,
      text.utf8.allSatisfy({ "+-.eE0123456789".utf8.contains($0) })
    else {
      throw file.fault(
        line, "'\(name)' takes a number, below 0 to subtract; got \(SourceFile.quoted(text))")
    }
    return number
  }

  /// The value of a metadata column, with its text.
  func value(as kind: ValueKind) -> Value {
    switch self {
    case .empty: .null
    case .untyped(let text):
      text.isBlank ? .null : Value(reading: text, as: kind) ?? .written(text, as: .null)
    case .typed(let value): value.converted(to: kind)
    }
  }
}

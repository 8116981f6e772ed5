import ParallaxConditions
import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

/// Conditions whose text SQLite understands, too: it is asked on a table of its own.
private struct SQLCondition {
  var random: SeededGenerator

  mutating func condition(depth: Int) -> String {
    switch depth == 0 ? 3 : Int.random(in: 0..<6, using: &random) {
    case 0: "not (\(condition(depth: depth - 1)))"
    case 1: "(\(condition(depth: depth - 1)) and \(condition(depth: depth - 1)))"
    case 2: "(\(condition(depth: depth - 1)) or \(condition(depth: depth - 1)))"
    default: leaf()
    }
  }

  private mutating func leaf() -> String {
    let no = Bool.random(using: &random) ? "not " : ""
    switch Int.random(in: 0..<9, using: &random) {
    case 0: return "\(any(of: ["n", "r"])) \(symbol()) \(number())"
    case 1: return "\(number()) \(symbol()) \(any(of: ["n", "r"]))"
    case 2: return "n \(symbol()) r"
    case 3: return "\(any(of: ["t", "u"])) \(symbol()) \(any(of: [text(), "t", "u"]))"
    case 4: return "\(any(of: ["n", "r"])) \(no)in (\(list { $0.number() }))"
    case 5: return "\(any(of: ["t", "u"])) \(no)in (\(list { $0.text() }))"
    case 6: return "\(any(of: ["t", "u"])) \(no)like \(pattern())"
    case 7: return "\(any(of: ["n", "r"])) \(no)between \(number()) and \(number())"
    default:
      return any(of: [
        "d \(symbol()) '20\(any(of: ["19", "20", "21"]))-0\(any(of: ["1", "5"]))-01'",
        "\(any(of: ["n", "r", "t", "u", "d", "b"])) is \(no)null", "b", "\(no)b = true",
        "d \(no)like '2020%'",
      ])
    }
  }

  private mutating func list(_ one: (inout Self) -> String) -> String {
    (0..<Int.random(in: 1...12, using: &random)).map { _ in one(&self) }.joined(separator: ", ")
  }

  private mutating func any(of choices: [String]) -> String {
    choices.randomElement(using: &random) ?? ""
  }

  private mutating func symbol() -> String { any(of: ["=", "<>", "!=", "<", "<=", ">", ">="]) }
  private mutating func number() -> String {
    any(of: ["-2", "0", "1", "1.0", "1.5", "2", "3", "1e3"])
  }
  mutating func text() -> String { quoted(Self.words) }

  private mutating func pattern() -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      text += any(of: ["%", "%", "_", "a", "AB", "ab", "aB", "é", "猫", "a long begin", "'"])
    }
    return quoted([text])
  }

  private mutating func quoted(_ texts: [String]) -> String {
    "'\(any(of: texts).replacing("'", with: "''"))'"
  }

  static let words = [
    "", "a", "A", "ab", "AB", "aé", "aÉ", "猫", "ab猫", "a'b", "%", "a_b", "a long beginning",
    "A LONG BEGINNING", "a long begin and another end", "e\u{301}a",
  ]

  /// A row: a whole number, a real, two texts, a date, true or false; each may be missing.
  mutating func row() -> [String: Value] {
    var row: [String: Value] = [
      "n": .integer(Int64.random(in: -2...3, using: &random)),
      "r": .real([-2, 0, 0.5, 1, 1.5, 1_000].randomElement(using: &random) ?? 0),
      "t": .text(Self.words.randomElement(using: &random) ?? ""),
      "u": .text(Self.words.randomElement(using: &random) ?? ""),
      "d": .date(
        "20\(Int.random(in: 18...21, using: &random))-0\(Int.random(in: 1...6, using: &random))-01"),
      "b": .boolean(Bool.random(using: &random)),
    ]
    for name in row.keys.sorted() where Int.random(in: 0..<5, using: &random) == 0 {
      row[name] = nil
    }
    return row
  }
}

@Suite struct WhereSQLTests {
  private static let names = ["n", "r", "t", "u", "d", "b"]
  private static let kinds: [ValueKind] = [.integer, .real, .text, .text, .date, .boolean]

  /// A column whose texts are not shared.
  private static func plain(_ column: WhereColumn) -> WhereColumn {
    guard case .texts(let texts) = column.cells else { return column }
    var (bytes, ends) = ([UInt8](), [Int]())
    texts.withCells { cell in
      for place in 0..<texts.count {
        bytes += cell(place)
        ends.append(bytes.count)
      }
    }
    var column = column
    column.cells = .texts(TextCells(bytes: CellArray(bytes), ends: CellArray(ends)))
    return column
  }

  @Test func `random conditions find what SQLite finds, however columns are kept`() async throws {
    var random = SQLCondition(random: SeededGenerator(seed: 23))
    let rows = (0..<150).map { _ in random.row() }
    let table = try Connection(path: ":memory:", access: .create)
    try table.run("CREATE TABLE t (id INTEGER PRIMARY KEY, n, r, t, u, d, b)")
    for (place, row) in rows.enumerated() {
      try table.run(
        "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)",
        [SQLValue(place)] + Self.names.map { Self.stored(row[$0] ?? .null) })
    }
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.declare(
        zip(Self.names, Self.kinds).map { FieldDeclaration(name: $0, kind: $1) }, in: photos)
      try workspace.apply(
        rows.enumerated().map { .insert(item(Self.id($0), $1)) }, to: photos)
      let conditions = (0..<500).map { _ in random.condition(depth: 3) }
      let read = try conditions.map { try workspace.ids(in: photos, matching: $0) }
      try workspace.packColumns(of: photos, from: 1)
      let other = try Workspace(path: workspace.path, mode: .readOnly)
      defer { other.close() }
      for (condition, found) in zip(conditions, read) {
        let expected = try table.rows("SELECT id FROM t WHERE \(condition) ORDER BY id") {
          Self.id(Int($0.integer(0)))
        }
        #expect(found == expected, "read: \(condition)")
        #expect(try other.ids(in: photos, matching: condition) == expected, "packed: \(condition)")
        let (checked, columns) = try workspace.readColumns(
          of: WhereExpression(parsing: condition), in: photos
        ) { catalog, _ in
          let expression = try WhereExpression(parsing: condition)
          return try expression.checked(against: catalog.field(of: expression))
        }
        let plain = columns.columns.mapValues(Self.plain)
        let verdict = try WhereEvaluator(count: rows.count, columns: plain).verdict(on: checked)
        #expect(
          rows.indices.filter { verdict.isTrue(at: $0) }.map(Self.id) == expected,
          "not shared: \(condition)")
      }
    }
  }

  private static func id(_ place: Int) -> String {
    String(repeating: "0", count: 3 - "\(place)".count) + "\(place)"
  }

  private static func stored(_ value: Value) -> SQLValue {
    switch value {
    case .integer(let number): .integer(number)
    case .real(let number): .real(number)
    case .boolean(let holds): .integer(holds ? 1 : 0)
    case .text(let text), .date(let text): .text(text)
    default: .null
    }
  }
}

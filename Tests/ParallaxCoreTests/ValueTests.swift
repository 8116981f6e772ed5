import ParallaxCore
import ParallaxTestSupport
import Testing

@Suite struct ValueTests {
  @Test(
    arguments: [
      (Value.null, nil, ""), (true, .boolean, "true"), (false, .boolean, "false"),
      (.integer(.min), .integer, "-9223372036854775808"), (0.1, .real, "0.1"), (1.0, .real, "1.0"),
      (1e300, .real, "1e+300"), (-0.0, .real, "-0.0"), (.date("2024-05-31"), .date, "2024-05-31"),
      ("", .text, ""), ("a\nb", .text, "a\nb"),
    ] as [(Value, ValueKind?, String)])
  func `has a kind and a plain text`(value: Value, kind: ValueKind?, text: String) {
    #expect(value.kind == kind)
    #expect(value.plainText == text)
  }

  @Test(arguments: 0..<20) func `writes reals so that they read back bit for bit`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let number = Double(bitPattern: generator.next())
      guard number.isFinite else { continue }
      let text = Value.real(number).plainText
      #expect(Double(text)?.bitPattern == number.bitPattern)
      #expect(text.utf8.count <= 24)
    }
  }

  @Test func `makes values of optional texts and integers`() {
    #expect(Value(nil as String?) == .null)
    #expect(Value("x" as String?) == .text("x"))
    #expect(Value(3) == .integer(3))
    #expect(Value.text("1") != .integer(1))
    #expect(Value.date("x") != .text("x"))
  }
}

@Suite struct TableTests {
  private let table = Table(
    columns: [.init("id", .text, isKey: true), .init("n", .integer), .init("s", .real)],
    rows: [["a", 1, 0.5], ["b", nil, 1.5]])

  @Test func `finds columns by name`() {
    #expect(table.index(of: "n") == 1)
    #expect(table.index(of: "N") == nil)
  }

  @Test func `selects, repeats and reorders columns`() {
    let cut = table.selecting([2, 0, 0])
    #expect(cut.columns.map(\.name) == ["s", "id", "id"])
    #expect(cut.rows == [[0.5, "a", "a"], [1.5, "b", "b"]])
    #expect(table.selecting([0, 1, 2]) == table)
    #expect(table.selecting([]).rows == [[], []])
  }

  @Test func `replaces rows under the same columns`() {
    let other = table.replacing(rows: [["c", 3, nil]])
    #expect(other.columns == table.columns)
    #expect(other.rows == [["c", 3, nil]])
  }

  @Test func `stops at a row of another length`() async {
    await #expect(processExitsWith: .failure) {
      _ = Table(columns: [.init("a", .text)], rows: [["x", "y"]])
    }
  }
}

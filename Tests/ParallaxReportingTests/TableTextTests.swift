import ParallaxCore
import Testing

@testable import ParallaxReporting

@Suite struct TableTextTests {
  @Test func `reals that fixed decimals cannot show have an exponent`() throws {
    let table = Table(
      columns: [.init("score", .real, isKey: true), .init("x", .real)],
      rows: [
        [0.00001, 1e300], [0.5, 1e-300], [0.25, 0.125], [0.0, -1e15], [0.0, 0.0],
        [0.0, .real(.nan)], [0.0, 999_999_999_999_999.0], [0.0, 1.23456789e18],
      ])
    let lines = try render(table).split(separator: "\n").dropFirst()
    let cells = lines.map { $0.split(separator: " ").map(String.init) }
    #expect(cells.map { $0[0] }.prefix(2) == ["0.0000", "0.5000"])
    #expect(
      cells.map { $0[1] } == [
        "1e+300", "1e-300", "0.1250", "-1e+15", "0.0000", "nan", "999999999999999.0000",
        "1.2346e+18",
      ])
  }

  @Test func `nothing and an empty text look different`() throws {
    let table = Table(
      columns: [.init("id", .text), .init("x", .text)], rows: [["a", .null], ["b", ""]])
    #expect(try render(table) == "id  x\na\nb   \"\"\n")
  }

  @Test func `a column that wraps takes lines of its own`() throws {
    let table = Table(
      columns: [.init("what", .text, isKey: true), .init("value", .text, wraps: true)],
      rows: [["command", "query photos --text cat"], ["file", "/a/very/long/path"]])
    let text = try render(table, width: 22)
    #expect(
      text == """
        what     value
        command  query photos
                 --text cat
        file     /a/very/long/
                 path

        """)
    #expect(try render(table).split(separator: "\n").count == 3)
  }

  @Test func `a key that wraps leaves room for what is said of it`() throws {
    let key = String(repeating: "k", count: 70)
    let table = Table(
      columns: [
        .init("file", .text, isKey: true, wraps: true),
        .init("reason", .text, isMain: true, wraps: true),
      ],
      rows: [[.text(key), "a reason of some words that takes more than one line of this table"]])
    let lines = try render(table, width: 60).split(separator: "\n").dropFirst()
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.count <= 60 })
    #expect(lines.joined().filter { $0 == "k" }.count == 70 + 1)
  }

  @Test func `main columns are cut last`() throws {
    let table = Table(
      columns: [.init("other", .text), .init("reason", .text, isMain: true)],
      rows: [["something that is long", "the reason, whole"]])
    let text = try render(table, width: 30)
    #expect(text.hasSuffix("something …  the reason, whole\n"))
  }

  private func render(_ table: Table, width: Int? = nil) throws -> String {
    var text = ""
    try TableTextFormat(for: Presentation(width: width)).write(table) { text += $0 }
    return text
  }
}

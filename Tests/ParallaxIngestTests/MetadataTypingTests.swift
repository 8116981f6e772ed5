import ParallaxCore
import ParallaxIngest
import Testing

@Suite struct MetadataTypingTests {
  @Test(arguments: [
    (["1", "-2", "0"], ValueKind.integer), (["1", "", "3"], .integer), ([" 7 ", "8"], .integer),
    (["9223372036854775807"], .integer), (["9223372036854775808"], .text),
    (["00412", "5"], .text), (["0"], .integer), (["-0"], .integer), (["+41"], .text),
    (["1", "2.5"], .real), (["1e-3"], .real), ([".5", "-.5"], .real), (["5."], .text),
    (["1.50", "3"], .real), (["1e999"], .text), (["01.5"], .text), (["0.5"], .real),
    (["9223372036854775808", "1.5"], .text), (["nan"], .text), (["inf", "1.0"], .text),
    (["1e"], .text), (["."], .text), (["-"], .text), (["1,5"], .text), (["0x10"], .text),
    (["1_000"], .text), (["٣"], .text), (["true", "FALSE"], .boolean),
    (["yes", "no", ""], .boolean),
    (["yes", "1"], .text), (["true", "maybe"], .text), (["0", "1"], .integer),
    (["2024-05-31", "2023-01-01T12:00"], .date), (["2024-02-29"], .date), (["2023-02-29"], .text),
    (["2024-05-31", "soon"], .text), (["2024-5-31"], .text), (["2024-05"], .text),
    (["2024-05-31T12:00:00.25Z"], .text), (["20240531"], .integer), (["abc"], .text), ([], .text),
    (["", " "], .text),
  ])
  func `infers the kind of a column`(cells: [String], kind: ValueKind) {
    let cells = cells.map { $0.allSatisfy { $0 == " " } ? RawCell.empty : .untyped($0) }
    #expect(MetadataTyping.kind(of: cells) == kind)
    for case .untyped(let text) in cells {
      #expect(MetadataTyping.value(text, as: kind)?.kind == kind, "inferred but not readable")
    }
  }

  @Test(arguments: [
    ([RawCell.typed(1), .typed(2.5)], ValueKind.real), ([.typed(1), .empty], .integer),
    ([.typed("1"), .typed("2")], .text), ([.typed("2024-05-31")], .date),
    ([.typed(true), .empty], .boolean), ([.typed(true), .typed(1)], .text),
    ([.typed(nil)], .text), ([.typed("true")], .text),
  ])
  func `keeps the kinds that JSON states`(cells: [RawCell], kind: ValueKind) {
    #expect(MetadataTyping.kind(of: cells) == kind)
  }

  @Test(
    arguments: [
      ("2016.0", ValueKind.integer, Value.integer(2016)), ("007", .integer, 7),
      (" +5 ", .integer, 5),
      ("2016.5", .integer, nil), ("ten", .integer, nil), ("9223372036854775808", .integer, nil),
      (".0", .integer, nil), ("1.", .integer, 1), ("7", .real, 7.0), ("1e5", .real, 100000.0),
      ("nan", .real, nil), ("0x1p3", .real, nil), ("1e999", .real, nil), ("", .real, nil),
      ("T", .boolean, true), ("0", .boolean, false), ("No", .boolean, false), ("2", .boolean, nil),
      (" kept ", .text, " kept "), ("2024-05-31", .date, .date("2024-05-31")),
      ("2024-05-31 08:09", .date, .date("2024-05-31T08:09:00")),
      ("2024-05-31T08:09:10z", .date, .date("2024-05-31T08:09:10Z")),
      ("2024-01-01T00:30:00+0100", .date, .date("2023-12-31T23:30:00Z")),
      ("2024-02-28T23:30-01", .date, .date("2024-02-29T00:30:00Z")),
      ("0000-01-01T00:00+01:00", .date, nil), ("9999-12-31T23:59-01:00", .date, nil),
      ("2024-05-31T24:00", .date, nil), ("2024-05-31T12:60", .date, nil),
      ("2024-13-01", .date, nil),
      ("2024-00-01", .date, nil), ("2024-04-31", .date, nil), ("1900-02-29", .date, nil),
      ("2000-02-29", .date, .date("2000-02-29")), ("2024-05-31T", .date, nil),
      ("2024-05-31T12:00:00+1", .date, nil), ("2024-05-31T12:00:00ZZ", .date, nil),
    ] as [(String, ValueKind, Value?)])
  func `reads a text as a kind`(text: String, kind: ValueKind, value: Value?) {
    #expect(MetadataTyping.value(text, as: kind) == value)
  }

  @Test func `moves dates to UTC as Python does`() throws {
    for row in try Goldens.rows("dates.golden.txt") {
      #expect(MetadataTyping.value(row[0], as: .date) == .date(row[1]), "\(row[0])")
    }
  }
}

import ParallaxCore
import ParallaxIngest
import Testing

@Suite struct KindInferenceTests {
  @Test(arguments: [
    (["1", "-2", "0"], ValueKind.integer), (["1", "", "3"], .integer), ([" 7 ", "8"], .integer),
    (["9223372036854775807"], .integer), (["9223372036854775808"], .text),
    (["00412", "5"], .text), (["0"], .integer), (["-0"], .integer), (["+41"], .text),
    (["1", "2.5"], .real), (["1e-3"], .real), ([".5", "-.5"], .real), (["5."], .text),
    (["1.50", "3"], .real), (["1e999"], .text), (["01.5"], .text), (["0.5"], .real),
    (["9223372036854775808", "1.5"], .text), (["nan"], .text), (["inf", "1.0"], .text),
    (["1e"], .text), (["."], .text), (["-"], .text), (["1,5"], .text), (["0x10"], .text),
    (["1_000"], .text), (["٣"], .text), (["true", "FALSE"], .boolean),
    (["yes", "no", ""], .text), (["NO", "NO"], .text), (["on"], .text), (["T", "F"], .text),
    (["yes", "1"], .text), (["true", "maybe"], .text), (["0", "1"], .integer),
    (["2024-05-31", "2023-01-01T12:00"], .date), (["2024-02-29"], .date), (["2023-02-29"], .text),
    (["2024-05-31", "soon"], .text), (["2024-5-31"], .text), (["2024-05"], .text),
    (["2024-05-31T12:00:00.25Z"], .text), (["20240531"], .integer), (["abc"], .text), ([], .text),
    (["1,234", "5"], .text), (["2024-05-31 12:00", "2024-06-01"], .date),
  ])
  func `infers the kind of a column`(cells: [String], kind: ValueKind) {
    var inference = KindInference()
    let texts = cells.filter { !$0.allSatisfy { $0 == " " } }
    for text in texts { inference.add(text) }
    #expect(inference.kind ?? .text == kind)
    #expect((inference.kind == nil) == texts.isEmpty)
    for text in texts {
      let value = Value(reading: text, as: kind)
      #expect(value?.plainText == text, "the text is lost")
      #expect(
        value?.kind == kind || (value?.kind, kind) == (.integer, .real), "inferred but not readable"
      )
    }
  }

  @Test(
    arguments: [
      ([1, 2.5], ValueKind.real), ([1, nil], .integer), (["1", "2"], .text),
      (["2024-05-31"], .date),
      ([true, nil], .boolean), ([true, 1], .text), ([nil], nil), (["true"], .text),
      ([.written("1.50", as: 1.5), 2], .real), ([.list([1, 2]), 3], .integer),
    ] as [([Value], ValueKind?)])
  func `keeps the kinds that JSON states`(values: [Value], kind: ValueKind?) {
    var inference = KindInference()
    for value in values { inference.add(value) }
    #expect(inference.kind == kind)
  }

  @Test(
    arguments: [
      ("2016.0", ValueKind.integer, Value.integer(2016)), ("007", .integer, 7),
      (" +5 ", .integer, 5),
      ("2016.5", .integer, nil), ("ten", .integer, nil), ("9223372036854775808", .integer, nil),
      (".0", .integer, nil), ("1.", .integer, 1), ("7", .real, 7), ("1e5", .real, 100000.0),
      ("9007199254740993", .real, .integer(9_007_199_254_740_993)),
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
  func `reads a text as a kind and keeps it`(text: String, kind: ValueKind, value: Value?) {
    let read = Value(reading: text, as: kind)
    #expect(read?.typed == value)
    #expect(read == nil || read?.plainText == text)
  }

  @Test(
    arguments: [
      ("1.50", ValueKind.real, ValueKind.text), ("007", .integer, .real), ("TRUE", .boolean, .text),
      ("2024-05-31 12:00", .date, .text), ("+5", .integer, .text), ("n/a", .integer, .real),
    ])
  func `keeps the text through every change of kind`(
    text: String, first: ValueKind, then: ValueKind
  ) {
    let read = Value(reading: text, as: first) ?? .written(text, as: .null)
    for kinds in [[then], [then, first], [.text, .date, .real, first], [first]] {
      let moved = kinds.reduce(read) { $0.converted(to: $1) }
      #expect(moved.plainText == text)
      if kinds.last == first { #expect(moved == read) }
    }
  }

  @Test func `moves dates to UTC as Python does`() throws {
    for row in try Goldens.rows("dates.golden.txt") {
      #expect(Value(reading: row[0], as: .date)?.typed == .date(row[1]), "\(row[0])")
    }
  }
}

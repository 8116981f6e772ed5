import ParallaxText
import Testing

@Suite struct JSONScannerTests {
  private func string(
    _ text: String, _ strictness: JSONScanner.Strictness = .strict
  ) throws -> String {
    var scanner = JSONScanner(Array(text.utf8), strictness)
    return try scanner.string()
  }

  @Test(arguments: [
    (#""""#, ""), (#""plain""#, "plain"), (#" "a\"b\\c\/d""#, "a\"b\\c/d"),
    (#""\n\r\t\b\f""#, "\n\r\t\u{8}\u{C}"), (#""é猫""#, "é猫"),
    (#""\u0041\ud83d\udc08\u00e9""#, "A🐈é"), (#""x\\""#, "x\\"),
  ])
  func `a text is read`(json: String, text: String) throws {
    #expect(try string(json) == text)
    #expect(try string(json, .lenient) == text)
  }

  @Test(arguments: [
    (#""\ud83d""#, "\u{FFFD}"), (#""\udc08x""#, "\u{FFFD}x"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
    (#""\q""#, "q"),
  ])
  func `an odd text is repaired only where that is asked for`(json: String, text: String) throws {
    #expect(throws: JSONScanner.Malformed.self) { try string(json) }
    #expect(try string(json, .lenient) == text)
  }

  @Test(arguments: [
    #"""#, #""a"#, #""a\"#, #""\u12""#, #""\u+123""#, #""\u-000""#, #""\u12g4""#, "x", "",
  ])
  func `what is no text is refused`(json: String) {
    #expect(throws: JSONScanner.Malformed.self) { try string(json) }
    #expect(throws: JSONScanner.Malformed.self) { try string(json, .lenient) }
  }

  @Test func `bytes that are not UTF-8 are refused, or repaired`() throws {
    let bytes: [UInt8] = [0x22, 0x61, 0xFF, 0x22]
    var strict = JSONScanner(bytes)
    #expect(throws: JSONScanner.Malformed.self) { try strict.string() }
    var lenient = JSONScanner(bytes, .lenient)
    #expect(try lenient.string() == "a\u{FFFD}")
  }

  @Test func `members and elements are read in order, and the rest is passed over`() throws {
    let json = #"{ "skip": {"a": [1, "]}", {"b": null}]} , "numbers" : [1, -2.5e1], "n": -7 }"#
    var scanner = JSONScanner(Array(json.utf8))
    var (names, numbers, whole): ([String], [Float], Int32) = ([], [], 0)
    try scanner.members { name, scanner in
      names.append(name)
      switch name {
      case "numbers": try scanner.elements { numbers.append(try $0.number()) }
      case "n": whole = try scanner.integer()
      default: try scanner.skipValue()
      }
    }
    let isAtEnd = scanner.isAtEnd
    #expect(names == ["skip", "numbers", "n"])
    #expect(numbers == [1, -25])
    #expect(whole == -7)
    #expect(isAtEnd)
  }

  @Test func `a value is read from where it begins`() throws {
    let json = Array(#"{"a": [1, 2]}"#.utf8)
    var scanner = JSONScanner(json, from: 6)
    try scanner.skipValue()
    #expect(String(decoding: json[6..<scanner.position], as: UTF8.self) == "[1, 2]")
  }

  @Test(arguments: ["1.5", "+1", "", "x", "3000000000", "1e3"])
  func `only whole numbers in range are integers`(json: String) {
    var scanner = JSONScanner(Array(json.utf8))
    #expect(throws: JSONScanner.Malformed.self) { try scanner.integer() as Int32 }
  }

  @Test func `a mark, NaN and Infinity are known where that is asked for`() throws {
    var lenient = JSONScanner([0xEF, 0xBB, 0xBF] + Array("[NaN, -Infinity]".utf8), .lenient)
    var numbers: [Float] = []
    try lenient.elements { numbers.append(try $0.number()) }
    #expect(numbers[0].isNaN && numbers[1] == -.infinity)
    var strict = JSONScanner(Array("NaN".utf8))
    #expect(throws: JSONScanner.Malformed.self) { try strict.number() }
    var marked = JSONScanner([0xEF, 0xBB, 0xBF] + Array("[]".utf8))
    #expect(throws: JSONScanner.Malformed.self) { try marked.elements { try $0.skipValue() } }
  }

  @Test(arguments: ["[1, 2", "[1 2]", "{\"a\" 1}", "{\"a\": 1", "{1: 2}"])
  func `an array or object that is broken is refused`(json: String) {
    var scanner = JSONScanner(Array(json.utf8))
    #expect(throws: JSONScanner.Malformed.self) {
      if json.hasPrefix("[") {
        try scanner.elements { try $0.skipValue() }
      } else {
        try scanner.members { try $1.skipValue() }
      }
    }
  }
}

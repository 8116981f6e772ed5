import ParallaxText
import Testing

@Suite struct JSONTests {
  @Test(arguments: [
    ("", #""""#), ("a\"b\\c", #""a\"b\\c""#), ("line\nbreak\t\r", #""line\nbreak\t\r""#),
    ("\u{1}\u{1F}\u{7F}\u{9B}", #""\u0001\u001f\u007f\u009b""#),
    ("\u{2028}\u{202E}", #""\u2028\u202e""#), ("猫 é 🐈", #""猫 é 🐈""#),
  ])
  func `a string is escaped for JSON and for a terminal`(text: String, written: String) throws {
    #expect(JSON.string(text) == written)
    var scanner = JSONScanner(Array(written.utf8))
    #expect(try scanner.string() == text)
    let isAtEnd = scanner.isAtEnd
    #expect(isAtEnd)
  }

  @Test func `a number has 32 bits or all its digits`() throws {
    var values: [Double] = []
    var scanner = JSONScanner(Array("[0.1234567890123456,\n 1e400]".utf8))
    try scanner.elements { values.append(try $0.double()) }
    #expect(values == [0.1234567890123456, .infinity])
    var short = JSONScanner(Array("0.1234567890123456".utf8))
    #expect(try short.number() == 0.12345679)
  }

  @Test(arguments: ["0", "-0", "10", "0.5", "-1.25e-3", "1E+9"])
  func `a number of the standard is one`(text: String) { #expect(JSON.isNumber(text)) }

  @Test(arguments: ["", "-", "01", "1.", ".5", "+1", "1e", "1e+", "NaN", "0x1", "1 ", "1,2"])
  func `any other text is no number`(text: String) { #expect(!JSON.isNumber(text)) }
}

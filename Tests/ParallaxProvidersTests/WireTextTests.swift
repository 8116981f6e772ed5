import Testing

@testable import ParallaxProviders

@Suite struct WireTextTests {
  /// The test vectors of RFC 4648 §10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ])
  func `base64 is that of the standard`(text: String, encoded: String) {
    var output: [UInt8] = []
    Base64.append(Array(text.utf8), to: &output)
    #expect(String(decoding: output, as: UTF8.self) == encoded)
    #expect(Base64.count(of: text.utf8.count) == encoded.utf8.count)
  }

  @Test func `texts are escaped as JSON wants it`() {
    var body = JSONBody()
    body.array(["a\"b\\c", "line\nbreak\t\u{1}\u{1F}", "猫 é"]) { $0.string($1) }
    #expect(
      String(decoding: body.bytes, as: UTF8.self)
        == #"["a\"b\\c","line\nbreak\t\u0001\u001f","猫 é"]"#)
  }
}

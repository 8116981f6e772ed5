import Testing

@testable import ParallaxProviders

@Suite struct WireTextTests {
  @Test func `texts are escaped as JSON wants it`() {
    var body = JSONBody()
    body.array(["a\"b\\c", "line\nbreak\t\u{1}\u{1F}", "猫 é"]) { $0.string($1) }
    #expect(
      String(decoding: body.bytes, as: UTF8.self)
        == #"["a\"b\\c","line\nbreak\t\u0001\u001f","猫 é"]"#)
  }
}

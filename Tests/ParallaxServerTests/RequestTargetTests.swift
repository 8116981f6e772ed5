import ParallaxCore
import Testing

@testable import ParallaxServer

@Suite struct RequestTargetTests {
  static let targets: [(text: String, path: [String]?, parameters: [String])] = [
    ("/", [], []), ("/?", [], []), ("/a/b", ["a", "b"], []), ("/a/", ["a", ""], []),
    ("//a", ["", "a"], []), ("/a%2Fb/%2e%2e", ["a/b", ".."], []), ("/%E2%82%AC", ["€"], []),
    ("/a+b?x=1+2&y&z=%3D%26", ["a+b"], ["x=1 2", "y=", "z==&"]),
    ("/a?b?c=d", ["a"], ["b?c=d"]), ("", nil, []), ("a", nil, []), ("*", nil, []),
    ("/%", nil, []), ("/%4", nil, []), ("/%4g", nil, []), ("/%00", nil, []), ("/%C3", nil, []),
    ("/a?x=%", nil, []), ("/a?%zz=1", nil, []),
  ]

  @Test(arguments: targets)
  func `a target is decoded once`(text: String, path: [String]?, parameters: [String]) {
    let target = RequestTarget(text)
    #expect(target?.path == path)
    #expect((target?.parameters ?? []).map { "\($0.name)=\($0.value)" } == parameters)
  }

  @Test func `what is encoded is decoded as it was`() {
    for text in ["", "a b/c", "../é?#&=+%", "\"<script>'\u{202E}\n"] {
      let encoded = RequestTarget.encoded(text)
      #expect(RequestTarget("/\(encoded)x?\(encoded)=\(encoded)")?.path == ["\(text)x"])
      #expect(RequestTarget("/?a=\(encoded)")?.parameter("a") == text)
    }
  }

  @Test func `a problem is what RFC 9457 says, with the stable code`() {
    let error = ParallaxError(
      .unknownName, "there is no collection '<a\"\u{1B}\n'", hint: "look", parameter: "space")
    #expect(
      Problem(404, error).json
        == #"{"type": "about:blank", "title": "Not Found", "status": 404, "code": "unknown-name", "#
        + #""detail": "there is no collection '<a\"\u001b\n'", "hint": "look", "parameter": "space"}"#
        + "\n")
  }
}

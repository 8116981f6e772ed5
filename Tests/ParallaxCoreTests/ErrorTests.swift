import ParallaxCore
import Testing

@Suite struct ParallaxErrorTests {
  private let place = ParallaxError.Location(
    source: "a.plx", text: "query x", line: 3, range: 0..<5)

  @Test func `takes the first location it is given`() {
    let error = ParallaxError(.usage, "no such verb")
    #expect(error.location == nil)
    let located = error.located(at: place)
    #expect(located.location == place)
    var other = place
    other.line = 9
    #expect(located.located(at: other).location == place)
    #expect(located.message == error.message)
    #expect(located.code == error.code)
  }

  @Test func `describes itself with its hint and causes on one line`() {
    let inner = ParallaxError(.unreadableFile, "cannot read 'x'")
    let error = ParallaxError(.provider, "no answer", hint: "try again", cause: inner)
    #expect("\(error)" == "provider: no answer (try again) <- unreadable-file: cannot read 'x'")
    #expect("\(inner)" == "unreadable-file: cannot read 'x'")
  }

  @Test(
    arguments: [
      (ParallaxError.Code.usage, "usage", 2), (.unknownName, "unknown-name", 1),
      (.alreadyExists, "already-exists", 1), (.invalidValue, "invalid-value", 1),
      (.unreadableFile, "unreadable-file", 1), (.unsupported, "unsupported", 1),
      (.missingComponent, "missing-component", 1), (.provider, "provider", 4),
      (.cancelled, "cancelled", 130), (.internalError, "internal-error", 1),
    ] as [(ParallaxError.Code, String, Int32)])
  func `has stable codes and exit codes`(code: ParallaxError.Code, name: String, exit: Int32) {
    #expect("\(code)" == name)
    #expect(code.exitCode == exit)
  }
}

@Suite struct SuggestionTests {
  private static let verbs = ["query", "load", "list", "unload", "compare", "describe", "eval"]

  @Test(arguments: [
    ("qurey", "query"), ("QUERY", "query"), ("lod", "load"), ("lits", "list"),
    ("unlaod", "unload"), ("comparee", "compare"), ("descrbie", "describe"), ("evla", "eval"),
    ("loud", "load"), ("xyz", nil), ("", nil), ("q", nil), ("que", nil), ("quer", "query"),
    ("deduplicate", nil), ("list", "list"),
  ])
  func `suggests only what is near`(word: String, expected: String?) {
    #expect(Suggestion.nearest(to: word, among: Self.verbs) == expected)
  }

  @Test func `prefers the first of equals and words a hint`() {
    #expect(Suggestion.nearest(to: "cat", among: ["bat", "car", "hat"]) == "bat")
    #expect(Suggestion.hint(for: "qurey", among: Self.verbs) == "did you mean 'query'?")
    #expect(Suggestion.hint(for: "zzzzzz", among: Self.verbs) == nil)
    #expect(Suggestion.nearest(to: "x", among: []) == nil)
    #expect(Suggestion.nearest(to: "ab", among: ["b", "a"]) == nil)
  }
}

import ParallaxCore
import Testing

@Suite struct SuggestionTests {
  private static let verbs = ["query", "load", "list", "unload", "compare", "describe", "eval"]

  @Test(arguments: [
    ("qurey", "query"), ("QUERY", "query"), ("lod", "load"), ("lits", "list"),
    ("unlaod", "unload"), ("comparee", "compare"), ("descrbie", "describe"), ("evla", "eval"),
    ("loud", "load"), ("xyz", nil), ("", nil), ("q", nil), ("que", nil), ("quer", "query"),
    ("deduplicate", nil), ("list", "list"), ("queryqueryquery", nil),
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

  @Test(.timeLimit(.minutes(10)))
  func `a pasted page is answered at once`() {
    let page = String(repeating: "x", count: 300_000)
    #expect(Suggestion.hint(for: page, among: Self.verbs) == nil)
  }
}

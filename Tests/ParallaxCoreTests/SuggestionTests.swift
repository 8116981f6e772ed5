import ParallaxCore
import Testing

@Suite struct SuggestionTests {
  static let names = ["query", "quit", "rerank", "record", "report", "use"]

  @Test(arguments: [
    ("qurey", "query"), ("QUERY", "query"), ("reprot", "report"), ("quitt", "quit"),
    ("sue", "use"), ("zzzzz", nil), ("", nil), ("queryqueryquery", nil),
  ])
  func `only a near name is suggested`(word: String, name: String?) {
    #expect(Suggestion.nearest(to: word, among: Self.names) == name)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a pasted page is answered at once`() {
    let page = String(repeating: "x", count: 300_000)
    let elapsed = ContinuousClock().measure {
      #expect(Suggestion.hint(for: page, among: Self.names) == nil)
    }
    #expect(elapsed < .seconds(5))
  }
}

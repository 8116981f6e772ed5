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

  @Test func `is about the first parameter it is given, unless it points somewhere`() throws {
    let error = ParallaxError(.invalidValue, "too many")
    let about = error.about("dims")
    #expect(about.parameter == ParallaxError.Parameter(name: "dims", index: 0, part: nil))
    #expect(about.about("top").parameter == about.parameter)
    #expect(error.located(at: place).about("top").parameter == nil)
    let thrown = try #require(throws: ParallaxError.self) {
      try attributing(to: .init(name: "also", index: 2)) { throw error }
    }
    #expect(thrown.parameter == ParallaxError.Parameter(name: "also", index: 2))
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

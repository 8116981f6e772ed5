import ParallaxSystem
import Testing

@Suite struct ClockTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"),
    (951_782_400, "2000-02-29T00:00:00Z"), (1_780_228_800, "2026-05-31T12:00:00Z"),
    (-1, "1969-12-31T23:59:59Z"),
  ])
  func `a point in time is written in UTC, to the second`(seconds: Int, text: String) {
    #expect(Clock.text(secondsSince1970: seconds) == text)
  }

  @Test func `an earlier time sorts before a later one`() {
    let yesterday = Clock.text(secondsSince1970: Clock.secondsSince1970() - 86_400)
    #expect(yesterday < Clock.now())
  }
}

import ParallaxTestSupport
import Testing

@testable import ParallaxHTTP

@Suite struct RetryDelayTests {
  @Test(arguments: [
    ("593.86ms", 0.59386), ("0.59s", 0.59), ("19s", 19), ("7", 7), ("1.5", 1.5), ("1m2.5s", 62.5),
    ("6m0s", 360), ("2h", 7_200), ("1h2m3s", 3_723), ("45 seconds", 45), ("1 minute", 60),
    ("250 milliseconds", 0.25), ("0s", 0), (" 3s ", 3), ("1m 30s", 90), ("1d", 86_400),
    ("500us", 0.0005),
  ])
  func `every way of writing a duration is read`(text: String, seconds: Double) throws {
    let duration = try #require(RetryDelay.duration(text))
    #expect(abs(duration / .seconds(1) - seconds) < 1e-9, "\(text) is \(duration)")
  }

  @Test(arguments: ["", "soon", "s", "-3s", "1e400", "99999999999s", "3 apples", "1.2.3s", "NaN"])
  func `what is no duration is none`(text: String) {
    #expect(RetryDelay.duration(text) == nil)
  }

  @Test(arguments: [
    ("You exceeded your quota. Please retry in 593.86ms.", 0.59386),
    ("Rate limit reached. Please try again in 1m2.5s. Visit us.", 62.5),
    ("Please retry after 22 seconds.", 22), ("PLEASE RETRY IN 3S", 3),
    ("Please retry in 45. Thank you", 45), ("Please retry in 5 or so", 5),
  ])
  func `a sentence that names a wait is understood`(text: String, seconds: Double) throws {
    let duration = try #require(RetryDelay.duration(in: text))
    #expect(abs(duration / .seconds(1) - seconds) < 1e-9, "\(text) is \(duration)")
  }

  @Test func `a sentence that names none is not`() {
    for text in ["", "please retry in a moment", "503 Service Unavailable", "retry later"] {
      #expect(RetryDelay.duration(in: text) == nil)
    }
  }

  /// Seconds by Python's calendar.timegm.
  @Test(arguments: [
    ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
    ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
    ("Sun Nov  6 08:49:37 1994", 784_111_777),
    ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
    ("Fri, 01 Mar 2030 00:00:00 GMT", 1_898_553_600),
    ("Tuesday, 31-Dec-69 00:00:00 GMT", 3_155_673_600),
    ("Sun, 31 Dec 2000 23:59:60 GMT", 978_307_200),
  ])
  func `dates of all three forms are read`(text: String, seconds: Int) {
    // As seen from November 2026: the year 69 is 43 years ahead, 94 is past.
    #expect(HTTPDate.seconds(of: text, now: 1_795_651_200) == seconds)
  }

  @Test(arguments: [
    "", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "06 Nov 1994",
    "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 19945 08:49:37 GMT",
  ])
  func `what is no date is none`(text: String) {
    #expect(HTTPDate.seconds(of: text, now: 1_795_651_200) == nil)
  }

  @Test func `a date is compared with the server's own clock`() {
    func wait(_ headers: [HTTPRequest.Header]) -> Duration? {
      HTTPResponse(status: 429, headers: headers).retryAfter
    }
    let server = HTTPRequest.Header("date", "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(wait([server, .init("Retry-After", "Sun, 06 Nov 1994 08:50:07 GMT")]) == .seconds(30))
    #expect(wait([server, .init("Retry-After", "Sunday, 06-Nov-94 08:50:07 GMT")]) == .seconds(30))
    // A moment that is over, for the server or for us.
    #expect(wait([server, .init("Retry-After", "Sun, 06 Nov 1994 08:49:30 GMT")]) == nil)
    #expect(wait([.init("Retry-After", "Sun, 06 Nov 1994 08:50:07 GMT")]) == nil)
    #expect(wait([.init("retry-after", "12")]) == .seconds(12))
    #expect(wait([.init("Retry-After-Ms", "1500")]) == .seconds(1.5))
    #expect(wait([.init("Retry-After", "tomorrow")]) == nil)
    #expect(wait([]) == nil)
  }

  @Test func `moments far away are counted in nanoseconds as far as these go`() {
    #expect(HTTPDate.nanoseconds(of: "Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777_000_000_000)
    #expect(HTTPDate.nanoseconds(of: "Sun, 06 Nov 3994 08:49:37 GMT") == .max)
    #expect(HTTPDate.nanoseconds(of: "soon") == nil)
  }
}

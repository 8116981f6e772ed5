import ParallaxHTTP
import Testing

@testable import ParallaxProviders

/// What services count is in their replies, which may say anything.
@Suite struct TokenCountTests {
  private static let key = Secret("key")

  @Test(arguments: [("0", 0), ("12", 12), ("-1", nil), ("9223372036854775807", nil)])
  func `a count that no request can have is none`(number: String, count: Int?) {
    let api = GeminiAPI(base: "http://h", model: "m", key: Self.key, dimension: 3, tasks: [:])
    let reply = HTTPResponse(status: 200, body: Array("{\"totalTokens\": \(number)}".utf8))
    #expect(api.tokens(in: reply) == count)
  }

  @Test func `a judge's record adds up what services say, as far as it can be so`() {
    let record = JudgeRecord()
    let large = GenerateContentAPI.Usage(
      promptTokenCount: 300, candidatesTokenCount: .max, thoughtsTokenCount: .max)
    record.note(large)
    record.note(.init(promptTokenCount: .max, candidatesTokenCount: 1, thoughtsTokenCount: 1))
    record.note(.init(promptTokenCount: 200, candidatesTokenCount: 5, thoughtsTokenCount: -7))
    #expect(
      record.drainNotes() == ["the service counted 500 tokens read and 5 written in 2 answers"])
  }
}

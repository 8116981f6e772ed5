internal import ParallaxCore
internal import ParallaxHTTP

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// The error body of Google's services (google.rpc.Status as JSON), and what it means.
struct GoogleError: Sendable {
  let status: Int
  let message: String
  /// Such as `RESOURCE_EXHAUSTED`.
  private let code: String
  private let quotaIDs: [String]
  private let reasons: [String]
  private let retryDelay: Duration?

  private struct Body: Decodable {
    struct Failure: Decodable {
      var message: String?
      var status: String?
      var details: [Detail]?
    }
    struct Detail: Decodable {
      var violations: [Violation]?
      var retryDelay: String?
      var reason: String?
    }
    struct Violation: Decodable { var quotaId: String? }
    var error: Failure
  }

  init(_ response: HTTPResponse) {
    status = response.status
    let failure = Self.failure(in: response.body)
    let details = failure?.details ?? []
    message = failure?.message ?? Self.summary(of: response)
    code = failure?.status ?? ""
    quotaIDs = details.flatMap { $0.violations ?? [] }.compactMap(\.quotaId)
    reasons = details.compactMap(\.reason)
    let named = details.compactMap(\.retryDelay).first ?? response.header("Retry-After")
    retryDelay = named.flatMap { Self.seconds($0) } ?? Self.seconds(named: message)
  }

  /// Some replies are wrapped in an array of one.
  private static func failure(in body: [UInt8]) -> Body.Failure? {
    let decoder = JSONDecoder()
    if let body = try? decoder.decode(Body.self, from: Data(body)) { return body.error }
    return (try? decoder.decode([Body].self, from: Data(body)))?.first?.error
  }

  /// What the engine should do about it.
  func verdict(model: String, keyNames: String) -> HTTPClient.Verdict {
    switch status {
    case 429 where quotaIDs.contains { $0.contains("PerDay") }:
      return .refused(
        ParallaxError(
          .quota, "the day's quota of '\(model)' is used up: \(message)",
          hint: "it is renewed at midnight Pacific time; the same command with --resume goes on"))
    case 429: return .retry(.init(after: retryDelay, isForHaste: true, reason: message))
    case 408, 500, 502, 503, 504:
      return .retry(.init(after: retryDelay, reason: "\(status): \(message)"))
    case 401, 403:
      return .refused(refusedKey(keyNames))
    case 400 where reasons.contains("API_KEY_INVALID"):
      return .refused(refusedKey(keyNames))
    case 404:
      return .refused(
        ParallaxError(.unknownModel, "the service has no model '\(model)': \(message)"))
    case 400 where code == "FAILED_PRECONDITION":
      return .refused(ParallaxError(.provider, "the service refuses the account: \(message)"))
    case 400, 413:
      return .refused(ParallaxError(.rejectedInput, "the service refuses the input: \(message)"))
    default:
      return .refused(ParallaxError(.provider, "the service answered \(status): \(message)"))
    }
  }

  private func refusedKey(_ names: String) -> ParallaxError {
    ParallaxError(
      .authentication, "the service does not accept the key (\(status)): \(message)",
      hint: "set \(names) to a key that may use this model")
  }

  /// `19s`, `45.4s`, or a bare number of seconds.
  private static func seconds(_ text: String) -> Duration? {
    Double(text.hasSuffix("s") ? String(text.dropLast()) : text)
      .flatMap { $0 >= 0 && $0 < 1e7 ? .seconds($0) : nil }
  }

  /// The time of "… retry in 19.42s".
  private static func seconds(named message: String) -> Duration? {
    guard let range = message.firstRange(of: "retry in ") else { return nil }
    return seconds(String(message[range.upperBound...].prefix { $0.isNumber || $0 == "." }))
  }

  /// A body that is no JSON, such as a proxy's page, in a line.
  private static func summary(of response: HTTPResponse) -> String {
    let text = String(decoding: response.body.prefix(200), as: UTF8.self)
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return text.isEmpty ? "no explanation" : "'\(text)'"
  }
}

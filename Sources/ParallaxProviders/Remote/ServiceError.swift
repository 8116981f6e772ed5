internal import ParallaxCore
internal import ParallaxHTTP

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// The error reply of a provider, in any of the forms that are in use, and what it means.
///
/// `{"error": {"message": …}}` with google.rpc details (Google) or without (OpenAI and its kin),
/// `{"message": …}` (Cohere), `{"detail": …}` (Voyage, Jina).
struct ServiceError: Sendable {
  let status: Int
  let message: String
  /// Such as `RESOURCE_EXHAUSTED`.
  private let code: String
  private let quotaIDs: [String]
  private let reasons: [String]
  private let retryDelay: Duration?

  private struct Body: Decodable {
    var error: Failure?
    var message: String?
    var detail: Text?
  }

  private struct Failure: Decodable {
    var message: String?
    var status: String?
    var details: [Detail]?
  }

  private struct Detail: Decodable {
    var violations: [Violation]?
    var retryDelay: String?
    var reason: String?
  }

  private struct Violation: Decodable { var quotaId: String? }

  /// A text, or something else that is shown as it came.
  private struct Text: Decodable {
    var text: String?

    init(from decoder: any Decoder) throws {
      text = try? decoder.singleValueContainer().decode(String.self)
    }
  }

  init(_ response: HTTPResponse) {
    status = response.status
    let body = Self.body(response.body)
    let failure = body?.error
    let details = failure?.details ?? []
    message =
      failure?.message ?? body?.message ?? body?.detail?.text ?? Self.summary(of: response)
    code = failure?.status ?? ""
    quotaIDs = details.flatMap { $0.violations ?? [] }.compactMap(\.quotaId)
    reasons = details.compactMap(\.reason)
    let named = details.compactMap(\.retryDelay).first ?? response.header("Retry-After")
    retryDelay = named.flatMap { Self.seconds($0) } ?? Self.seconds(named: message)
  }

  /// Some replies are wrapped in an array of one.
  private static func body(_ bytes: [UInt8]) -> Body? {
    let decoder = JSONDecoder()
    if let body = try? decoder.decode(Body.self, from: Data(bytes)) { return body }
    return (try? decoder.decode([Body].self, from: Data(bytes)))?.first
  }

  /// What the engine should do about it.
  func verdict(model: String, keyNames: [String]) -> HTTPClient.Verdict {
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
    case 400, 413, 422:
      return .refused(ParallaxError(.rejectedInput, "the service refuses the input: \(message)"))
    default:
      return .refused(ParallaxError(.provider, "the service answered \(status): \(message)"))
    }
  }

  private func refusedKey(_ names: [String]) -> ParallaxError {
    ParallaxError(
      .authentication, "the service does not accept the key (\(status)): \(message)",
      hint: "set \(names.joined(separator: " or ")) to a key that may use this model")
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

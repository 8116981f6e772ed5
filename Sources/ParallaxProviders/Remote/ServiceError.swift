internal import ParallaxCore
internal import ParallaxHTTP
internal import ParallaxText

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// The error reply of a provider, in any of the forms that are in use, and what it means.
///
/// `{"error": {"message": …}}` with google.rpc details (Google) or without (OpenAI and its kin),
/// `{"error": "…"}`, `{"message": …}` (Cohere), `{"detail": …}` (Voyage, Jina, FastAPI); any of them
/// in an array of one, or under the status of a success.
struct ServiceError: Sendable {
  /// Of the reply, or what its body says where the reply itself is a success.
  let status: Int
  let message: String
  /// Such as `RESOURCE_EXHAUSTED`.
  private let code: String
  private let quotaIDs: [String]
  private let reasons: [String]
  private let retryDelay: Duration?
  /// Where a redirection leads.
  private let location: String?

  /// Bytes of an error that are read; what is longer is a page for people.
  private static let longestBody = 1 << 16
  /// The members that hold vectors, scores or texts in the replies of the providers.
  private static let answerNames: Set = [
    "data", "embeddings", "embedding", "predictions", "results", "candidates",
  ]

  init(_ response: HTTPResponse) {
    let body = ErrorBody.read(response.body.prefix(Self.longestBody))
    code = body?.status ?? ""
    let named = body?.code ?? Self.statuses[code]
    status = response.isSuccess ? named ?? response.status : response.status
    message = body?.message ?? Self.summary(of: response)
    quotaIDs = body?.details.flatMap(\.quotaIDs) ?? []
    reasons = body?.details.compactMap(\.reason) ?? []
    retryDelay =
      body?.details.compactMap(\.retryDelay).first ?? response.retryAfter
      ?? RetryDelay.duration(in: message)
    location = response.header("Location")
  }

  /// Whether the body of a success says that it is none.
  static func isError(_ body: [UInt8]) -> Bool {
    var scanner = JSONScanner(body, .lenient)
    guard scanner.next == UInt8(ascii: "{") else { return false }
    var names: Set<String> = []
    do {
      try scanner.members { name, scanner in
        let isNull = scanner.next == UInt8(ascii: "n") || scanner.next == UInt8(ascii: "f")
        if !isNull { names.insert(name) }
        try scanner.skipValue()
      }
    } catch {
      return false
    }
    if !names.isDisjoint(with: answerNames) { return false }
    return !names.isDisjoint(with: ["error", "errors", "message", "detail"])
  }

  /// What the engine should do about it.
  func verdict(model: String, keyNames: [String]) -> HTTPClient.Verdict {
    switch status {
    case 429 where quotaIDs.contains { $0.contains("PerDay") }:
      return .refused(
        ParallaxError(
          .quota, "the day's quota of '\(model)' is used up: \(message)",
          hint:
            "it is renewed at midnight Pacific time; the same command continues (embed: with --resume)"
        ))
    case 429: return .retry(.init(after: retryDelay, isRateLimit: true, reason: message))
    case 501, 505, 511:
      return .refused(ParallaxError(.provider, "the service answered \(status): \(message)"))
    case 408, 425, 500...599:
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
    case 300..<400: return .refused(moved)
    case 200..<300:
      return .refused(ParallaxError(.provider, "the service answered an error: \(message)"))
    default:
      return .refused(ParallaxError(.provider, "the service answered \(status): \(message)"))
    }
  }

  private var moved: ParallaxError {
    let target = location.map { " to '\(Address.shown($0))'" } ?? ""
    return ParallaxError(
      .provider,
      "the service redirects\(target) (\(status)), which Parallax does not follow: the key is meant for the original address",
      hint: "if you trust the new address, set it in PARALLAX_<PROVIDER>_URL")
  }

  private func refusedKey(_ names: [String]) -> ParallaxError {
    ParallaxError(
      .authentication, "the service does not accept the key (\(status)): \(message)",
      hint: "set \(names.joined(separator: " or ")) to a key that may use this model")
  }

  /// The statuses that google.rpc's codes stand for.
  private static let statuses = [
    "CANCELLED": 499, "UNKNOWN": 500, "INVALID_ARGUMENT": 400, "DEADLINE_EXCEEDED": 504,
    "NOT_FOUND": 404, "PERMISSION_DENIED": 403, "UNAUTHENTICATED": 401, "RESOURCE_EXHAUSTED": 429,
    "FAILED_PRECONDITION": 400, "INTERNAL": 500, "UNAVAILABLE": 503,
  ]

  /// A body that is no JSON, such as a proxy's page, in a line. It is cut where its secrets have been
  /// taken out.
  private static func summary(of response: HTTPResponse) -> String {
    let text = String(decoding: response.body.prefix(longestBody), as: UTF8.self)
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return text.isEmpty ? "no explanation" : "'\(text)'"
  }
}

/// The parts of an error's body, each of which may be missing or of another type.
private struct ErrorBody: Decodable {
  var message: String?
  /// An HTTP status.
  var code: Int?
  var status: String?
  var details: [Detail]

  private enum Name: String, CodingKey {
    case error, errors, message, msg, detail, code, status, details, type
  }

  /// Some replies are wrapped in an array of one.
  static func read(_ bytes: ArraySlice<UInt8>) -> ErrorBody? {
    let decoder = JSONDecoder()
    if let body = try? decoder.decode(ErrorBody.self, from: Data(bytes)) { return body }
    return (try? decoder.decode([ErrorBody].self, from: Data(bytes)))?.first
  }

  init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      (message, details) = (text, [])
      return
    }
    let values = try decoder.container(keyedBy: Name.self)
    let inner =
      (try? values.decode(ErrorBody.self, forKey: .error))
      ?? (try? values.decode([ErrorBody].self, forKey: .errors))?.first
      ?? (try? values.decode(ErrorBody.self, forKey: .detail))
      ?? (try? values.decode([ErrorBody].self, forKey: .detail))?.first
    func text(_ name: Name) -> String? { try? values.decode(String.self, forKey: name) }
    message = inner?.message ?? text(.message) ?? text(.msg) ?? text(.detail)
    let number = (try? values.decode(Int.self, forKey: .code)) ?? text(.code).flatMap { Int($0) }
    code = inner?.code ?? number.flatMap { (100...599).contains($0) ? $0 : nil }
    status = inner?.status ?? text(.status)
    let own = try? values.decode([Detail].self, forKey: .details)
    details = inner.map(\.details).flatMap { $0.isEmpty ? nil : $0 } ?? own ?? []
  }

  struct Detail: Decodable {
    var quotaIDs: [String] = []
    var retryDelay: Duration?
    var reason: String?

    private enum Name: String, CodingKey { case violations, retryDelay, reason }
    private struct Violation: Decodable { var quotaId: String? }
    /// A duration in protocol buffers' other spelling.
    private struct Parts: Decodable {
      var seconds: Number?
      var nanos: Number?
    }
    /// Numbers of 64 bits are texts in that spelling.
    private struct Number: Decodable {
      var value: Double
      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try? container.decode(String.self)
        value = try text.flatMap(Double.init) ?? container.decode(Double.self)
      }
    }

    init(from decoder: any Decoder) throws {
      // A detail may be a text or anything else.
      guard let values = try? decoder.container(keyedBy: Name.self) else { return }
      quotaIDs =
        ((try? values.decode([Violation].self, forKey: .violations)) ?? []).compactMap(\.quotaId)
      reason = try? values.decode(String.self, forKey: .reason)
      if let text = try? values.decode(String.self, forKey: .retryDelay) {
        retryDelay = RetryDelay.duration(text)
      } else if let seconds = try? values.decode(Double.self, forKey: .retryDelay) {
        retryDelay = RetryDelay.duration(seconds: seconds)
      } else if let parts = try? values.decode(Parts.self, forKey: .retryDelay) {
        retryDelay = RetryDelay.duration(
          seconds: (parts.seconds?.value ?? 0) + (parts.nanos?.value ?? 0) / 1e9)
      }
    }
  }
}

internal import ParallaxCore
internal import ParallaxHTTP

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif
/// The bearer token of a Google Cloud project, renewed before it runs out and when it is refused.
actor GoogleAccess {
  enum Source: Sendable {
    /// Given by a person: it cannot be renewed.
    case token(Secret)
    case credentials(GoogleCredentials)
    /// Asks the `gcloud` program.
    case gcloud
  }

  static let tokenNames = ["GOOGLE_OAUTH_ACCESS_TOKEN"]
  /// What a person may set when an access is refused.
  static let sources = tokenNames + ["GOOGLE_APPLICATION_CREDENTIALS"]
  /// A token is used until so long before its end.
  private static let margin: Duration = .seconds(120)

  private let source: Source
  private let client: HTTPClient
  private var known: (token: Secret, end: ContinuousClock.Instant)?

  init(_ source: Source, client: HTTPClient) {
    self.source = source
    self.client = client
  }

  /// Requests that start together share one.
  private var fetching: Task<(token: Secret, seconds: Int), any Error>?

  /// - Throws: `missing-key` and `authentication` saying what to do; `provider` when the token service
  ///   is in trouble; `CancellationError`.
  func token() async throws -> Secret {
    if let known, ContinuousClock().now < known.end { return known.token }
    let task = fetching ?? Task { try await fetch() }
    fetching = task
    let result = await withTaskCancellationHandler {
      await task.result
    } onCancel: {
      task.cancel()
    }
    if fetching == task { fetching = nil }
    let (token, seconds) = try result.get()
    known = (token, ContinuousClock().now + max(.zero, .seconds(seconds) - Self.margin))
    return token
  }

  /// What is known of tokens that may be in use.
  var secrets: [Secret] {
    if case .token(let token) = source { return [token] }
    return known.map { [$0.token] } ?? []
  }

  /// Forgets a token that was refused; says whether another can be had.
  func renew() -> Bool {
    known = nil
    if case .token = source { return false }
    return true
  }

  private func fetch() async throws -> (token: Secret, seconds: Int) {
    switch source {
    case .token(let token): return (token, 3_600)
    case .credentials(let credentials): return try await exchange(credentials)
    // It does not say for how long: it hands out tokens that have run half their hour.
    case .gcloud: return (try await Self.askGcloud(), 600)
    }
  }

  private struct Reply: Decodable {
    var access_token: String
    var expires_in: Int?
  }

  private struct Refusal: Decodable {
    var error: String?
    var error_description: String?
  }

  private func exchange(
    _ credentials: GoogleCredentials
  ) async throws -> (token: Secret, seconds: Int) {
    let response = try await client.send(credentials.tokenRequest()) { response in
      if response.isSuccess { return .accepted }
      if response.status == 429 || response.status >= 500 {
        return .retry(.init(reason: "the token service returned \(response.status)"))
      }
      let refusal = try? JSONDecoder().decode(Refusal.self, from: Data(response.body))
      let words = refusal?.error_description ?? refusal?.error ?? "\(response.status)"
      return .refused(
        ParallaxError(
          .authentication, "the token service refuses the credentials file: \(words)",
          hint: "create a new key, or log in again"))
    }
    guard let reply = try? JSONDecoder().decode(Reply.self, from: Data(response.body)) else {
      throw ParallaxError(.badReply, "the token service returned no token")
    }
    let token = Secret(reply.access_token)
    guard token.isOneWord, !token.isEmpty else {
      throw ParallaxError(.badReply, "the token service returned no token")
    }
    return (token, reply.expires_in ?? 3_600)
  }

  private static func askGcloud() async throws -> Secret {
    let command = "gcloud auth print-access-token 2>/dev/null </dev/null"
    let output = try await ChildProcess.output(of: command, atMost: 8_192)
    let token = Secret(String(decoding: output ?? [], as: UTF8.self))
    guard !token.isEmpty, token.isOneWord else {
      throw ParallaxError(
        .missingKey, "provider 'vertex' found no token and 'gcloud' gave none",
        hint: "log in with 'gcloud auth login', or name a service account's key file in "
          + "GOOGLE_APPLICATION_CREDENTIALS, or a token in \(tokenNames.joined())")
    }
    return token
  }
}

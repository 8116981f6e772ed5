package import ParallaxCore

/// Sends requests until they are answered or it is clear that they will not be.
package struct HTTPClient: Sendable {
  /// What a reply means, as its provider reads it.
  package enum Verdict: Sendable {
    case accepted
    /// The same request may succeed later.
    case retry(Retry)
    /// It never will.
    case refused(ParallaxError)
  }

  package struct Retry: Sendable, Hashable {
    /// What the server asked for; `nil` when it named no time.
    package var after: Duration?
    /// Whether the server was asked too much, rather than being in trouble.
    package var isForHaste: Bool
    /// The server's words.
    package var reason: String

    package init(after: Duration? = nil, isForHaste: Bool = false, reason: String) {
      self.after = after
      self.isForHaste = isForHaste
      self.reason = reason
    }
  }

  /// A network that is down is said soon: nobody is served by minutes of trying.
  private static let attemptsToConnect = 3

  private let transport: any HTTPTransport
  private let backOff: BackOff
  private let limiter: RateLimiter
  private let gate: ConcurrencyGate
  private let sleep: @Sendable (Duration) async throws -> Void
  private let trace: HTTPTrace?

  /// - Parameter sleep: waits, or throws `CancellationError`; injected by tests.
  package init(
    transport: any HTTPTransport, backOff: BackOff = BackOff(), limits: [RateLimiter.Limit] = [],
    concurrency: Int = 8, trace: HTTPTrace? = nil,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.transport = transport
    self.backOff = backOff
    limiter = RateLimiter(limits)
    gate = ConcurrencyGate(most: concurrency)
    self.trace = trace
    self.sleep = sleep
  }

  /// The accepted reply.
  ///
  /// - Parameter amounts: what the request takes from each limit, in their order; taken again for
  ///   each attempt, since servers count those, too.
  /// - Throws: `ParallaxError`: the verdict's refusal; `provider` when no attempt succeeded;
  ///   `cancelled`.
  package func send(
    _ request: HTTPRequest, amounts: [Double] = [],
    judge: @Sendable (HTTPResponse) -> Verdict
  ) async throws -> HTTPResponse {
    do {
      return try await gate.whenFree {
        try await attempt(request, amounts: amounts, judge: judge)
      }
    } catch is CancellationError {
      throw ParallaxError(.cancelled, "cancelled")
    }
  }

  private func attempt(
    _ request: HTTPRequest, amounts: [Double], judge: (HTTPResponse) -> Verdict
  ) async throws -> HTTPResponse {
    var random = SystemRandomNumberGenerator()
    var number = 0
    while true {
      number += 1
      let wait = limiter.take(amounts)
      if wait > .zero { try await sleep(wait) }
      try Task.checkCancellation()
      let trouble: Retry
      var attempts = backOff.attempts
      do {
        let response = try await exchange(request)
        switch judge(response) {
        case .accepted:
          gate.succeeded()
          return response
        case .refused(let error): throw redacted(error, request)
        case .retry(let retry): trouble = retry
        }
      } catch let failure as TransportFailure {
        if failure.kind == .cancelled { throw CancellationError() }
        guard failure.isTransient else { throw self.failure(failure, request) }
        trouble = Retry(reason: Self.words(for: failure))
        if failure.isWithoutConnection { attempts = min(attempts, Self.attemptsToConnect) }
      }
      if trouble.isForHaste { gate.refusedForHaste() }
      guard
        number < attempts,
        let wait = backOff.wait(afterAttempt: number, named: trouble.after, using: &random)
      else { throw gaveUp(trouble, request, attempts: number) }
      trace?.note("waiting \(wait) after attempt \(number): \(trouble.reason)", request)
      try await sleep(wait)
    }
  }

  private func exchange(_ request: HTTPRequest) async throws -> HTTPResponse {
    trace?.sent(request)
    do {
      let response = try await transport.send(request)
      trace?.received(response, for: request)
      return response
    } catch let failure as TransportFailure {
      trace?.note("no reply: \(failure.message)", request)
      throw failure
    }
  }

  private func gaveUp(_ retry: Retry, _ request: HTTPRequest, attempts: Int) -> ParallaxError {
    let times = attempts == 1 ? "once" : "\(attempts) times"
    return redacted(
      ParallaxError(
        .provider, "'\(request.host)' did not answer, tried \(times): \(retry.reason)",
        hint: "what is finished is kept; the same command with --resume goes on"), request)
  }

  private func failure(_ failure: TransportFailure, _ request: HTTPRequest) -> ParallaxError {
    redacted(
      ParallaxError(
        .provider, "'\(request.host)': \(Self.words(for: failure))",
        hint: failure.kind == .untrusted
          ? "name the server's certificate file in CURL_CA_BUNDLE if you trust it" : nil), request)
  }

  private static func words(for failure: TransportFailure) -> String {
    let rule =
      switch failure.kind {
      case .unresolved: "the name is not known, or the network is down"
      case .unreachable: "no connection"
      case .timedOut: "no answer in time"
      case .untrusted: "its certificate is not trusted"
      case .brokenOff: "the connection broke off"
      case .tooLarge: "the answer is larger than any answer should be"
      case .badRequest: "the request cannot be sent"
      case .cancelled: "cancelled"
      case .other: "no answer"
      }
    return failure.message.isEmpty ? rule : "\(rule) (\(failure.message))"
  }

  private func redacted(_ error: ParallaxError, _ request: HTTPRequest) -> ParallaxError {
    var error = error
    for secret in request.secrets {
      error.message = secret.redacted(error.message)
      error.hint = error.hint.map(secret.redacted)
    }
    return error
  }
}

extension HTTPRequest {
  /// The host of the URL, with its port.
  package var host: String {
    let rest = url.split(separator: "//", maxSplits: 1).last ?? ""
    return String(rest.prefix { $0 != "/" && $0 != "?" })
  }
}

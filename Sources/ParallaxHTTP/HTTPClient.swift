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
    /// Whether the server got too many requests, rather than having problems of its own.
    package var isRateLimit: Bool
    /// The server's words.
    package var reason: String

    package init(after: Duration? = nil, isRateLimit: Bool = false, reason: String) {
      self.after = after
      self.isRateLimit = isRateLimit
      self.reason = reason
    }
  }

  /// Report a dead network quickly instead of retrying for minutes.
  private static let attemptsToConnect = 3
  /// Characters of a message; servers may send pages.
  private static let longestMessage = 500

  private let transport: any HTTPTransport
  private let backOff: BackOff
  private let limiter: RateLimiter
  private let gate: ConcurrencyGate
  private let sleep: @Sendable (Duration) async throws -> Void
  private let trace: HTTPTrace?
  private let secrets: [Secret]
  private let waits: WaitNotice?

  /// - Parameters:
  ///   - secrets: that no message may hold, beside those of each request.
  ///   - notify: gets a line about each wait that a person would wonder about.
  ///   - sleep: waits, or throws `CancellationError`; injected by tests.
  package init(
    transport: any HTTPTransport, backOff: BackOff = BackOff(), limits: [RateLimiter.Limit] = [],
    concurrency: Int = 8, trace: HTTPTrace? = nil, secrets: [Secret] = [],
    notify: (@Sendable (String) -> Void)? = nil,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.transport = transport
    self.backOff = backOff
    limiter = RateLimiter(limits)
    gate = ConcurrencyGate(most: concurrency)
    self.trace = trace
    self.secrets = secrets
    waits = notify.map(WaitNotice.init)
    self.sleep = sleep
  }

  /// The accepted reply.
  ///
  /// - Parameters:
  ///   - amounts: what the request takes from each limit, in their order; taken again for each
  ///     attempt, since servers count those, too.
  ///   - observer: is told of every attempt.
  /// - Throws: `ParallaxError`: the verdict's refusal; `provider` when no attempt succeeded;
  ///   `cancelled`; what the observer throws.
  package func send(
    _ request: HTTPRequest, amounts: [Double] = [], observer: (any AttemptObserver)? = nil,
    judge: @Sendable (HTTPResponse) -> Verdict
  ) async throws -> HTTPResponse {
    do {
      return try await gate.whenFree {
        try await attempt(request, amounts: amounts, observer, judge: judge)
      }
    } catch is CancellationError {
      throw ParallaxError(.cancelled, "cancelled")
    }
  }

  private func attempt(
    _ request: HTTPRequest, amounts: [Double], _ observer: (any AttemptObserver)?,
    judge: (HTTPResponse) -> Verdict
  ) async throws -> HTTPResponse {
    var random = SystemRandomNumberGenerator()
    var number = 0
    while true {
      number += 1
      let wait = limiter.take(amounts)
      if wait > .zero {
        waits?.announce(wait, "the limit you set requires it")
        try await sleep(wait)
      }
      try Task.checkCancellation()
      try observer?.begin()
      let trouble: Retry
      var attempts = backOff.attempts
      do {
        let response = try await exchange(request)
        switch judge(response) {
        case .accepted:
          gate.succeeded()
          return response
        case .refused(let error):
          observer?.wasRefused()
          throw shown(error, request)
        case .retry(let retry):
          observer?.wasRefused()
          trouble = retry
        }
      } catch let failure as TransportFailure {
        if failure.mayHaveBeenAnswered { observer?.wasLost() } else { observer?.wasRefused() }
        if failure.kind == .cancelled { throw CancellationError() }
        guard failure.isTransient else { throw self.failure(failure, request) }
        trouble = Retry(reason: Self.words(for: failure, request))
        if failure.isWithoutConnection { attempts = min(attempts, Self.attemptsToConnect) }
      }
      if trouble.isRateLimit { gate.backOff() }
      guard
        number < attempts,
        let wait = backOff.wait(afterAttempt: number, named: trouble.after, using: &random)
      else { throw gaveUp(trouble, request, attempts: number) }
      trace?.note("waiting \(wait) after attempt \(number): \(trouble.reason)", request)
      announce(wait, trouble, request)
      try await sleep(wait)
    }
  }

  private func announce(_ wait: Duration, _ trouble: Retry, _ request: HTTPRequest) {
    guard let waits else { return }
    let reason =
      trouble.after == nil
      ? "'\(request.host)' has problems (\(redactor(request).shown(trouble.reason, longest: 120)))"
      : "the service asks for it"
    waits.announce(wait, reason)
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
    let hint = "what is finished is kept; the same command continues (embed: with --resume)"
    if let asked = retry.after, asked > backOff.longestNamed {
      return shown(
        ParallaxError(
          .provider,
          "'\(request.host)' asks to wait \(Self.seconds(asked)), and Parallax waits at most "
            + "\(Self.seconds(backOff.longestNamed)): \(retry.reason)", hint: hint), request)
    }
    let times = attempts == 1 ? "once" : "\(attempts) times"
    return shown(
      ParallaxError(
        .provider, "'\(request.host)' did not answer, tried \(times): \(retry.reason)", hint: hint),
      request)
  }

  static func seconds(_ duration: Duration) -> String {
    let seconds = duration / .seconds(1)
    return "\(Int(seconds.rounded())) s"
  }

  private func failure(_ failure: TransportFailure, _ request: HTTPRequest) -> ParallaxError {
    shown(
      ParallaxError(
        .provider, "'\(request.host)': \(Self.words(for: failure, request))",
        hint: failure.kind == .untrusted
          ? "name the server's certificate file in CURL_CA_BUNDLE if you trust it" : nil), request)
  }

  private static func words(for failure: TransportFailure, _ request: HTTPRequest) -> String {
    let rule =
      switch failure.kind {
      case .unresolved: "the name is not known, or the network is down"
      case .unreachable: "no connection"
      case .timedOut: "no answer in time"
      case .untrusted: "its certificate is not trusted"
      case .brokenOff: "the connection was lost"
      case .tooLarge where failure.message.isEmpty:
        "the answer is longer than \(request.largestReply) bytes, too long for this request"
      case .tooLarge: "the answer is too long"
      case .badRequest: "the request cannot be sent"
      case .privateAddress:
        "its address is of this machine, a private network or a metadata service "
          + "('set source.private on' allows it)"
      case .cancelled: "cancelled"
      case .other: "no answer"
      }
    return failure.message.isEmpty ? rule : "\(rule) (\(failure.message))"
  }

  private func redactor(_ request: HTTPRequest) -> Redactor {
    Redactor(secrets + request.secrets)
  }

  /// An error as a person may see it: without secrets, and only then cut.
  private func shown(_ error: ParallaxError, _ request: HTTPRequest) -> ParallaxError {
    let redactor = redactor(request)
    var error = error
    error.message = redactor.shown(error.message, longest: Self.longestMessage)
    error.hint = error.hint.map { redactor.shown($0, longest: Self.longestMessage) }
    return error
  }
}

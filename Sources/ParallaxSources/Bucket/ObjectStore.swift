internal import ParallaxCore
internal import ParallaxHTTP
private import ParallaxSystem

/// An object store that speaks the API of Amazon S3, as the environment names it. It is only read.
struct ObjectStore: Sendable {
  /// For one request.
  private static let timeout: Duration = .seconds(120)

  private let client: HTTPClient
  private let signature: RequestSignature?
  /// What the usual profile has instead of keys; `nil` for nothing.
  private let unread: ParallaxError?
  private let region: String
  /// Without a final slash; `nil` for Amazon's own.
  private let endpoint: String?
  private let time: @Sendable () -> Int

  /// - Parameter time: seconds since 1970; injected by tests.
  /// - Throws: `invalid-value` for variables that are of no use.
  init(
    client: HTTPClient, variables: [String: String],
    time: @escaping @Sendable () -> Int = { Clock.secondsSince1970() }
  ) throws {
    func value(_ names: String...) -> String? {
      names.lazy.compactMap { variables[$0] }.first { !$0.isEmpty }
    }
    self.client = client
    self.time = time
    let profile = try StoreProfile(in: variables)
    let region = value("AWS_REGION", "AWS_DEFAULT_REGION") ?? profile?.region ?? "us-east-1"
    self.region = region
    guard region.utf8.allSatisfy(Self.isPlain) else {
      throw ParallaxError(
        .invalidValue, "AWS_REGION, or 'region' of a profile, names a region such as us-east-1")
    }
    let endpoint = value("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL") ?? profile?.endpoint
    self.endpoint = try endpoint.map(Self.checked)
    let hasOwn = value("AWS_ACCESS_KEY_ID") != nil || value("AWS_SECRET_ACCESS_KEY") != nil
    let accessKey = hasOwn ? value("AWS_ACCESS_KEY_ID") : profile?.accessKey
    let secretKey =
      hasOwn ? Secret(value("AWS_SECRET_ACCESS_KEY") ?? "") : profile?.secretKey ?? Secret("")
    guard (accessKey == nil) == secretKey.isEmpty else {
      throw ParallaxError(
        .invalidValue,
        "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are set together, or neither is",
        hint: "a bucket that is open to everybody needs neither")
    }
    unread = hasOwn ? nil : profile?.refusal
    if let unread, profile?.isNamed == true { throw unread }
    signature = try accessKey.map { accessKey in
      guard accessKey.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), secretKey.isOneWord else {
        throw ParallaxError(
          .invalidValue,
          hasOwn
            ? "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are one word each"
            : "the keys of the profile '\(profile?.name ?? "")' are one word each")
      }
      let token =
        hasOwn ? value("AWS_SESSION_TOKEN").map { Secret($0) } : profile?.sessionToken
      return RequestSignature(
        accessKey: accessKey, secretKey: secretKey, sessionToken: token, region: region)
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
  }

  private static func checked(_ endpoint: String) throws -> String {
    let rest = endpoint.firstRange(of: "://").map { endpoint[$0.upperBound...] } ?? ""
    guard endpoint.hasPrefix("https://") || endpoint.hasPrefix("http://"), !rest.isEmpty,
      !rest.contains(where: { "@?#".contains($0) || $0.isWhitespace })
    else {
      throw ParallaxError(
        .invalidValue,
        "AWS_ENDPOINT_URL_S3, or 'endpoint_url' of a profile, names an address such as https://HOST:PORT, without a login or a query"
      )
    }
    return endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
  }

  /// Asks for an object, or without a key for what is in a bucket.
  ///
  /// - Parameters:
  ///   - shown: what is asked for, for messages.
  ///   - headers: sent and signed.
  /// - Throws: `unreadable-file` saying what the store refuses and what a person may do; `provider`,
  ///   `cancelled`.
  func get(
    _ key: String? = nil, in bucket: String, query: [(String, String)] = [],
    headers extra: [(String, String)] = [], atMost limit: Int, shown: String,
    accepts: @escaping @Sendable (Int) -> Bool = { (200..<300).contains($0) }
  ) async throws -> HTTPResponse {
    let (origin, host, path) = try place(of: bucket, key)
    var headers = extra.map { HTTPRequest.Header($0.0, $0.1) }
    var secret: [HTTPRequest.SecretHeader] = []
    if let signature {
      (headers, secret) = signature.headers(
        host: host, path: path, query: query, extra: extra, time: stamp())
    }
    let asked = query.isEmpty ? "" : "?\(RequestSignature.canonicalQuery(query))"
    let request = HTTPRequest(
      method: "GET", url: origin + path + asked, headers: headers, secretHeaders: secret,
      timeout: Self.timeout, largestReply: limit,
      hidden: signature.map { [$0.secretKey] + [$0.sessionToken].compactMap(\.self) } ?? [])
    return try await client.send(request) { response in
      if accepts(response.status) { return .accepted }
      return StoreRefusal(
        response, isSigned: signature != nil, region: region, unread: unread
      ).verdict(on: shown)
    }
  }

  /// Buckets are parts of the path, as every store takes it; Amazon's own have hosts of their names,
  /// unless a point in a name would not fit its certificate.
  private func place(
    of bucket: String, _ key: String?
  ) throws -> (origin: String, host: String, path: String) {
    let name = RequestSignature.escaped(bucket)
    let object = key.map { RequestSignature.escaped($0, keepsSlashes: true) } ?? ""
    if let endpoint {
      let start = endpoint.firstRange(of: "://").map(\.upperBound) ?? endpoint.startIndex
      let slash = endpoint[start...].firstIndex(of: "/") ?? endpoint.endIndex
      let usual = endpoint.hasPrefix("https") ? ":443" : ":80"
      var host = String(endpoint[start..<slash])
      if host.hasSuffix(usual) { host.removeLast(usual.count) }
      return (
        String(endpoint[..<slash]), host,
        "\(endpoint[slash...])/\(name)\(key == nil ? "" : "/\(object)")"
      )
    }
    let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    let host = "s3.\(region).\(domain)"
    guard !bucket.contains(".") else {
      return ("https://\(host)", host, "/\(name)\(key == nil ? "" : "/\(object)")")
    }
    return ("https://\(name).\(host)", "\(name).\(host)", "/\(object)")
  }

  /// `20260531T120000Z`.
  private func stamp() -> String {
    Clock.text(secondsSince1970: time()).filter { $0 != "-" && $0 != ":" }
  }
}

/// Why a store does not give what it was asked for.
private struct StoreRefusal {
  private let response: HTTPResponse
  private let code: String
  private let isSigned: Bool
  private let region: String
  private let unread: ParallaxError?

  init(
    _ response: HTTPResponse, isSigned: Bool, region: String, unread: ParallaxError?
  ) {
    self.response = response
    self.unread = unread
    self.isSigned = isSigned
    self.region = region
    // Only the code: the message may quote what was signed.
    let words = (try? XMLText.elements(in: response.body))?.first { $0.path.last == "Code" }?.text
    code = words.map { $0.filter { $0.isASCII && $0.isLetter } } ?? ""
  }

  func verdict(on shown: String) -> HTTPClient.Verdict {
    if ["SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable"].contains(code)
      || response.status == 429 || response.status >= 500
    {
      let isHaste = code == "SlowDown" || [429, 503].contains(response.status)
      return .retry(
        .init(
          after: response.retryAfter, isRateLimit: isHaste,
          reason: "it answered \(code.isEmpty ? "\(response.status)" : code)"))
    }
    let (reason, hint) = meaning
    let name = code.isEmpty ? "\(response.status)" : code
    return .refused(
      ParallaxError(
        .unreadableFile, "cannot read '\(shown)': \(reason) (\(name))", hint: hint))
  }

  private var meaning: (reason: String, hint: String?) {
    switch (code, response.status) {
    case ("NoSuchBucket", _): ("there is no such bucket", "check its name and AWS_ENDPOINT_URL_S3")
    case ("NoSuchKey", _): ("there is no such object", nil)
    case ("PermanentRedirect", _), ("AuthorizationHeaderMalformed", _), (_, 301), (_, 307):
      (
        "the bucket is not in region '\(region)'",
        "set AWS_REGION"
          + (response.header("x-amz-bucket-region").map { " to '\($0)'" }
            ?? " to the bucket's region")
      )
    case ("RequestTimeTooSkewed", _): ("the clock of this machine is wrong", nil)
    case ("ExpiredToken", _): ("the session has expired", "renew AWS_SESSION_TOKEN and its keys")
    case ("InvalidAccessKeyId", _), ("SignatureDoesNotMatch", _), ("InvalidToken", _):
      (
        "the store does not accept the keys",
        "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile that AWS_PROFILE names"
      )
    case (_, 401), (_, 403):
      (
        "access is denied",
        isSigned
          ? "the keys need leave to list the bucket and to read its objects"
          : unread.map { "\($0.message); \($0.hint ?? "")" }
            ?? "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile in ~/.aws/credentials, hold the keys of "
            + "a bucket that is not public"
      )
    case (_, 404): ("there is nothing", nil)
    default: ("the store refuses it", nil)
    }
  }
}

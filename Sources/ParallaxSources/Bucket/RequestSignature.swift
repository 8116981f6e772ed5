private import ParallaxCore
private import ParallaxDigest
internal import ParallaxHTTP

/// Signature Version 4 of Amazon Web Services, as S3 and what is compatible with it take it.
///
/// Source: "Authenticating Requests (AWS Signature Version 4)" of the S3 API reference. It is made here
/// rather than by libcurl, whose versions differ in what they sign.
struct RequestSignature: Sendable {
  /// The SHA-256 of no bytes.
  private static let emptyPayload = Digest.sha256("").hexadecimal

  let accessKey: String
  let secretKey: Secret
  let sessionToken: Secret?
  let region: String

  /// The headers to send beside `Host` with a request that has no body.
  ///
  /// - Parameters:
  ///   - path: escaped as it is sent.
  ///   - query: unescaped names and values.
  ///   - time: `20260531T120000Z`.
  func headers(
    method: String = "GET", host: String, path: String, query: [(String, String)] = [],
    extra: [(String, String)] = [], time: String
  ) -> (plain: [HTTPRequest.Header], secret: [HTTPRequest.SecretHeader]) {
    var signed = [
      ("host", host), ("x-amz-content-sha256", Self.emptyPayload), ("x-amz-date", time),
    ]
    signed += extra.map { ($0.0.lowercased(), $0.1) }
    if let sessionToken { signed.append(("x-amz-security-token", sessionToken.revealed())) }
    signed.sort { $0.0 < $1.0 }
    let names = signed.map(\.0).joined(separator: ";")
    let canonical = [
      method, path, Self.canonicalQuery(query),
      signed.map { "\($0.0):\($0.1)\n" }.joined(), names, Self.emptyPayload,
    ].joined(separator: "\n")
    let scope = "\(time.prefix(8))/\(region)/s3/aws4_request"
    let text = "AWS4-HMAC-SHA256\n\(time)\n\(scope)\n\(Digest.sha256(canonical).hexadecimal)"
    var key = Array("AWS4\(secretKey.revealed())".utf8)
    for part in [String(time.prefix(8)), region, "s3", "aws4_request"] {
      key = Signature.hmacSHA256(Array(part.utf8), key: key)
    }
    let signature = Signature.hmacSHA256(Array(text.utf8), key: key).map(Self.hexadecimal).joined()
    var secret = [
      HTTPRequest.SecretHeader(
        "Authorization",
        prefix: "AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope), SignedHeaders=\(names), "
          + "Signature=", Secret(signature))
    ]
    if let sessionToken { secret.append(.init("x-amz-security-token", sessionToken)) }
    return (
      [.init("x-amz-content-sha256", Self.emptyPayload), .init("x-amz-date", time)]
        + extra.map { .init($0.0, $0.1) }, secret
    )
  }

  /// The query as it is signed and sent: escaped and in the order of names.
  static func canonicalQuery(_ query: [(String, String)]) -> String {
    query.map { (escaped($0.0), escaped($0.1)) }
      .sorted { $0.0 != $1.0 ? $0.0 < $1.0 : $0.1 < $1.1 }
      .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
  }

  /// All bytes but letters, digits and `-._~` as `%XX`; slashes as they are where asked.
  static func escaped(_ text: String, keepsSlashes: Bool = false) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        bytes.append(byte)
      case UInt8(ascii: "/") where keepsSlashes: bytes.append(byte)
      default: bytes += Array("%\(hexadecimal(byte).uppercased())".utf8)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}

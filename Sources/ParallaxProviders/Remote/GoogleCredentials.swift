internal import ParallaxCore
private import ParallaxDigest
internal import ParallaxHTTP
private import ParallaxSystem
private import ParallaxText

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// A credentials file of Google Cloud, which is exchanged for tokens of an hour: a service account's
/// key, or what `gcloud auth application-default login` leaves.
struct GoogleCredentials: Sendable {
  private static let scope = "https://www.googleapis.com/auth/cloud-platform"

  /// The project it belongs to, if it says so.
  let project: String?
  private let path: String
  private let file: File

  private struct File: Decodable, Sendable {
    var type: String
    var project_id: String?
    var quota_project_id: String?
    var client_email: String?
    var private_key: String?
    var token_uri: String?
    var client_id: String?
    var client_secret: String?
    var refresh_token: String?
  }

  /// - Throws: `missing-key` when the file is open to others or is no credentials file.
  init(fileAt path: String) throws {
    let text = try KeyFile.text(at: path, longest: 16_384)
    guard let file = try? JSONDecoder().decode(File.self, from: Data(text.utf8)) else {
      throw ParallaxError(.missingKey, "'\(path)' is not a credentials file of Google Cloud")
    }
    self.path = path
    self.file = file
    project = file.project_id ?? file.quota_project_id
  }

  /// The request that is answered with a token.
  ///
  /// - Throws: `missing-key` naming what the file lacks.
  func tokenRequest() throws -> HTTPRequest {
    let address = file.token_uri ?? "https://oauth2.googleapis.com/token"
    let form: [(String, String)]
    switch file.type {
    case "service_account":
      form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("assertion", try assertion(for: address)),
      ]
    case "authorized_user":
      form = [
        ("grant_type", "refresh_token"), ("client_id", try required(file.client_id, "client_id")),
        ("client_secret", try required(file.client_secret, "client_secret")),
        ("refresh_token", try required(file.refresh_token, "refresh_token")),
      ]
    default:
      throw ParallaxError(
        .missingKey, "'\(path)' is of the type '\(file.type)', which is not known here",
        hint: "known are service_account and authorized_user")
    }
    let body = form.map { "\($0)=\(Self.escaped($1))" }.joined(separator: "&")
    return HTTPRequest(
      url: address, headers: [.init("Content-Type", "application/x-www-form-urlencoded")],
      body: Array(body.utf8), timeout: .seconds(30), isConfidential: true,
      largestReply: 1 << 16,
      hidden: secrets + form.filter { $0.0 == "assertion" }.map { Secret($0.1) })
  }

  /// What of the file no text may hold.
  var secrets: [Secret] {
    [file.private_key, file.client_secret, file.refresh_token].compactMap(\.self).map(Secret.init)
  }

  /// A JSON web token (RFC 7523) that says who asks, good for an hour.
  private func assertion(for address: String) throws -> String {
    var head = JSONBody()
    head.raw("{\"alg\":\"RS256\",\"typ\":\"JWT\"}")
    let now = Clock.secondsSince1970()
    var claims = JSONBody()
    claims.raw("{\"iss\":")
    claims.string(try required(file.client_email, "client_email"))
    claims.raw(",\"scope\":")
    claims.string(Self.scope)
    claims.raw(",\"aud\":")
    claims.string(address)
    claims.raw(",\"iat\":")
    claims.number(now)
    claims.raw(",\"exp\":")
    claims.number(now + 3_600)
    claims.raw("}")
    let signed = "\(Base64.forAddresses(head.bytes)).\(Base64.forAddresses(claims.bytes))"
    let key = try required(file.private_key, "private_key")
    guard let signature = Signature.rs256(Array(signed.utf8), privateKey: key) else {
      throw ParallaxError(
        .missingKey, "the 'private_key' of '\(path)' is not an unencrypted RSA key in PEM format")
    }
    return "\(signed).\(Base64.forAddresses(signature))"
  }

  private func required(_ value: String?, _ name: String) throws -> String {
    if let value, !value.isEmpty { return value }
    throw ParallaxError(.missingKey, "the credentials file '\(path)' has no '\(name)'")
  }

  /// For a form: everything but letters, digits and `-._~` as `%XX`.
  private static func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        String(UnicodeScalar(byte))
      default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }.joined()
  }
}

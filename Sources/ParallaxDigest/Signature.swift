private import CDigest
private import ParallaxCore

/// Signatures with a private key, for services that want a request signed.
package enum Signature {
  /// HMAC with SHA-256 (RFC 2104).
  package static func hmacSHA256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    let short = key.count > 64 ? Digest.sha256(key).bytes : key
    let padded = short + [UInt8](repeating: 0, count: 64 - short.count)
    let inner = Digest.sha256(padded.map { $0 ^ 0x36 } + message).bytes
    return Digest.sha256(padded.map { $0 ^ 0x5C } + inner).bytes
  }

  /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017), which JSON web tokens call RS256.
  ///
  /// - Parameter privateKey: PEM, unencrypted.
  /// - Returns: `nil` when it is no such key.
  package static func rs256(_ message: [UInt8], privateKey: String) -> [UInt8]? {
    Array(privateKey.utf8).withUnsafeBytes { bytes in
      guard let source = BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count)) else { return nil }
      defer { BIO_free(source) }
      // Without a callback an encrypted key would be asked about on the terminal.
      guard let key = PEM_read_bio_PrivateKey(source, nil, { _, _, _, _ in -1 }, nil) else {
        return nil
      }
      defer { EVP_PKEY_free(key) }
      guard EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA, let context = EVP_MD_CTX_new() else {
        return nil
      }
      defer { EVP_MD_CTX_free(context) }
      var count = 0
      guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
        EVP_DigestSign(context, nil, &count, message, message.count) == 1
      else { return nil }
      var signature = [UInt8](repeating: 0, count: count)
      guard EVP_DigestSign(context, &signature, &count, message, message.count) == 1 else {
        return nil
      }
      return Array(signature.prefix(count))
    }
  }
}

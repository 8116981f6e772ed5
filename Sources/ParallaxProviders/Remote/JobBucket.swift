internal import ParallaxCore

/// A place in Google Cloud Storage in which jobs have a folder each: `gs://BUCKET` or `gs://BUCKET/PREFIX`.
package struct JobBucket: Sendable, Hashable {
  package static let form = "gs://BUCKET or gs://BUCKET/PREFIX"

  /// As it was named, without a slash at its end.
  package let address: String

  /// - Throws: `invalid-value` for what is none.
  package init(_ text: String) throws {
    var address = text[...]
    while address.hasSuffix("/"), address.utf8.count > Self.scheme.utf8.count {
      address.removeLast()
    }
    guard let (bucket, prefix) = Self.parts(of: String(address)), Self.isName(bucket),
      prefix.utf8.count <= 512, Self.isPlain(prefix),
      !address.dropFirst(Self.scheme.count).contains("//")
    else {
      throw ParallaxError(
        .invalidValue, "'bucket' takes \(Self.form); got '\(text)'",
        hint:
          "a name of a bucket has small letters, digits, points, dashes and underscores; a prefix has "
          + "no wildcards")
    }
    self.address = String(address)
  }

  /// The folder of a job.
  package func folder(of job: String) -> String { "\(address)/\(job)/" }

  private static let scheme = "gs://"

  /// The bucket and what stands behind it; `nil` for another address.
  static func parts(of address: String) -> (bucket: String, rest: String)? {
    guard address.hasPrefix(scheme) else { return nil }
    let path = address.dropFirst(scheme.count)
    let bucket = path.prefix { $0 != "/" }
    return (String(bucket), String(path.dropFirst(bucket.count).drop { $0 == "/" }))
  }

  private static func isName(_ bucket: String) -> Bool {
    (3...222).contains(bucket.utf8.count)
      && bucket.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || "-._".utf8.contains($0)
      }
  }

  /// A job reads its file by a pattern.
  private static func isPlain(_ prefix: String) -> Bool {
    prefix.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
      && !prefix.contains { "*?[]#".contains($0) }
  }
}

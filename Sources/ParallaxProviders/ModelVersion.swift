internal import ParallaxCore
internal import ParallaxDigest

/// What an identity says of the version of a model on this machine.
enum ModelVersion {
  /// The declared version, if there is one, and the first 12 digits of a digest over the model's files.
  ///
  /// - Parameter known: digests of files that were read already.
  /// - Throws: `unreadable-file`.
  static func text(
    declared: String?, files: [String], known: [String: ContentHash] = [:], _ memory: DigestMemory
  ) throws -> String {
    let digests = try files.map { try (known[$0] ?? memory.sha256(fileAt: $0)).hexadecimal }
    let digest = Digest.sha256(digests.joined(separator: "\n")).hexadecimal.prefix(12)
    return declared.map { "\($0)+\(digest)" } ?? String(digest)
  }
}

internal import CommandLanguage
internal import ParallaxCore

/// Perceptual hashes as a second sign that two pictures are the same.
enum HashOptions {
  static let usualBits = 10

  static let alsoHash = OptionKey.flag(
    "also-hash", help: "match only pictures whose perceptual hashes are alike, too")
  static let bits = OptionKey<Int?>.single(
    "hash-bits", .integer(0...64), placeholder: "N", help: "with --also-hash: bits that may differ",
    defaultNote: "\(usualBits)")

  /// Bits that may differ; `nil` where hashes do not count.
  ///
  /// - Throws: `usage`.
  static func bits(in arguments: Arguments) throws -> Int? {
    if try arguments[alsoHash] { return try arguments[bits] ?? usualBits }
    guard arguments.given(bits) else { return nil }
    throw arguments.error(at: bits, .usage, "--hash-bits goes with --also-hash")
  }
}

internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxWorkbench

/// Perceptual hashes: alone, or as a second sign that two pictures are the same.
enum HashOptions {

  static let alsoHash = OptionKey.flag(
    "also-hash", help: "match only pictures whose perceptual hashes are alike, too")
  static let bits = OptionKey<Int?>.single(
    "hash-bits", .integer(0...64), placeholder: "N",
    help: "of two perceptual hashes that are alike: bits that may differ",
    defaultNote: "\(HashRule.usualBits)")
  static let mirrored = OptionKey.flag(
    "mirrored", help: "of perceptual hashes: a picture is like another's mirror image, too")

  /// Bits that may differ; `nil` where hashes do not count.
  ///
  /// - Throws: `usage`.
  static func bits(in arguments: Arguments) throws -> Int? {
    if try arguments[alsoHash] { return try arguments[bits] ?? HashRule.usualBits }
    guard arguments.given(bits) else { return nil }
    throw arguments.error(at: bits, .usage, "--hash-bits goes with --also-hash")
  }

  /// How hashes are compared, where they are.
  static func rule(in arguments: Arguments) throws -> HashRule {
    HashRule(
      bits: try arguments[bits] ?? HashRule.usualBits, mirrors: try arguments[mirrored])
  }
}

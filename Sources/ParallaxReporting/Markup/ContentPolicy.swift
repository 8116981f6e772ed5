private import ParallaxCore
private import ParallaxDigest
private import ParallaxText

/// What a page may do (Content Security Policy, level 3).
enum ContentPolicy {
  /// Lets one text through, as a style sheet or a script within the page.
  static func source(_ text: String) -> String {
    "'sha256-\(Base64.text(of: Digest.sha256(text).bytes))'"
  }
}

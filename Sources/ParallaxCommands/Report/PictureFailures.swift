internal import ParallaxReporting

/// Pictures that could not be made.
enum PictureFailures {
  /// A sentence on them; `nil` where there are none.
  static func sentence(_ reasons: [String]) -> String? {
    guard let reason = reasons.first else { return nil }
    let rest = reasons.count > 1 ? ", and \(Wording.count(reasons.count - 1)) more" : ""
    return "\(Wording.count(reasons.count, "picture")) cannot be shown: \(reason)\(rest)"
  }
}

internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxWorkbench

extension Session {
  /// Says a warning.
  func warn(of warning: String) {
    if let hears { return hears(warning) }
    console.noteBlock(ErrorReport(session: self).formatter.warning(warning))
  }

  /// Refuses what there are warnings of, where warnings are errors: before a file is written, for one.
  ///
  /// - Parameter hint: what that means.
  /// - Throws: `warning`, the last of them, without a place; the others are said.
  func refuse(_ warnings: [String], hint: String? = nil) throws(ParallaxError) {
    guard settings[.strict], let last = warnings.last else { return }
    for warning in warnings.dropLast() { warn(of: warning) }
    throw ParallaxError(.strictWarning, last, hint: hint)
  }

  /// Refuses to write a file that there are warnings of, where warnings are errors.
  ///
  /// - Throws: as ``refuse(_:hint:)``.
  func refuseToWrite(_ warnings: [String]) throws(ParallaxError) {
    try refuse(warnings, hint: "nothing was written")
  }
}

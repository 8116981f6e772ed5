internal import ParallaxCore

extension ParallaxError.Code {
  static let offline = Self("offline", exitCode: 4)
  static let budget = Self("budget", exitCode: 4)
  static let unknownSetting = Self("unknown-setting", exitCode: 2)
  static let needsConfirmation = Self("needs-confirmation", exitCode: 2)
  static let strictWarning = Self("warning")
  static let sourceEmptied = Self("source-emptied")
  static let modelChanged = Self("model-changed")
  /// A check or gate that said no.
  static let checkFailed = Self("check-failed", exitCode: 3)
}

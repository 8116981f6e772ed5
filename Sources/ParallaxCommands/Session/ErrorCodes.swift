internal import ParallaxCore

extension ParallaxError.Code {
  static let offline = Self("offline", exitCode: 4)
  static let budget = Self("budget", exitCode: 4)
  static let unknownSetting = Self("unknown-setting", exitCode: 2)
  static let needsConfirmation = Self("needs-confirmation", exitCode: 2)
  static let strictWarning = Self("warning")
  static let modelChanged = Self("model-changed")
  static let embeddingFailed = Self("embedding-failed")
}

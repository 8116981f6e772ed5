internal import ParallaxCore

extension ParallaxError.Code {
  static let unknownSetting = Self("unknown-setting", exitCode: 2)
  static let needsConfirmation = Self("needs-confirmation", exitCode: 2)
  /// An editor that did not end well.
  static let editorFailed = Self("editor-failed")
  /// A check or gate that said no.
  static let checkFailed = Self("check-failed", exitCode: 3)
}

package import ParallaxCore

extension ParallaxError.Code {
  package static let offline = Self("offline", exitCode: 4)
  package static let budget = Self("budget", exitCode: 4)
  package static let modelChanged = Self("model-changed")
}

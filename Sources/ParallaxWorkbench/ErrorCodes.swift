package import ParallaxCore

extension ParallaxError.Code {
  package static let offline = Self("offline", exitCode: 4)
  package static let budget = Self("budget", exitCode: 4)
  package static let modelChanged = Self("model-changed")
  package static let strictWarning = Self("warning")
  package static let sourceEmptied = Self("source-emptied")
  package static let tooManyPairs = Self("too-many-pairs")
  package static let notPromoted = Self("not-promoted")
  package static let noSource = Self("no-result", exitCode: 2)
}

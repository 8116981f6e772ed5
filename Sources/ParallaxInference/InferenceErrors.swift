package import ParallaxCore

extension ParallaxError.Code {
  /// A file of a model is missing, damaged, or of a kind that cannot be run.
  package static let invalidModel = Self("invalid-model")
  /// A model that loaded failed on its input.
  package static let inferenceFailed = Self("inference-failed")
}

package import ParallaxCore

extension ParallaxError.Code {
  /// A file of a model is missing, damaged, or of a kind that cannot be run.
  package static let invalidModel = Self("invalid-model")
  /// A model that loaded failed on its input.
  package static let inferenceFailed = Self("inference-failed")
}

/// Refusals of a model for what it wants to be given.
enum InputError {
  static func noInput(_ kind: String, of session: OnnxSignature) -> ParallaxError {
    let names = session.inputs.map { "'\($0.name)'" }.joined(separator: ", ")
    return ParallaxError(
      .invalidModel, "'\(session.path)' has no input for \(kind); it has \(names)")
  }

  static func unreadable(
    _ port: OnnxSession.Port, of session: OnnxSignature, _ reason: String
  ) -> ParallaxError {
    ParallaxError(.invalidModel, "input '\(port.name)' of '\(session.path)' \(reason)")
  }
}

/// Why a model's answer for one input is no vector; its neighbours in a batch have theirs.
package struct UnusableVector: Error, Hashable, Sendable {
  /// Completes "the model gave no usable vector for 'x': …".
  package let reason: String

  package init(reason: String) { self.reason = reason }
}

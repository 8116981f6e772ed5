package import ParallaxCore

extension ParallaxError.Code {
  /// An engine that cannot be reached, or refuses.
  package static let engine = Self("engine", exitCode: 4)
  /// Something in an engine that another program, another collection or another identity made.
  package static let notOurs = Self("not-ours")
}

extension ParallaxError {
  /// - Parameter engine: its address.
  static func answerless(_ engine: String, _ expected: String) -> ParallaxError {
    ParallaxError(
      .engine, "'\(engine)' answered something else than \(expected)",
      hint: "is it the engine that its address names?")
  }
}

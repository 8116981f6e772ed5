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

  /// What the transport says of a provider that does not answer, as an engine's; any other as it is.
  var ofEngine: ParallaxError {
    guard code == .provider else { return self }
    var error = self
    error.code = .engine
    let isOfCertificate = hint?.contains("CURL_CA_BUNDLE") == true
    if !isOfCertificate { error.hint = "what was written is kept; the same command goes on" }
    return error
  }
}

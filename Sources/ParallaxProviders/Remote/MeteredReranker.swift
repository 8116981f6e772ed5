package import ParallaxCore

/// A reranker whose requests cost something. Its meter is handed each score as a vector of one number.
package protocol MeteredReranker: Reranker {
  /// One outcome a candidate, in order; each score is a 32-bit number, so that a kept one is the same.
  ///
  /// - Throws: what ended the work; what was answered before that is with the meter.
  func scores(
    of candidates: [ModelInput], for question: ModelInput, meter: (any RequestMeter)?
  ) async throws -> [Result<Double, ParallaxError>]

  /// What a request is counted as for one of its candidates, with that candidate's share of the question,
  /// of what the model is told and of its answer: no less than the service will count, as far as that is
  /// known before.
  ///
  /// - Parameter count: of the candidates of the list.
  func use(of candidate: ModelInput, for question: ModelInput, among count: Int) -> RerankUse

  /// How often each candidate of a list is sent.
  func sendings(ofList count: Int) -> Int

  /// The requests for a list.
  func requests(ofList count: Int) -> Int
}

extension MeteredReranker {
  package func scores(
    of candidates: [ModelInput], for question: ModelInput
  ) async throws -> [Result<Double, ParallaxError>] {
    try await scores(of: candidates, for: question, meter: nil)
  }

  package func use(
    of candidate: ModelInput, for question: ModelInput, among count: Int
  ) -> RerankUse {
    RerankUse(question, tokensPerImage: 0) + RerankUse(candidate, tokensPerImage: 0)
  }

  package func sendings(ofList count: Int) -> Int { 1 }
  package func requests(ofList count: Int) -> Int { 1 }
}

/// What something that is sent is counted as, about.
package struct RerankUse: Sendable, Hashable {
  /// Pictures; a share of one where candidates share it.
  package var images: Double
  /// Of the pictures, where the service counts them in tokens.
  package var imageTokens: Int
  /// Of texts.
  package var tokens: Int
  /// Of the answer.
  package var answerTokens: Int

  package init(
    images: Double = 0, imageTokens: Int = 0, tokens: Int = 0, answerTokens: Int = 0
  ) {
    self.images = images
    self.imageTokens = imageTokens
    self.tokens = tokens
    self.answerTokens = answerTokens
  }

  package init(_ input: ModelInput, tokensPerImage: Int) {
    self.init()
    for part in input.parts {
      switch part {
      case .image:
        images += 1
        imageTokens += tokensPerImage
      case .text(let text): tokens += text.isEmpty ? 0 : TokenEstimate.tokens(in: text)
      }
    }
  }

  package static func + (one: RerankUse, other: RerankUse) -> RerankUse {
    RerankUse(
      images: one.images + other.images, imageTokens: one.imageTokens + other.imageTokens,
      tokens: one.tokens + other.tokens, answerTokens: one.answerTokens + other.answerTokens)
  }

  package static func * (use: RerankUse, times: Int) -> RerankUse {
    RerankUse(
      images: use.images * Double(times), imageTokens: use.imageTokens * times,
      tokens: use.tokens * times, answerTokens: use.answerTokens * times)
  }
}

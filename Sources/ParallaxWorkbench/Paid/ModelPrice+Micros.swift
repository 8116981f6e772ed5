package import ParallaxCore
package import ParallaxProviders
internal import ParallaxStorage

extension ModelPrice {
  /// The price of an input in millionths of a US dollar.
  package func micros(of input: ModelInput) -> Double {
    input.parts.reduce(0) { sum, part in
      switch part {
      case .image: sum + (dollarsPerImage ?? 0) * 1e6
      case .text(let text):
        sum + (text.isEmpty ? 0 : dollarsPerMillionTokens * Double(TokenEstimate.tokens(in: text)))
      }
    }
  }

  /// The price of a candidate that is sent once, in millionths of a US dollar. Pictures that have no
  /// price of their own cost what their tokens do.
  package func micros(of use: RerankUse) -> Double {
    (dollarsPerImage.map { use.images * $0 * 1e6 }
      ?? dollarsPerMillionTokens * Double(use.imageTokens))
      + dollarsPerMillionTokens * Double(use.tokens)
      + dollarsPerMillionAnswerTokens * Double(use.answerTokens)
  }
}

extension Charge {
  /// The price of several inputs together, rounded up: a limit is never overrun by fractions.
  ///
  /// - Returns: `nil` when the price of one is not known.
  package static func micros(_ prices: [Double?]) -> Int? {
    let known = prices.compactMap(\.self)
    guard known.count == prices.count else { return nil }
    // The error of the sum itself is no fraction.
    return Int(min((known.reduce(0, +) - 1e-6).rounded(.up), 1e15))
  }
}

internal import ParallaxCore

/// What a form that changes something shows, so that it comes from a page of this server as it runs now.
struct FormKey: Sendable {
  let text: String

  init() {
    var random = SystemRandomNumberGenerator()
    text = (0..<4).map { _ in
      let digits = String(random.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// - Throws: `wrong-form`.
  func check(_ shown: String?) throws {
    let (own, shown) = (Array(text.utf8), Array((shown ?? "").utf8))
    // Takes the same time wherever two differ.
    let isSame = own.count == shown.count && zip(own, shown).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    guard isSame else {
      throw ParallaxError(
        .wrongForm, "this form is not of this server as it runs now; nothing was kept",
        hint: "go back, load the page again, and answer once more")
    }
  }
}

extension ParallaxError.Code {
  static let wrongForm = Self("wrong-form")
}

private import ParallaxCore

/// What the fence of a block says of how its output is compared: ` ```parallax tol=0.01 `.
package struct FenceOptions: Sendable, Hashable {
  /// `rows=set`: rows may stand in any order.
  package var rowsAreSet = false
  /// `tol=0.01`: how far numbers may be apart beyond the precision written.
  package var tolerance = 0.0
  /// `overlap=0.9`: the share of the rows that must be there, in any order.
  package var overlap: Double?

  package init() {}

  private static let names = ["rows", "tol", "overlap"]

  /// - Throws: an error without a place, for an option that means nothing or has another value.
  init(info: String) throws {
    for word in info.split(whereSeparator: \.isWhitespace).dropFirst() {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let (name, value) = (String(parts[0]), parts.count > 1 ? String(parts[1]) : nil)
      switch (name, value) {
      case ("rows", "set"): rowsAreSet = true
      case ("rows", _): throw Self.refusal("'rows' takes 'set'", value)
      case ("tol", let value):
        guard let number = value.flatMap(Numbers.decimal), number >= 0 else {
          throw Self.refusal("'tol' takes a number from 0", value)
        }
        tolerance = number
      case ("overlap", let value):
        guard let number = value.flatMap(Numbers.decimal), number > 0, number <= 1 else {
          throw Self.refusal("'overlap' takes a number above 0, up to 1", value)
        }
        overlap = number
      default:
        throw ParallaxError(
          .badNotebook,
          "unknown option '\(name)' of a block; there are rows=set, tol= and overlap=",
          hint: Suggestion.hint(for: name, among: Self.names))
      }
    }
  }

  private static func refusal(_ rule: String, _ value: String?) -> ParallaxError {
    ParallaxError(.badNotebook, value.map { "\(rule); got '\($0)'" } ?? rule)
  }
}

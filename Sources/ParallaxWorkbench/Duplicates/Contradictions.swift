internal import ParallaxCore
internal import ParallaxReporting

/// What is to be said where verdicts contradict one another.
package enum Contradictions {
  /// Digits of a hash that stand for a picture that is not there.
  private static let digits = 12

  /// - Parameters:
  ///   - chains: of duplicates, whose ends are said to be distinct.
  ///   - name: of a content that is there.
  /// - Returns: `nil` without any.
  static func sentence(
    of chains: [[ContentHash]], _ name: (ContentHash) -> String?
  ) -> String? {
    sentence(of: chains.map { $0.map { name($0) ?? String($0.hexadecimal.prefix(digits)) } })
  }

  /// - Parameter chains: by their names.
  /// - Returns: `nil` without any.
  package static func sentence(of chains: [[String]]) -> String? {
    guard let chain = chains.first, let first = chain.first, let last = chain.last else {
      return nil
    }
    let names = chain.map { "'\($0)'" }.joined(separator: " = ")
    let more = chains.count > 1 ? "; so do \(Wording.count(chains.count - 1)) more" : ""
    return
      "verdicts contradict one another: \(names), but '\(first)' and '\(last)' are distinct\(more): what is "
      + "distinct stays apart, and the duplicates that lead there do not count; 'list verdicts' shows all"
  }
}

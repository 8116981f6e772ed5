/// Turns a text into the ids a text tower reads.
package protocol TextTokenizer: Sendable {
  /// The ids with the special tokens, unpadded; a longer text is cut and keeps its end token.
  ///
  /// - Parameter maximumTokens: at least 2.
  func encode(_ text: String, maximumTokens: Int) throws -> [Int64]
  /// The id that fills a row up to a fixed length.
  var paddingID: Int64 { get }
}

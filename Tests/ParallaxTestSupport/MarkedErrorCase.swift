package import ParallaxCore

/// What is said about a faulty text; the part at fault stands between the marks « and ».
package struct MarkedErrorCase: Sendable, CustomStringConvertible {
  package let marked: String
  package let message: String
  package let hint: String?

  package init(_ marked: String, _ message: String, hint: String? = nil) {
    self.marked = marked
    self.message = message
    self.hint = hint
  }

  package var description: String { marked }

  /// The text without the marks.
  package var text: String { String(marked.filter { $0 != "«" && $0 != "»" }) }

  /// The part between the marks, in UTF-8 offsets into ``text``.
  package var range: Range<Int> {
    let start = marked.prefix { $0 != "«" }.utf8.count
    let rest = marked.drop { $0 != "«" }.dropFirst()
    return start..<(start + rest.prefix { $0 != "»" }.utf8.count)
  }

  /// The place at fault within a text that comes from `source`.
  package func location(in source: String) -> ParallaxError.Location {
    ParallaxError.Location(source: source, text: text, line: nil, range: range)
  }
}

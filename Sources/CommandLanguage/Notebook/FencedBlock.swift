private import ParallaxCore

/// A fenced block of code at the top level of a page, as CommonMark and code hosts read it.
///
/// Lines are counted from 0.
package struct FencedBlock: Sendable, Hashable {
  /// What stands behind the opening fence, without blanks around it.
  package let info: String
  package let openingLine: Int
  /// `nil` where the page ends first, which ends the block as well.
  package let closingLine: Int?
  /// The lines between the fences.
  package let content: Range<Int>
  /// Blanks before the opening fence; as many are taken from each line of the content.
  package let indentation: Int
  /// The characters of the opening fence, such as three backticks.
  package let fence: String

  /// The first word of ``info``, by which code hosts choose the colours.
  package var language: String {
    info.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
  }

  /// A line of the content as a code host shows it.
  package func shown(_ line: String) -> String {
    String(line.dropFirst(line.prefix(indentation).prefix { $0 == " " }.count))
  }

  /// Whether a line within the block would end it.
  package static func closes(_ fence: String, _ line: String) -> Bool {
    guard let mark = fence.first else { return false }
    let blanks = line.prefix { $0 == " " }.count
    let marks = line.dropFirst(blanks).prefix { $0 == mark }.count
    return blanks < 4 && marks >= fence.count
      && line.dropFirst(blanks + marks).allSatisfy { $0 == " " || $0 == "\t" }
  }

  /// The fence that a line opens.
  static func opening(_ line: String) -> (indentation: Int, fence: String, info: String)? {
    let blanks = line.prefix { $0 == " " }.count
    let rest = line.dropFirst(blanks)
    guard blanks < 4, let mark = rest.first, mark == "`" || mark == "~" else { return nil }
    let fence = rest.prefix { $0 == mark }
    let info = rest.dropFirst(fence.count)
    guard fence.count >= 3, mark == "~" || !info.contains("`") else { return nil }
    return (blanks, String(fence), String(info).trimmingBlanks)
  }
}

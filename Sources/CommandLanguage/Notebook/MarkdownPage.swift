private import ParallaxCore

/// A page of Markdown as lines, its front matter and its fenced blocks.
///
/// Only what decides where a fenced block begins and ends is read: front matter, fences, and blocks of
/// HTML, in which a fence is plain text. Lines are counted from 0.
package struct MarkdownPage: Sendable, Hashable {
  /// Without their line ends.
  package let lines: [String]
  /// What ends each line: `\n`, `\r\n`, or nothing at the end of the page.
  package let ends: [String]
  /// The lines between the two `---` at the top; empty without them.
  package let frontMatter: Range<Int>
  package let blocks: [FencedBlock]
  /// Lines that look like a fence and are none where they stand: too far to the right, or in a quotation.
  package let overlooked: [Int]
  /// Whether the first `---` has no second.
  let hasOpenFrontMatter: Bool

  package init(_ text: String) {
    let (lines, ends) = Self.lines(of: text)
    let isFront = lines.first.map { $0.trimmingBlanks == "---" } ?? false
    let close =
      isFront
      ? lines.indices.dropFirst().first { ["---", "..."].contains(lines[$0].trimmingBlanks) } : nil
    var scan = BlockScan(lines: lines)
    scan.run(from: close.map { $0 + 1 } ?? 0)
    (self.lines, self.ends) = (lines, ends)
    frontMatter = close.map { 1..<$0 } ?? 0..<0
    hasOpenFrontMatter = isFront && close == nil
    (blocks, overlooked) = (scan.blocks, scan.overlooked)
  }

  /// The page with some ranges of lines replaced, ranges ascending and apart.
  package func replacing(_ changes: [(lines: Range<Int>, new: [String])]) -> String {
    let newline = ends.first { !$0.isEmpty } ?? "\n"
    var text = ""
    var next = 0
    for (range, new) in changes {
      for index in next..<range.lowerBound { text += lines[index] + ends[index] }
      let isOpen = text.utf8.last.map { !$0.isLineFeed } ?? false
      if isOpen, !new.isEmpty { text += newline }
      for line in new { text += line + newline }
      next = range.upperBound
    }
    for index in next..<lines.count { text += lines[index] + ends[index] }
    return text
  }

  private static func lines(of text: String) -> (lines: [String], ends: [String]) {
    var lines: [String] = []
    var ends: [String] = []
    var rest = text.utf8[...]
    while !rest.isEmpty {
      let line = rest.prefix { !$0.isLineFeed }
      rest = rest[line.endIndex...]
      var body = line
      var end = ""
      if rest.first != nil {
        rest = rest.dropFirst()
        end = "\n"
        if body.last == UInt8(ascii: "\r") {
          body = body.dropLast()
          end = "\r\n"
        }
      }
      lines.append(String(decoding: body, as: UTF8.self))
      ends.append(end)
    }
    return (lines, ends)
  }
}

extension UInt8 {
  fileprivate var isLineFeed: Bool { self == UInt8(ascii: "\n") }
}

/// Goes through the lines of a page once.
private struct BlockScan {
  let lines: [String]
  var blocks: [FencedBlock] = []
  var overlooked: [Int] = []

  mutating func run(from start: Int) {
    var index = start
    while index < lines.count {
      let line = lines[index]
      if let html = HTMLBlock(line) {
        index = html.end(from: index, in: lines)
      } else if let opening = FencedBlock.opening(line) {
        let close = lines[(index + 1)...].firstIndex { FencedBlock.closes(opening.fence, $0) }
        let end = close ?? lines.count
        blocks.append(
          FencedBlock(
            info: opening.info, openingLine: index, closingLine: close, content: index + 1..<end,
            indentation: opening.indentation, fence: opening.fence))
        index = end + 1
      } else {
        if Self.looksLikeFence(line) { overlooked.append(index) }
        index += 1
      }
    }
  }

  private static func looksLikeFence(_ line: String) -> Bool {
    let body = line.drop { " \t>-*+".contains($0) }
    return FencedBlock.opening(String(body)).map {
      $0.info.lowercased().hasPrefix("parallax")
    } ?? false
  }
}

/// A block of HTML, in which Markdown is not read.
private enum HTMLBlock {
  /// Until a line holds one of some texts.
  case until([String])
  /// Until a blank line.
  case untilBlank

  /// Elements whose content is text: `<pre>` and the like.
  private static let verbatim = ["pre", "script", "style", "textarea"]
  /// Other elements that begin a block, also in the middle of a paragraph.
  private static let elements: Set<String> = [
    "address", "article", "aside", "base", "basefont", "blockquote", "body", "caption", "center",
    "col", "colgroup", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5",
    "h6", "head", "header", "hr", "html", "iframe", "legend", "li", "link", "main", "menu",
    "menuitem", "nav", "noframes", "ol", "optgroup", "option", "p", "param", "search", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "track", "ul",
  ]

  init?(_ line: String) {
    let blanks = line.prefix { $0 == " " }.count
    let rest = line.dropFirst(blanks)
    guard blanks < 4, rest.first == "<" else { return nil }
    if rest.hasPrefix("<!--") {
      self = .until(["-->"])
      return
    }
    let isClosing = rest.hasPrefix("</")
    let name = rest.dropFirst(isClosing ? 2 : 1).prefix {
      $0.isASCII && ($0.isLetter || $0.isNumber)
    }
    .lowercased()
    if !isClosing, Self.verbatim.contains(name) {
      self = .until(Self.verbatim.map { "</\($0)>" })
    } else if Self.elements.contains(name) {
      self = .untilBlank
    } else {
      return nil
    }
  }

  /// The line after the block that begins at `start`.
  func end(from start: Int, in lines: [String]) -> Int {
    switch self {
    case .until(let ends):
      let last = lines[start...].firstIndex { line in
        ends.contains { line.lowercased().contains($0) }
      }
      return last.map { $0 + 1 } ?? lines.count
    case .untilBlank:
      return lines[start...].firstIndex { $0.trimmingBlanks.isEmpty } ?? lines.count
    }
  }
}

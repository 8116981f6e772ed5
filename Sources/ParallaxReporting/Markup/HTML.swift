internal import ParallaxText

/// A part of a page.
///
/// There are only elements that show or explain: no forms, no frames, nothing that is fetched. A
/// picture is a part of the page, and a link goes to another place on it.
package struct HTML: Sendable {
  package enum Name: String, Sendable {
    case a, bdi, caption, dd, details, div, dl, dt, figcaption, figure, footer, h1, h2, h3, h4,
      header
    case img, li, main, nav, ol, p, section, span, strong, summary, table, tbody, td, th, thead,
      time
    case tr, ul
  }

  private enum Content: Sendable {
    case text(String)
    case element(Name, [(name: String, value: String)], [HTML])
    case drawing(String)
  }

  private let content: Content

  init(_ name: Name, _ attributes: KeyValuePairs<String, String> = [:], _ content: [HTML] = []) {
    self.content = .element(name, attributes.map { ($0.key, $0.value) }, content)
  }

  init(_ name: Name, _ attributes: KeyValuePairs<String, String> = [:], text: String) {
    self.init(name, attributes, [.text(text)])
  }

  init(_ name: Name, _ attributes: [(String, String)], _ content: [HTML]) {
    self.content = .element(name, attributes.map { ($0.0, $0.1) }, content)
  }

  private init(_ content: Content) { self.content = content }

  static func text(_ text: String) -> HTML { HTML(.text(text)) }

  /// A text of somebody else's, whose direction does not touch what stands beside it.
  static func foreign(_ text: String) -> HTML { HTML(.bdi, text: text) }

  static func drawing(_ drawing: Drawing) -> HTML { HTML(.drawing(drawing.svg)) }

  /// A picture that is a part of the page.
  ///
  /// - Parameter alternative: what is read to those who do not see it.
  static func picture(jpeg: [UInt8], width: Int, height: Int, alternative: String) -> HTML {
    HTML(
      .img,
      [
        "src": "data:image/jpeg;base64,\(Base64.text(of: jpeg))", "width": "\(width)",
        "height": "\(height)", "alt": alternative,
      ])
  }

  /// Elements without an end.
  private static let empty: Set<Name> = [.img]
  /// Elements that stand within a line: a line feed behind one would show as a blank.
  private static let inline: Set<Name> = [.a, .bdi, .img, .span, .strong, .time]

  func write(to page: inout String) {
    switch content {
    case .text(let text): page += Markup.escaped(text)
    case .drawing(let svg): page += svg
    case .element(let name, let attributes, let content):
      page += "<\(name.rawValue)"
      for attribute in attributes {
        page += " \(attribute.name)=\"\(Markup.escaped(attribute.value))\""
      }
      guard !Self.empty.contains(name) else {
        page += "/>"
        return
      }
      page += ">"
      for part in content { part.write(to: &page) }
      page += "</\(name.rawValue)>"
      if !Self.inline.contains(name) { page += "\n" }
    }
  }
}

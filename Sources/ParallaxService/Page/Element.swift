private import ParallaxText

/// A part of a page. Names of elements and attributes are this program's own; whatever comes from elsewhere is
/// a text, or the value of an attribute.
struct Element: Sendable {
  typealias Attributes = KeyValuePairs<StaticString, String?>

  private enum Content: Sendable {
    case text(String)
    case element(StaticString, [(StaticString, String?)], [Element])
  }

  private let content: Content

  /// - Parameter attributes: without those whose value is `nil`.
  init(_ name: StaticString, _ attributes: Attributes = [:], _ content: [Element] = []) {
    self.content = .element(name, attributes.map { ($0.key, $0.value) }, content)
  }

  init(_ name: StaticString, _ attributes: Attributes = [:], text: String) {
    self.init(name, attributes, [.text(text)])
  }

  private init(_ content: Content) { self.content = content }

  /// A text as it is shown: what would turn or break what stands around it is written as on a terminal.
  static func text(_ text: String) -> Element { Element(.text(TerminalText.escaped(text))) }

  /// A text of somebody else's, whose direction does not touch what stands beside it.
  static func foreign(_ text: String) -> Element { Element("bdi", text: text) }

  /// Elements without an end.
  private static let empty: Set<String> = ["br", "img", "input", "link", "meta"]

  func write(to page: inout String) {
    switch content {
    case .text(let text): page += Self.escaped(text)
    case .element(let name, let attributes, let content):
      page += "<\(name)"
      for (name, value) in attributes {
        guard let value else { continue }
        page += value.isEmpty ? " \(name)=\"\"" : " \(name)=\"\(Self.escaped(value))\""
      }
      page += ">"
      guard !Self.empty.contains("\(name)") else { return }
      for part in content { part.write(to: &page) }
      page += "</\(name)>"
    }
  }

  /// A text within tags and within double quotes, the same when it is read.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\r": result += "&#13;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Element {
  /// A link.
  ///
  /// - Parameter label: what is read instead of the text where that alone says too little.
  static func link(
    _ text: String, to address: String, class style: String? = nil, label: String? = nil
  ) -> Element {
    Element("a", ["href": address, "class": style, "aria-label": label], [.text(text)])
  }

  /// Pairs of a name and what it is.
  static func facts(_ facts: [(name: String, value: Element)]) -> Element {
    Element(
      "dl", ["class": "facts"],
      facts.map {
        Element("div", [:], [Element("dt", text: $0.name), Element("dd", [:], [$0.value])])
      })
  }
}

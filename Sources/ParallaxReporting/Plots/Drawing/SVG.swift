/// An element of an SVG file.
///
/// There are only elements that draw or explain: no scripts, no links, nothing from elsewhere.
struct SVG: Sendable {
  enum Name: String, Sendable { case svg, title, desc, style, g, rect, line, path, circle, text }

  private enum Content: Sendable {
    case none
    case text(String)
    case elements([SVG])
  }

  private let name: Name
  private let attributes: [(name: String, value: String)]
  private let content: Content

  init(_ name: Name, _ attributes: KeyValuePairs<String, String> = [:], _ elements: [SVG] = []) {
    self.name = name
    self.attributes = attributes.map { ($0.key, $0.value) }
    content = elements.isEmpty ? .none : .elements(elements)
  }

  init(_ name: Name, _ attributes: KeyValuePairs<String, String> = [:], text: String) {
    self.name = name
    self.attributes = attributes.map { ($0.key, $0.value) }
    content = .text(text)
  }

  /// The element as XML, one line an element, with a line feed at the end.
  var xml: String {
    var lines: [String] = []
    write(to: &lines, indent: "")
    return lines.map { $0 + "\n" }.joined()
  }

  private func write(to lines: inout [String], indent: String) {
    let start =
      "<\(name.rawValue)"
      + attributes.map { " \($0.name)=\"\(Markup.escaped($0.value))\"" }.joined()
    switch content {
    case .none: lines.append("\(indent)\(start)/>")
    case .text(let text):
      lines.append("\(indent)\(start)>\(Markup.escaped(text))</\(name.rawValue)>")
    case .elements(let elements):
      lines.append("\(indent)\(start)>")
      for element in elements { element.write(to: &lines, indent: indent + " ") }
      lines.append("\(indent)</\(name.rawValue)>")
    }
  }

  /// A coordinate: two decimals, without zeros at their end.
  static func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "0" }
    let hundredths = Int((value * 100).rounded())
    let whole = "\(hundredths < 0 ? "-" : "")\(hundredths.magnitude / 100)"
    let rest = Int(hundredths.magnitude % 100)
    if rest == 0 { return whole }
    return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}

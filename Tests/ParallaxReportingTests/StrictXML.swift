/// A reader of XML 1.0 that refuses more than it must: no declarations, instructions, comments or
/// CDATA, no entities but the five of XML, attributes once each, and one element around everything.
struct StrictXML {
  struct Element {
    var name: String
    var attributes: [String: String] = [:]
    var text = ""
    var children: [Element] = []

    /// The element and all within it.
    var all: [Element] { [self] + children.flatMap(\.all) }

    /// Those of a name, in their order.
    func named(_ name: String) -> [Element] { all.filter { $0.name == name } }

    /// An attribute that is a number.
    func number(_ name: String) -> Double? { attributes[name].flatMap(Double.init) }
  }

  struct Fault: Error, CustomStringConvertible {
    var description: String
  }

  private var rest: Substring.UnicodeScalarView

  static func read(_ text: String) throws -> Element {
    for scalar in text.unicodeScalars where !isAllowed(scalar) {
      throw Fault(description: "U+\(String(scalar.value, radix: 16)) is no character of XML")
    }
    var reader = StrictXML(rest: text[...].unicodeScalars)
    let root = try reader.element()
    reader.skipBlanks()
    guard reader.rest.isEmpty else { throw Fault(description: "text behind the root element") }
    return root
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }

  private mutating func skipBlanks() {
    rest = rest.drop { " \n\t\r".unicodeScalars.contains($0) }
  }

  private mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text.unicodeScalars) else { return false }
    rest = rest.dropFirst(text.unicodeScalars.count)
    return true
  }

  private mutating func expect(_ text: String) throws {
    guard take(text) else {
      throw Fault(description: "expected \(text) before \(String(rest.prefix(30)))")
    }
  }

  private mutating func word() throws -> String {
    let word = rest.prefix {
      $0.properties.isAlphabetic || "0123456789-:".unicodeScalars.contains($0)
    }
    guard !word.isEmpty else {
      throw Fault(description: "expected a name before \(String(rest.prefix(30)))")
    }
    rest = rest.dropFirst(word.count)
    return String(word)
  }

  private mutating func element() throws -> Element {
    try expect("<")
    var element = Element(name: try word())
    while take(" ") {
      let name = try word()
      try expect("=\"")
      let value = try characters(until: "\"")
      try expect("\"")
      guard element.attributes.updateValue(value, forKey: name) == nil else {
        throw Fault(description: "attribute \(name) stands twice")
      }
    }
    if take("/>") { return element }
    try expect(">")
    while true {
      element.text += try characters(until: "<")
      if take("</") {
        try expect(element.name + ">")
        return element
      }
      element.children.append(try self.element())
    }
  }

  private mutating func characters(until end: Unicode.Scalar) throws -> String {
    var result = String.UnicodeScalarView()
    while let scalar = rest.first, scalar != end {
      rest = rest.dropFirst()
      guard scalar != "<", scalar != ">" else { throw Fault(description: "a bare \(scalar)") }
      guard scalar == "&" else {
        result.append(scalar)
        continue
      }
      let name = String(rest.prefix { $0 != ";" }.prefix(10))
      let entities = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
      guard let entity = entities[name]?.unicodeScalars.first, take(name + ";") else {
        throw Fault(description: "unknown entity \(name)")
      }
      result.append(entity)
    }
    return String(result)
  }
}

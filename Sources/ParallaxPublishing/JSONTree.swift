internal import ParallaxText

/// A reply in JSON, whole.
indirect enum JSONTree: Sendable, Hashable {
  case null
  case boolean(Bool)
  case number(Double)
  case text(String)
  case list([JSONTree])
  case object([String: JSONTree])

  /// - Returns: `nil` for what is no JSON.
  init?(_ bytes: [UInt8]) {
    var scanner = JSONScanner(bytes)
    guard let tree = try? JSONTree(&scanner), scanner.isAtEnd else { return nil }
    self = tree
  }

  private init(_ scanner: inout JSONScanner) throws {
    switch scanner.next {
    case UInt8(ascii: "{"):
      var members: [String: JSONTree] = [:]
      try scanner.members { members[$0] = try JSONTree(&$1) }
      self = .object(members)
    case UInt8(ascii: "["):
      var elements: [JSONTree] = []
      try scanner.elements { elements.append(try JSONTree(&$0)) }
      self = .list(elements)
    case UInt8(ascii: "\""): self = .text(try scanner.string())
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
      let word = try scanner.word()
      self = word == "null" ? .null : .boolean(word == "true")
    default: self = .number(try scanner.double())
    }
  }

  subscript(name: String) -> JSONTree? {
    guard case .object(let members) = self, let member = members[name], member != .null else {
      return nil
    }
    return member
  }

  var text: String? { if case .text(let text) = self { text } else { nil } }
  var number: Double? { if case .number(let number) = self { number } else { nil } }
  var elements: [JSONTree]? { if case .list(let elements) = self { elements } else { nil } }
  var flag: Bool? { if case .boolean(let flag) = self { flag } else { nil } }

  var whole: Int? { number.flatMap { Int(exactly: $0) } }

  /// A list of numbers.
  var reals: [Float]? {
    guard let elements else { return nil }
    let numbers = elements.compactMap(\.number)
    return numbers.count == elements.count ? numbers.map { Float($0) } : nil
  }
}

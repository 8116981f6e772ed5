internal import ParallaxCore

/// What a JSON value must be: what checks a request is what the document says.
indirect enum Shape: Sendable {
  case string(length: ClosedRange<Int>)
  case integer(ClosedRange<Int>)
  case number(ClosedRange<Double>)
  case boolean
  case choice([String])
  case list(Shape, count: ClosedRange<Int>)
  case object(Object)
  /// Any members, each of the shape.
  case map(Shape)
  case anything
  case nullable(Shape)

  struct Object: Sendable {
    /// In the document.
    var name: String
    var properties: [Property]
    /// Members of which it has at least one; none for no such rule.
    var needsOne: [String] = []
    var help: String = ""
  }

  struct Property: Sendable {
    var name: String
    var shape: Shape
    var isRequired: Bool
    var help: String

    init(_ name: String, _ shape: Shape, required: Bool = false, _ help: String) {
      self.name = name
      self.shape = shape
      isRequired = required
      self.help = help
    }
  }

  /// Any text of at least one character.
  static let text = Shape.string(length: 1...10_000)
  static let anyText = Shape.string(length: 0...Int.max)
  static let count = Shape.integer(0...Int.max)
  static let anyNumber = Shape.number(
    -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude)

  /// - Parameter place: of the value in the body, such as `terms[0].weight`; empty for all of it.
  /// - Throws: `invalid-value`, `unknown-member`, `missing-value`, naming the place.
  func check(_ value: JSONValue, at place: String = "") throws {
    switch (self, value) {
    case (.anything, _), (.nullable, .null), (.boolean, .boolean): return
    case (.nullable(let shape), _): try shape.check(value, at: place)
    case (.string(let length), .string(let text)) where length.contains(text.count): return
    case (.integer(let range), _):
      guard let number = value.integer, range.contains(number) else { throw wrong(value, place) }
    case (.number(let range), _):
      guard let number = value.number, range.contains(number) else {
        throw wrong(value, place)
      }
    case (.choice(let words), .string(let word)) where words.contains(word): return
    case (.list(let shape, let count), .array(let elements)) where count.contains(elements.count):
      for (index, element) in elements.enumerated() {
        try shape.check(element, at: "\(place)[\(index)]")
      }
    case (.map(let shape), .object(let members)):
      for member in members {
        try shape.check(member.value, at: Self.place(member.name, in: place))
      }
    case (.object(let object), .object(let members)):
      try Self.check(members, of: object, at: place)
    default: throw wrong(value, place)
    }
  }

  private static func check(
    _ members: [JSONValue.Member], of object: Object, at place: String
  ) throws {
    let names = object.properties.map(\.name)
    for member in members {
      guard let property = object.properties.first(where: { $0.name == member.name }) else {
        throw ParallaxError(
          .unknownMember, "unknown member '\(Self.place(member.name, in: place))'",
          hint: Suggestion.hint(for: member.name, among: names)
            ?? "there are: \(names.joined(separator: ", "))",
          parameter: .init(name: Self.place(member.name, in: place)))
      }
      try property.shape.check(member.value, at: Self.place(member.name, in: place))
    }
    for property in object.properties
    where property.isRequired && !members.contains(where: { $0.name == property.name }) {
      let name = Self.place(property.name, in: place)
      throw ParallaxError(
        .missingMember, "'\(name)' is missing: \(property.help)", parameter: .init(name: name))
    }
    guard
      object.needsOne.isEmpty
        || members.contains(where: { object.needsOne.contains($0.name) })
    else {
      let name = place.isEmpty ? "the body" : "'\(place)'"
      throw ParallaxError(
        .missingMember, "\(name) needs one of \(object.needsOne.joined(separator: ", "))",
        parameter: place.isEmpty ? nil : .init(name: place))
    }
  }

  private static func place(_ name: String, in place: String) -> String {
    place.isEmpty ? name : "\(place).\(name)"
  }

  private func wrong(_ value: JSONValue, _ place: String) -> ParallaxError {
    var got = value.text.dropLast().prefix(40)
    if got.count == 40 { got += "…" }
    let name = place.isEmpty ? "the body" : "'\(place)'"
    return ParallaxError(
      .invalidValue, "\(name) takes \(rule); got \(got)",
      parameter: place.isEmpty ? nil : .init(name: place))
  }

  /// As it ends the sentence `'top' takes …`.
  var rule: String {
    switch self {
    case .string(let length):
      length.lowerBound == 0
        ? "a text" : "a text of \(length.lowerBound) to \(length.upperBound) characters"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range):
      abs(range.lowerBound) == .greatestFiniteMagnitude
        ? "a number" : "a number from \(range.lowerBound) to \(range.upperBound)"
    case .boolean: "true or false"
    case .choice(let words): "one of \(words.joined(separator: ", "))"
    case .list(_, let count): "a list of \(count.lowerBound) to \(count.upperBound)"
    case .object, .map: "an object"
    case .anything: "anything"
    case .nullable(let shape): "\(shape.rule), or null"
    }
  }

  /// The value that a parameter in an address has.
  ///
  /// - Throws: `invalid-value`.
  func value(ofParameter text: String, named name: String) throws -> JSONValue {
    let value: JSONValue =
      switch self {
      case .integer: Int64(text).map { .integer($0) } ?? .string(text)
      case .number: Double(text).flatMap { $0.isFinite ? .number($0) : nil } ?? .string(text)
      case .boolean:
        text == "true" ? .boolean(true) : text == "false" ? .boolean(false) : .string(text)
      default: .string(text)
      }
    try check(value, at: name)
    return value
  }
}

extension ParallaxError.Code {
  static let unknownMember = Self("unknown-member")
  static let missingMember = Self("missing-member")
}

/// JSON Schema 2020-12 as OpenAPI 3.1 takes it.
extension Shape {
  /// - Parameter named: takes the objects that have a name; what is written refers to them.
  func schema(_ named: inout [String: JSONValue]) -> JSONValue {
    switch self {
    case .string(let length):
      .members([
        "type": .string("string"),
        "minLength": length.lowerBound == 0 ? nil : JSONValue(length.lowerBound),
        "maxLength": length.upperBound == .max ? nil : JSONValue(length.upperBound),
      ])
    case .integer(let range):
      .members([
        "type": .string("integer"),
        "minimum": range.lowerBound == .min ? nil : JSONValue(range.lowerBound),
        "maximum": JSONValue(range.upperBound),
      ])
    case .number(let range):
      .members([
        "type": .string("number"),
        "minimum": Self.bound(range.lowerBound), "maximum": Self.bound(range.upperBound),
      ])
    case .boolean: .members(["type": .string("boolean")])
    case .choice(let words):
      .members(["type": .string("string"), "enum": .array(words.map(JSONValue.string))])
    case .list(let shape, let count):
      .members([
        "type": .string("array"), "items": shape.schema(&named),
        "minItems": count.lowerBound == 0 ? nil : JSONValue(count.lowerBound),
        "maxItems": count.upperBound == .max ? nil : JSONValue(count.upperBound),
      ])
    case .map(let shape):
      .members(["type": .string("object"), "additionalProperties": shape.schema(&named)])
    case .anything: .boolean(true)
    case .nullable(let shape):
      .members([
        "anyOf": .array([shape.schema(&named), .members(["type": .string("null")])])
      ])
    case .object(let object): object.reference(&named)
    }
  }

  private static func bound(_ bound: Double) -> JSONValue? {
    abs(bound) == .greatestFiniteMagnitude ? nil : .number(bound)
  }
}

extension Shape.Object {
  fileprivate func reference(_ named: inout [String: JSONValue]) -> JSONValue {
    if named[name] == nil {
      // Known before its members, which may refer to it.
      named[name] = .null
      var properties: [JSONValue.Member] = []
      for property in self.properties {
        var schema = property.shape.schema(&named)
        if case .object(var members) = schema, schema["$ref"] == nil {
          members.append(.init("description", .string(property.help)))
          schema = .object(members)
        }
        properties.append(.init(property.name, schema))
      }
      let required = self.properties.filter(\.isRequired).map { JSONValue.string($0.name) }
      named[name] = .members([
        "type": .string("object"), "description": help.isEmpty ? nil : .string(help),
        "properties": .object(properties), "required": required.isEmpty ? nil : .array(required),
        "anyOf": needsOne.isEmpty
          ? nil
          : .array(
            needsOne.map { .members(["required": .array([.string($0)])]) }),
        "additionalProperties": .boolean(false),
      ])
    }
    return .members(["$ref": .string("#/components/schemas/\(name)")])
  }
}

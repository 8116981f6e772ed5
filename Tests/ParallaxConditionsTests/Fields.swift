import ParallaxConditions
import ParallaxCore

/// The fields that the conditions of these tests are checked against.
enum Fields {
  private static let all: [String: WhereField] = [
    "year": .init(kind: .integer, isList: false), "score": .init(kind: .real, isList: false),
    "city": .init(kind: .text, isList: false), "taken at": .init(kind: .date, isList: false),
    "published": .init(kind: .boolean, isList: false), "tags": .init(kind: .text, isList: true),
    "names": .init(kind: .text, isList: true),
  ]

  static func field(_ name: String) throws -> WhereField {
    guard let field = all[name] else {
      throw ParallaxError(.unknownName, "unknown field '\(name)'", hint: "look again")
    }
    return field
  }
}

internal import ParallaxCore
internal import ParallaxStorage
private import Synchronization

/// A field of metadata as the page filters by it.
struct PageFilter: Sendable {
  enum Kind: Sendable {
    case range(minimum: String, maximum: String)
    case dates
    case boolean
    /// A text that has few values.
    case choice([String])
    case contains
  }

  /// Fields that a page offers, and values of one.
  private static let mostFields = 24
  private static let mostChoices = 40

  var name: String
  var kind: Kind
  /// Whether an item may have several values.
  var isList = false

  /// The parameters of an address that it reads, each with its part of a condition.
  ///
  /// - Throws: `invalid-value` for a value of another kind.
  func condition(_ value: (String) -> String?) throws -> [String] {
    func given(_ part: String) -> String? {
      value(parameter(part)).flatMap { $0.isEmpty ? nil : $0 }
    }
    let field = Self.written(name)
    switch kind {
    case .range:
      return try [("from", ">="), ("to", "<=")].compactMap { part, sign in
        guard let text = given(part) else { return nil }
        guard let number = Double(text), number.isFinite else {
          throw ParallaxError(
            .invalidValue, "'\(name)' takes a number; got '\(text)'", parameter: .init(name: name))
        }
        return "\(field) \(sign) \(text)"
      }
    case .dates:
      return [("from", ">="), ("to", "<=")].compactMap { part, sign in
        given(part).map { "\(field) \(sign) \(Self.quoted($0))" }
      }
    case .boolean:
      return given("is").map { [$0 == "yes" ? field : "not \(field)"] } ?? []
    case .choice: return given("is").map { ["\(field) = \(Self.quoted($0))"] } ?? []
    case .contains: return given("has").map { ["\(field) like \(Self.quoted("%\($0)%"))"] } ?? []
    }
  }

  func parameter(_ part: String) -> String { "f.\(name).\(part)" }

  private static let keywords: Set = [
    "and", "or", "not", "in", "between", "like", "is", "null", "true", "false",
  ]

  private static func written(_ name: String) -> String {
    let isPlain = name.utf8.enumerated().allSatisfy { place, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"):
        true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): place > 0
      default: false
      }
    }
    return isPlain && !keywords.contains(name.lowercased()) ? name : "\"\(name)\""
  }

  private static func quoted(_ text: String) -> String {
    "'\(text.replacing("'", with: "''"))'"
  }

  /// What the page of a collection offers.
  static func all(of collection: ItemCollection, in workspace: Workspace) throws -> [PageFilter] {
    try workspace.fields(in: collection).filter { !$0.name.contains("\"") && $0.count > 0 }
      .prefix(mostFields).map { field in
        PageFilter(
          name: field.name, kind: try kind(of: field, collection, workspace), isList: field.isList)
      }
  }

  private static func kind(
    of field: FieldSummary, _ collection: ItemCollection, _ workspace: Workspace
  ) throws -> Kind {
    switch field.kind {
    case .integer, .real:
      return .range(minimum: field.minimum.typed.plainText, maximum: field.maximum.typed.plainText)
    case .date: return .dates
    case .boolean: return .boolean
    case .text:
      guard let distinct = field.distinct, distinct <= mostChoices, !field.isList else {
        return .contains
      }
      let values = try workspace.metadata(for: [field.name], in: collection).first ?? []
      let texts = Set(values.compactMap { $0 == .null ? nil : $0.plainText })
      return .choice(texts.sorted())
    }
  }
}

/// The filters of collections, which are found once.
final class PageFilters: Sendable {
  private let known = Mutex<[Int64: [PageFilter]]>([:])

  func filters(of collection: ItemCollection, in workspace: Workspace) throws -> [PageFilter] {
    if let found = known.withLock({ $0[collection.rowID] }) { return found }
    let made = try PageFilter.all(of: collection, in: workspace)
    known.withLock { $0[collection.rowID] = made }
    return made
  }
}

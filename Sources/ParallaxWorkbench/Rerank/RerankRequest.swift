package import ParallaxCore

/// What is to be done with the lists of a result: who looks at them again, and how far down.
package struct RerankRequest: Sendable, Hashable {
  package var model: RerankModel
  /// How many of each list are reordered; those behind keep their order, below them.
  package var depth = 100
  /// The share of the second stage in the score; `nil` for its score alone.
  package var blend: Double?
  /// Of the second stage, on its own scale: hits below it are left out, and those without one.
  package var minimumScore: Double?
  /// Of the first stage: hits below it are left out.
  package var minimumFirstScore: Double?
  /// At most so many hits of each list; `nil` for all.
  package var top: Int?
  /// What is asked instead of the question of the one answer there is; empty for its own.
  package var terms: [Query.Term] = []
  /// What stands for a candidate where it is read and not looked at; `nil` for its text.
  package var document: RerankDocument?
  /// What a judge is told beside the question.
  package var instruction: String?
  /// Whether the scores are grades that a judge gives, and no list is reordered.
  var isForGrades = false
  package var seed: UInt64 = 1

  package init(model: RerankModel) { self.model = model }
}

/// A reranker as it is named: `NAME`, `NAME:key=value:key=value`, or a path.
package struct RerankModel: Sendable, Hashable {
  package var name: String
  package var parameters: [RerankParameters.Given]
  /// As typed.
  package var text: String

  /// A colon begins the parameters when a name and `=` follow it: names and paths may have colons.
  package init(_ text: String) {
    self.text = text
    var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    var given: [RerankParameters.Given] = []
    while parts.count > 1, let last = parts.last, let equals = last.firstIndex(of: "="),
      case let name = last[..<equals], !name.isEmpty,
      name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
    {
      given.insert(.init(String(name), String(last[last.index(after: equals)...])), at: 0)
      parts.removeLast()
    }
    name = parts.joined(separator: ":")
    parameters = given
  }
}

/// What stands for a candidate, as a text.
package struct RerankDocument: Sendable, Hashable {
  package enum Part: Sendable, Hashable {
    case words(String)
    case field(String)
  }

  package var parts: [Part]
  /// Names the option in errors.
  package var parameter: ParallaxError.Parameter

  /// The value of one field.
  package init(field: String, parameter: ParallaxError.Parameter) {
    parts = [.field(field)]
    self.parameter = parameter
  }

  /// Words, and fields in braces: `{title} in {colour}`.
  ///
  /// - Throws: `invalid-value` for a brace that is not closed, or without a field.
  package init(template: String, parameter: ParallaxError.Parameter) throws {
    self.parameter = parameter
    var parts: [Part] = []
    var rest = template[...]
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else {
        throw ParallaxError(
          .invalidValue, "a '{' of the template is not closed",
          hint: "such as \"{title} {colour}\"",
          parameter: parameter)
      }
      if open > rest.startIndex { parts.append(.words(String(rest[..<open]))) }
      let name = rest[rest.index(after: open)..<close]
      guard !name.isEmpty else {
        throw ParallaxError(
          .invalidValue, "'{}' names no field", hint: "such as \"{title} {colour}\"",
          parameter: parameter)
      }
      parts.append(.field(String(name)))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.words(String(rest))) }
    guard parts.contains(where: { if case .field = $0 { true } else { false } }) else {
      throw ParallaxError(
        .invalidValue, "the template has no field: every candidate would read the same",
        hint: "such as \"{title} {colour}\"", parameter: parameter)
    }
    self.parts = parts
  }

  package var fields: [String] {
    parts.compactMap { if case .field(let name) = $0 { name } else { nil } }
  }

  /// - Returns: `nil` where no field has a value.
  func text(_ value: (String) -> Value) -> String? {
    let values = parts.map { part -> (isField: Bool, text: String) in
      switch part {
      case .words(let words): (false, words)
      case .field(let name): (true, value(name) == .null ? "" : value(name).plainText)
      }
    }
    guard values.contains(where: { $0.isField && !$0.text.isBlank }) else { return nil }
    return values.map(\.text).joined()
  }
}

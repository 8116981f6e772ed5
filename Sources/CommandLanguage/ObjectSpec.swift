/// One object of a command: what it is called, what it means, how often it may stand.
package struct ObjectSpec: Sendable, Hashable {
  package enum Arity: Sendable, Hashable {
    case required
    case optional
    /// May be left out at the prompt, where the session fills it in; required in scripts.
    case optionalByHand
    /// One or more.
    case repeated
    /// None or more.
    case any
  }

  /// As help shows it and as ``Arguments`` finds it, such as `COLLECTION@SPACE`.
  package var name: String
  package var type: ValueType
  package var arity: Arity
  /// Words that may stand in the object's place, such as `settings` in `show settings`.
  package var keywords: [String]

  package init(
    _ name: String, _ type: ValueType, _ arity: Arity = .required, keywords: [String] = []
  ) {
    self.name = name
    self.type = type
    self.arity = arity
    self.keywords = keywords
  }

  /// A word that must stand at this place, such as `collection` or `=`.
  package static func keyword(_ word: String) -> ObjectSpec {
    ObjectSpec(word, .choice([word]))
  }

  /// As it stands in a usage line: `NAME`, `[NAME]`, `NAME…` or `[NAME…]`.
  package var usage: String {
    var label = name
    if case .choice(let words) = type { label = words.joined(separator: "|") }
    if !keywords.isEmpty { label = ([label] + keywords).joined(separator: "|") }
    switch arity {
    case .required: return label
    case .optional, .optionalByHand: return "[\(label)]"
    case .repeated: return "\(label)…"
    case .any: return "[\(label)…]"
    }
  }

  package var isRequired: Bool { arity == .required || arity == .repeated }
  package var isRepeated: Bool { arity == .repeated || arity == .any }
}

private import ParallaxCore

/// All commands of the language, and the verbs kept for later.
package struct SignatureRegistry: Sendable {
  package enum Match: Sendable, Hashable {
    case exact(CommandSignature)
    case alias(CommandSignature)
    case prefix(CommandSignature)
    /// A prefix of several verbs.
    case ambiguous([String])
    /// A verb kept for a later version.
    case reserved
    case unknown
  }

  /// In the order of help.
  package let signatures: [CommandSignature]
  package let reserved: [String]
  private let positions: [String: Int]

  /// - Precondition: no verb or alias stands twice.
  package init(_ signatures: [CommandSignature], reserved: [String] = []) {
    self.signatures = signatures
    self.reserved = reserved
    var positions: [String: Int] = [:]
    for (position, signature) in signatures.enumerated() {
      for name in [signature.verb] + signature.aliases {
        precondition(positions[name] == nil, "two commands are called '\(name)'")
        positions[name] = position
      }
    }
    self.positions = positions
  }

  package var verbs: [String] { signatures.map(\.verb) }

  /// The command of exactly this verb, or of this alias.
  package func signature(named name: String) -> CommandSignature? {
    positions[name].map { signatures[$0] }
  }

  package func match(_ word: String) -> Match {
    if let signature = signature(named: word) {
      return signature.verb == word ? .exact(signature) : .alias(signature)
    }
    if reserved.contains(word) { return .reserved }
    guard !word.isEmpty else { return .unknown }
    let candidates = signatures.filter { $0.verb.hasPrefix(word) }
    guard let first = candidates.first else { return .unknown }
    return candidates.count == 1 ? .prefix(first) : .ambiguous(candidates.map(\.verb))
  }

  /// Whether a result may not be called `name`: verbs, reserved verbs, and aliases of more than a
  /// letter. One letter alone is what people call results, too.
  package func isTaken(_ name: String) -> Bool {
    guard let signature = signature(named: name) else { return reserved.contains(name) }
    return signature.verb == name || name.utf8.count > 1
  }

  /// The verb nearest to a mistyped one.
  package func suggestion(for word: String) -> String? {
    guard
      let near = Suggestion.nearest(to: word, among: signatures.flatMap { [$0.verb] + $0.aliases })
    else { return nil }
    return signature(named: near)?.verb
  }
}

/// What Tab offers.
package struct Completion: Sendable, Hashable {
  /// Where the text to replace begins, in UTF-8 offsets; it ends at the cursor.
  package var start: Int
  /// Replacements, quoted as needed, sorted.
  package var candidates: [String]
  /// Whether a blank follows when there is only one candidate.
  package var appendsSpace: Bool
}

/// Completes the word at the cursor by running the real lexer over the line up to it.
package struct Completer: Sendable {
  private let registry: SignatureRegistry

  package init(_ registry: SignatureRegistry) { self.registry = registry }

  /// - Parameter cursor: a UTF-8 offset into `line`.
  package func complete(
    _ line: String, cursor: Int, context: some CompletionContext
  ) -> Completion {
    let bytes = Array(line.utf8.prefix(max(0, cursor)))
    guard let position = CompletionPosition(String(decoding: bytes, as: UTF8.self)) else {
      return Completion(start: bytes.count, candidates: [], appendsSpace: false)
    }
    let filler = CompletionFiller(position: position, context: context)
    if let variable = position.variable { return filler.variables(after: variable) }
    guard let verb = position.words.first else {
      let verbs = registry.signatures.filter { !position.isPiped || $0.acceptsResult }.map(\.verb)
      return filler.plain(verbs)
    }
    guard let signature = signature(named: verb.literal ?? "") else { return filler.plain([]) }
    let slot = CompletionSlot(position, signature: signature)
    return slot.completion(with: filler, verbs: registry.verbs)
  }

  private func signature(named verb: String) -> CommandSignature? {
    switch registry.match(verb) {
    case .exact(let signature), .alias(let signature), .prefix(let signature): signature
    case .ambiguous, .reserved, .unknown: nil
    }
  }
}

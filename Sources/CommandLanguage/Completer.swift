private import ParallaxText

/// What Tab offers.
package struct Completion: Sendable, Hashable {
  package struct Candidate: Sendable, Hashable {
    /// Takes the place of what was typed, quoted as needed.
    package var replacement: String
    /// What a list of candidates shows.
    package var label: String
    /// What it is, in one line; empty where nothing is known of it.
    package var summary = ""
  }

  /// Where the text to replace begins, in UTF-8 offsets; it ends at the cursor.
  package var start: Int
  /// In order.
  package var candidates: [Candidate]
  /// Takes the place of what was typed when there are several candidates; `nil` when they have no
  /// more in common than that.
  package var partial: String?
  /// Whether a blank follows when there is only one candidate.
  package var appendsSpace: Bool

  static func none(at cursor: Int) -> Completion {
    Completion(start: cursor, candidates: [], partial: nil, appendsSpace: false)
  }
}

extension Completion {
  /// What a list of the candidates shows, in order: labels, each with its summary behind it where one of
  /// them has one.
  ///
  /// - Parameter width: terminal columns that a line may take.
  /// - Returns: whether each stands on a line of its own.
  package func lines(width: Int) -> (texts: [String], isOnePerLine: Bool) {
    guard candidates.contains(where: { !$0.summary.isEmpty }) else {
      return (candidates.map(\.label), false)
    }
    let column = min(candidates.map { TerminalText.width(of: $0.label) }.max() ?? 0, width / 2)
    let texts = candidates.map { candidate in
      guard !candidate.summary.isEmpty else { return candidate.label }
      let gap = max(0, column - TerminalText.width(of: candidate.label)) + 2
      let line = candidate.label + String(repeating: " ", count: gap) + candidate.summary
      return TerminalText.truncated(line, to: width)
    }
    return (texts, true)
  }
}

/// Completes the word at the cursor by running the real lexer over the line up to it.
package struct Completer: Sendable {
  private let registry: SignatureRegistry

  package init(_ registry: SignatureRegistry) { self.registry = registry }

  /// - Parameter cursor: a UTF-8 offset into `line`.
  package func complete(
    _ line: String, cursor: Int, context: some CompletionContext
  ) -> Completion {
    let bytes = Array(line.utf8)
    var end = min(max(0, cursor), bytes.count)
    while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    let typed = String(decoding: bytes[..<end], as: UTF8.self)
    if case .shell = InputLine(typed) {
      return ShellCompletion(typed).completion(context)
    }
    guard
      let position = CompletionPosition(typed, next: end < bytes.count ? bytes[end] : nil)
    else { return .none(at: end) }
    let filler = CompletionFiller(position: position, context: context)
    if let variable = position.variable { return filler.variables(after: variable) }
    guard let verb = position.words.first else {
      let verbs = registry.signatures.filter { !position.isPiped || $0.acceptsResult }
      return filler.plain(
        verbs.map(\.verb),
        Dictionary(verbs.map { ($0.verb, $0.summary) }, uniquingKeysWith: { first, _ in first }))
    }
    guard let signature = signature(of: verb) else { return .none(at: end) }
    let slot = CompletionSlot(
      position, signature: signature, pipedObject: position.source.flatMap(object(of:)))
    return slot.completion(with: filler, verbs: registry.verbs)
  }

  /// What a command whose words are complete works on.
  private func object(of words: [Word]) -> String? {
    guard let verb = words.first, let signature = signature(of: verb) else { return nil }
    return CommandWords(words, signature, isPiped: false).object
  }

  private func signature(of verb: Word) -> CommandSignature? {
    switch registry.match(verb.literal ?? "") {
    case .exact(let signature), .alias(let signature), .prefix(let signature): signature
    case .ambiguous, .reserved, .unknown: nil
    }
  }
}

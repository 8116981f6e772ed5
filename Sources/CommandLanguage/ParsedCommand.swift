package import ParallaxCore

/// A command whose words are matched to its signature; variables are not yet filled in.
package struct ParsedCommand: Sendable {
  package struct ObjectUse: Sendable, Hashable {
    package let spec: ObjectSpec
    package let word: Word
  }

  package struct OptionUse: Sendable, Hashable {
    package let spec: OptionSpec
    /// `nil` for flags.
    package let value: Word?
    /// Weighted options only; `nil` when none was written.
    package let weight: Double?
    /// Written as `--no-NAME`.
    package let isNegated: Bool
    /// The option's name in the source.
    package let range: Range<Int>
  }

  package let signature: CommandSignature
  package internal(set) var objects: [ObjectUse]
  /// In the order typed.
  package let options: [OptionUse]
  /// Whether a result comes to it through `|`.
  package let isPiped: Bool
  package let source: SourceText
  /// UTF-8 offsets of the command in the source.
  package let range: Range<Int>
  package let verbRange: Range<Int>

  package var verb: String { signature.verb }

  /// Whether an object of this name was written.
  package func hasObject(_ name: String) -> Bool { objects.contains { $0.spec.name == name } }

  /// The command with an object left out by hand written in, so that history and scripts hold it.
  ///
  /// Unchanged when the object was written or the signature has none of that name.
  package func filling(_ objectName: String, with text: String) -> ParsedCommand {
    guard !hasObject(objectName),
      let position = signature.objects.firstIndex(where: { $0.name == objectName })
    else { return self }
    let word = Word(parts: [.init(content: .quoted(text), range: verbRange)], range: verbRange)
    let earlier = Set(signature.objects[..<position].map(\.name))
    let place = objects.prefix { earlier.contains($0.spec.name) }.count
    var copy = self
    copy.objects.insert(
      ObjectUse(spec: signature.objects[position], word: word), at: place)
    return copy
  }

  /// The command with some results called otherwise.
  func renaming(results names: [String: String]) -> ParsedCommand {
    var copy = self
    copy.objects = objects.map { use in
      guard use.spec.type.isResult(use.word.literal) || use.spec.type == .system,
        !use.spec.isKeyword(use.word),
        let name = use.word.literal.flatMap({ names[$0] })
      else { return use }
      let word = Word(
        parts: [.init(content: .bare(name), range: use.word.range)], range: use.word.range)
      return ObjectUse(spec: use.spec, word: word)
    }
    return copy
  }

  /// Fills in `$variables` and checks types and ranges.
  ///
  /// - Throws: `ParallaxError`, located at the word at fault.
  package func bound(variables: (String) -> String?) throws -> Arguments {
    try Arguments(self, variables: variables)
  }

  /// An error that points at the verb.
  package func error(
    _ code: ParallaxError.Code, _ message: String, hint: String? = nil, usage: Bool = false
  ) -> ParallaxError {
    ParallaxError(
      code, message, hint: hint, usage: usage ? signature.usage : nil,
      location: source.location(of: verbRange))
  }
}

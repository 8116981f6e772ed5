private import ParallaxCore

/// Follows the variables and results that statements define, and refuses unknown ones.
struct NameCheck {
  private(set) var known: KnownNames
  private let source: SourceText
  private let style: InputStyle
  /// The verb that defines variables, for hints.
  private let definer: String?

  init(_ known: KnownNames, source: SourceText, style: InputStyle, definer: String?) {
    self.definer = definer
    self.known = known
    self.source = source
    self.style = style
  }

  mutating func check(_ statement: Statement) throws {
    for command in statement.pipeline {
      let values = command.options.compactMap { use in
        use.value.map { (type: use.spec.type, word: $0) }
      }
      let objects = command.objects.map { use in
        (type: use.spec.isKeyword(use.word) ? .text : use.spec.type, word: use.word)
      }
      let keywords = command.signature.objects.flatMap(\.keywords)
      for (type, word) in objects + values {
        try checkVariables(of: word)
        if type.isResult(word.literal) { try checkResult(word, keywords: keywords) }
      }
      for (type, word) in objects where type == .variable {
        if let name = word.literal { known.variables?.insert(name) }
      }
      if command.signature.runsScripts { known.results = nil }
    }
    if let name = statement.name {
      known.results?.insert(name)
      known.others.insert(name)
    }
  }

  /// Whether a word certainly is the name of a result, so that it may begin a pipeline.
  func isResult(_ word: String) -> Bool {
    Names.isUnnamedResult(word) || known.others.contains(word)
      || known.results?.contains(word) ?? false
  }

  private func checkVariables(of word: Word) throws {
    guard let variables = known.variables else { return }
    for (name, range) in word.variables where !variables.contains(name) {
      let near = Suggestion.nearest(to: name, among: variables.sorted())
      throw ParallaxError(
        .unknownVariable, "unknown variable '$\(name)'",
        hint: near.map { "did you mean '$\($0)'?" }
          ?? definer.map { "define it with '\($0) \(name) = …'" },
        location: source.location(of: range))
    }
  }

  private func checkResult(_ word: Word, keywords: [String]) throws {
    guard let name = word.literal else { return }
    let location = source.location(of: word.range)
    if style == .script, Names.isUnnamedResult(name), name != "_" {
      throw ParallaxError(
        .abbreviation, "'\(name)' works at the prompt only", hint: "give the result a name",
        location: location)
    }
    guard let results = known.results, name.first != "_", !results.contains(name) else { return }
    throw ParallaxError(
      .unknownResult, "unknown result '\(name)'",
      hint: Suggestion.hint(for: name, among: results.sorted() + keywords), location: location)
  }
}

extension ObjectSpec {
  /// Whether `word` is one of the words that may stand in the object's place.
  func isKeyword(_ word: Word) -> Bool { word.literal.map(keywords.contains) ?? false }
}

extension CommandSignature {
  /// Whether one of its objects is the name of a variable to define.
  var definesVariable: Bool { objects.contains { $0.type == .variable } }
}

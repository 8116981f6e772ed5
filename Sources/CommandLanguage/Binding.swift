private import ParallaxCore

extension Arguments {
  /// Fills in the variables and checks every value.
  init(_ command: ParsedCommand, variables: (String) -> String?) throws {
    let binder = Binder(command)
    let objects = try command.objects.map { use in
      Object(spec: use.spec, value: try binder.object(use, variables))
    }
    let options = try command.options.map { use in
      Option(
        spec: use.spec, isNegated: use.isNegated, values: try binder.values(of: use, variables),
        range: use.range)
    }
    self.init(command: command, boundObjects: objects, boundOptions: options)
  }
}

/// Turns words into checked texts.
struct Binder {
  let verb: String
  let source: SourceText

  init(_ command: ParsedCommand) {
    verb = command.verb
    source = command.source
  }

  /// Checks what can be checked before variables are known.
  static func checkLiterals(of command: ParsedCommand) throws {
    let binder = Binder(command)
    for use in command.objects where use.word.variables.isEmpty {
      _ = try binder.object(use) { _ in nil }
    }
    for use in command.options where use.value?.variables.isEmpty ?? false {
      _ = try binder.values(of: use) { _ in nil }
    }
  }

  func object(
    _ use: ParsedCommand.ObjectUse, _ variables: (String) -> String?
  ) throws -> BoundText {
    let value = try bind(use.word, variables)
    if !use.spec.keywords.contains(value.text) {
      try check(value, use.spec.type, label: verb, keywords: use.spec.keywords)
    }
    return value
  }

  func values(
    of use: ParsedCommand.OptionUse, _ variables: (String) -> String?
  ) throws -> [Arguments.Value] {
    guard let word = use.value else { return [] }
    let value = try bind(word, variables)
    let values = use.spec.kind == .list ? value.elements() : [value]
    for value in values { try check(value, use.spec.type, label: use.spec.name, keywords: []) }
    return values.map { Arguments.Value(bound: $0, weight: use.weight) }
  }

  private func bind(_ word: Word, _ variables: (String) -> String?) throws -> BoundText {
    do {
      return try word.bound(variables)
    } catch {
      throw ParallaxError(
        .unknownVariable, "unknown variable '$\(error.name)'",
        location: source.location(of: error.range))
    }
  }

  private func check(
    _ value: BoundText, _ type: ValueType, label: String, keywords: [String]
  ) throws {
    guard let problem = type.problem(with: value.text, label: label) else { return }
    throw ParallaxError(
      problem.code, problem.message,
      hint: problem.hint ?? Suggestion.hint(for: value.text, among: keywords),
      location: source.location(of: problem.part.map(value.sourceRange(of:)) ?? value.range))
  }
}

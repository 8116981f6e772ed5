/// What a place takes, and the words around it that decide.
struct CompletionWish {
  var types: [ValueType]
  var keywords: [String]
  var object: String?
  var words: CommandWords
  var verbs: [String]
}

/// Turns what is on hand into candidates that fit the word being typed.
struct CompletionFiller<Context: CompletionContext> {
  let position: CompletionPosition
  let context: Context

  /// Names that need no quotes, for the whole word at the cursor.
  func plain(_ names: [String], _ summaries: [String: String] = [:]) -> Completion {
    guard let typed = position.current.bareText ?? (position.current.parts.isEmpty ? "" : nil)
    else { return quotedPlain(names) }
    let matches = names.filter { $0.hasPrefix(typed) }.sorted()
    let common = CompletionMatches.common(of: matches)
    return Completion(
      start: position.current.range.lowerBound,
      candidates: matches.map { .init(replacement: $0, label: $0, summary: summaries[$0] ?? "") },
      partial: common.utf8.count > typed.utf8.count ? common : nil, appendsSpace: true)
  }

  private func quotedPlain(_ names: [String]) -> Completion {
    guard let value = try? position.current.bound({ _ in nil }) else { return none }
    return completion(value, matching(names, value.text), isList: false)
  }

  func variables(after typed: (name: String, isBraced: Bool, start: Int)) -> Completion {
    let names = Set(context.variables.filter { $0.hasPrefix(typed.name) }).sorted()
    let common = CompletionMatches.common(of: names)
    return Completion(
      start: typed.start,
      candidates: names.map {
        let text = typed.isBraced ? "${\($0)}" : "$\($0)"
        return .init(replacement: text, label: text)
      },
      partial: common.utf8.count > typed.name.utf8.count
        ? (typed.isBraced ? "${" : "$") + common : nil,
      appendsSpace: position.openQuote == nil)
  }

  func fill(_ word: Word, _ wanted: CompletionWish, isList: Bool) -> Completion {
    if wanted.types.contains(.expression) { return expression(word, over: wanted.object) }
    guard var value = try? word.bound({ _ in nil }) else { return none }
    if wanted.types.contains(where: \.isOrder),
      matching(names(wanted, value.text), value.text).texts.isEmpty
    {
      return expression(word, over: wanted.object)
    }
    if isList, let last = value.elements().last { value = last }
    let names = matching(names(wanted, value.text), value.text)
    if wanted.types.contains(.itemID), names.texts.isEmpty {
      let items = context.items(of: wanted.object, startingWith: value.text)
      return completion(value, items, isList: isList)
    }
    guard takesPath(wanted.types, value.text) else {
      return completion(value, names, isList: isList, types: wanted.types)
    }
    let paths = paths(startingWith: value.text)
    guard !names.texts.isEmpty else {
      return completion(value, paths, isList: isList, isPath: true)
    }
    let both = CompletionMatches(
      names.texts + paths.texts,
      common: paths.texts.isEmpty
        ? names.common : CompletionMatches.common(of: names.common, paths.common))
    return completion(value, both, isList: isList, isPath: true)
  }

  // MARK: - Sources

  private func names(_ wanted: CompletionWish, _ typed: String) -> [String] {
    let words = wanted.words
    return wanted.types.reduce(into: wanted.keywords) { names, type in
      switch type {
      case .choice(let words), .order(let words): names += words
      case .collection: names += context.collections
      case .space: names += context.spaces + context.collections
      case .result: names += context.results
      case .resultOrSpace: names += context.results + context.spaces
      case .object, .system:
        names += context.collections + context.spaces + context.results
      case .named: names += named(words.positional.last?.literal)
      case .column: names += context.columns(of: wanted.object)
      case .fileColumn(let sources): names += columns(ofFirst: sources, words)
      case .fileColumnKind(let sources, let kinds):
        names += columns(ofFirst: sources, words).flatMap { column in
          kinds.map { "\(column)=\($0)" }
        }
      case .setting: names += context.settings
      case .settingValue:
        names += words.positional.last?.literal.map(context.values(ofSetting:)) ?? []
      case .model: names += context.models
      case .reranker:
        // Parameters are offered behind the colon.
        names += context.rerankers.filter { typed.contains(":") || !$0.contains(":") }
      case .metric: names += context.metrics
      case .task: names += context.tasks(ofModel: words.values["model"])
      case .verb: names += wanted.verbs
      case .text, .path, .integer, .number, .expression, .itemID, .name, .variable, .assignment:
        break
      }
    }
  }

  private func named(_ kind: String?) -> [String] {
    switch kind {
    case "collection": context.collections
    case "space": context.spaces
    case "result": context.results
    default: []
    }
  }

  private func columns(ofFirst sources: [String], _ words: CommandWords) -> [String] {
    guard let path = sources.lazy.compactMap({ words.text(of: $0) }).first else { return [] }
    return context.columns(ofFile: path)
  }

  private func matching(_ names: [String], _ typed: String) -> CompletionMatches {
    CompletionMatches(Set(names.filter { $0.hasPrefix(typed) }).sorted())
  }

  /// A model or a system may be a path, which is not offered before it begins like one.
  private func takesPath(_ types: [ValueType], _ typed: String) -> Bool {
    types.contains(.path)
      || (types.contains(.model) || types.contains(.reranker) || types.contains(.system))
        && (typed.contains("/") || typed.hasPrefix(".") || typed == "~")
  }

  private func paths(startingWith typed: String) -> CompletionMatches {
    PathCompletion.matches(typed, context)
  }

  // MARK: - Filling

  private var none: Completion { .none(at: position.cursor) }

  private func completion(
    _ value: BoundText, _ matches: CompletionMatches, isList: Bool, isPath: Bool = false,
    types: [ValueType] = []
  ) -> Completion {
    let quoting = CompletionQuoting(position, value: value, isPath: isPath)
    let isFolder = matches.texts.count == 1 && matches.texts[0].hasSuffix("/") && isPath
    return Completion(
      start: value.range.lowerBound,
      candidates: matches.texts.map {
        .init(
          replacement: quoting.whole($0), label: isPath ? PathCompletion.label($0) : label($0),
          summary: summary(of: $0, types))
      },
      partial: matches.common.utf8.count > value.text.utf8.count
        ? quoting.beginning(matches.common) : nil,
      appendsSpace: !isList && !isFolder && quoting.closesWord)
  }

  private func summary(of name: String, _ types: [ValueType]) -> String {
    types.lazy.compactMap { context.summary(of: name, as: $0) }.first ?? ""
  }

  private func label(_ text: String) -> String { Quoting.visible(text) }

  // MARK: - Expressions

  private func expression(_ word: Word, over object: String?) -> Completion {
    // A number stands for a variable, whose value is not known to be a field.
    guard let value = try? word.bound({ _ in "0" }) else { return none }
    let isClosed =
      position.openQuote == nil && !value.pieces.isEmpty
      && !(value.pieces.last?.isBare ?? true)
    guard !isClosed else { return none }
    let found = context.expression(value.text, over: object)
    let end = value.text.utf8.count
    let typed = String(decoding: value.text.utf8.dropFirst(found.start), as: UTF8.self)
    let place = ExpressionPlace(
      position, value: value, tail: found.start..<end,
      mustRequote: (found.matches.texts + [typed]).contains { $0.contains("'") })
    guard let place else { return none }
    return Completion(
      start: place.start,
      candidates: found.matches.texts.map {
        .init(replacement: place.replacement($0), label: label($0))
      },
      partial: found.matches.common.utf8.count > typed.utf8.count
        ? place.replacement(found.matches.common) : nil,
      appendsSpace: found.appendsSpace)
  }
}

/// Where in the line a part of a condition goes, and how it is written there.
private struct ExpressionPlace {
  let start: Int
  private let quote: Scan.Quote
  /// What comes before the part where the whole word is rewritten, in double quotes.
  private let before: String?

  init?(
    _ position: CompletionPosition, value: BoundText, tail: Range<Int>, mustRequote: Bool
  ) {
    switch position.openQuote {
    case .double: quote = .double
    case .single where !mustRequote: quote = .single
    case .single, nil:
      // What a variable holds is not in the line.
      guard !position.current.hasVariables else { return nil }
      quote = .double
      before = String(decoding: value.text.utf8.prefix(tail.lowerBound), as: UTF8.self)
      start = value.range.lowerBound
      return
    }
    before = nil
    start = tail.isEmpty ? position.cursor : value.sourceRange(of: tail).lowerBound
  }

  func replacement(_ part: String) -> String {
    if let before { return "\"\(Quoting.doubleQuotedContent(before + part))" }
    return quote == .double ? Quoting.doubleQuotedContent(part) : part
  }
}

extension Word {
  fileprivate var hasVariables: Bool { !variables.isEmpty }
}

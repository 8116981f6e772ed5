/// Turns what is on hand into candidates that fit the word being typed.
struct CompletionFiller<Context: CompletionContext> {
  /// Where candidates come from.
  enum Source {
    case names([String])
    case path(also: [String])
    /// Over the fields of an object.
    case expression(of: String?)
  }

  let position: CompletionPosition
  let context: Context

  func source(
    types: [ValueType], keywords: [String], object: String?, previous: String?, verbs: [String]
  ) -> Source {
    var names = keywords
    var takesPath = false
    for type in types {
      switch type {
      case .path: takesPath = true
      case .expression: return .expression(of: object)
      case .choice(let words): names += words
      case .collection: names += context.collections
      case .space: names += context.spaces + context.collections
      case .result: names += context.results
      case .object: names += context.collections + context.spaces + context.results
      case .field: names += context.fields(of: object)
      case .setting: names += context.settings
      case .settingValue: names += previous.map(context.values(ofSetting:)) ?? []
      case .model: names += context.models
      case .verb: names += verbs
      case .text, .integer, .number, .itemID, .name, .variable, .assignment: break
      }
    }
    return takesPath ? .path(also: names) : .names(names)
  }

  // MARK: - Filling

  /// Candidates for the whole word at the cursor.
  func plain(_ names: [String]) -> Completion {
    fill(position.current, from: .names(names), isList: false)
  }

  func variables(after typed: (name: String, isBraced: Bool, start: Int)) -> Completion {
    let names = context.variables.filter { $0.hasPrefix(typed.name) }
    return Completion(
      start: typed.start,
      candidates: sorted(names.map { typed.isBraced ? "${\($0)}" : "$\($0)" }),
      appendsSpace: position.openQuote == nil)
  }

  func fill(_ word: Word, from source: Source, isList: Bool) -> Completion {
    let bound = try? word.bound { _ in nil }
    guard var value = bound else { return empty }
    if isList, let last = value.elements().last { value = last }
    switch source {
    case .names(let names):
      let matches = names.filter { $0.hasPrefix(value.text) }
      return completion(value, matches, isOpen: false, appendsSpace: !isList)
    case .path(let names):
      let paths = self.paths(startingWith: value.text)
      let matches = names.filter { $0.hasPrefix(value.text) } + paths
      let isOpen = matches.contains { $0.hasSuffix("/") }
      return completion(value, matches, isOpen: isOpen, appendsSpace: !isList && !isOpen)
    case .expression(let object): return expression(value, object)
    }
  }

  private var empty: Completion {
    Completion(start: position.cursor, candidates: [], appendsSpace: false)
  }

  /// - Parameter isOpen: leaves quotes open after folders, whose contents come next.
  private func completion(
    _ value: BoundText, _ matches: [String], isOpen: Bool, appendsSpace: Bool
  ) -> Completion {
    let candidates = matches.map { match in
      var text = quoted(match)
      if isOpen, match.hasSuffix("/"), text.last == "\"" || text.last == "'" { text.removeLast() }
      return text
    }
    return Completion(
      start: value.range.lowerBound, candidates: sorted(candidates), appendsSpace: appendsSpace)
  }

  /// `text` in the quotes that are open at the cursor, or in none that are not needed.
  private func quoted(_ text: String) -> String {
    switch position.openQuote {
    case .double: "\"\(Quoting.doubleQuotedContent(text))\""
    case .single where !text.contains("'"): "'\(text)'"
    case .single: Quoting.inQuotes(text)
    case nil: text.hasPrefix("-") ? text : Quoting.word(text, in: [.list, .weighted])
    }
  }

  private func paths(startingWith typed: String) -> [String] {
    let slash = typed.lastIndex(of: "/")
    let folder = slash.map { String(typed[...$0]) } ?? ""
    let prefix = slash.map { typed[typed.index(after: $0)...] } ?? typed[...]
    return context.entries(ofDirectory: folder.isEmpty ? "." : folder)
      .filter { $0.hasPrefix(prefix) && (prefix.hasPrefix(".") || !$0.hasPrefix(".")) }
      .map { folder + $0 }
  }

  private func sorted(_ candidates: [String]) -> [String] { Set(candidates).sorted() }

  // MARK: - Expressions

  /// The fields that begin with the name at the end of an expression, or the values of a field that
  /// begin with the text there.
  private func expression(_ value: BoundText, _ object: String?) -> Completion {
    let tail = ExpressionTail(value.text)
    let isClosed = position.openQuote == nil && !(value.pieces.last?.isBare ?? false)
    guard !(isClosed && !value.text.isEmpty) else { return empty }
    let end = value.text.utf8.count
    let start =
      tail.length == 0
      ? position.cursor : value.sourceRange(of: end - tail.length..<end).lowerBound
    if tail.isInString {
      return Completion(
        start: start, candidates: sorted(texts(of: tail, object)), appendsSpace: false)
    }
    let fields = context.fields(of: object).filter { $0.hasPrefix(tail.name) }
    let candidates = fields.compactMap { field -> String? in
      if Names.isName(field), !tail.isQuotedField { return field }
      switch position.openQuote {
      case .double: return Quoting.doubleQuotedContent("\"\(field)\"")
      case .single: return field.contains("'") ? nil : "\"\(field)\""
      case nil: return nil
      }
    }
    return Completion(start: start, candidates: sorted(candidates), appendsSpace: false)
  }

  /// What the field before a string may be compared with, up to the quote that ends the string.
  private func texts(of tail: ExpressionTail, _ object: String?) -> [String] {
    // Within single quotes of the line no other string can be written.
    guard position.openQuote == .double, let field = tail.field else { return [] }
    return context.values(ofField: field, of: object, startingWith: tail.name)
      .filter { $0.hasPrefix(tail.name) }
      .map { text in
        let doubled = text.flatMap { $0 == "'" ? "''" : String($0) }
        return Quoting.doubleQuotedContent(String(doubled) + "'")
      }
  }
}

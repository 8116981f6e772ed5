private import ParallaxConditions
internal import ParallaxCore
private import ParallaxText

/// What is wrong with a value: the rule in words, and a suggestion.
struct ValueProblem {
  var code = ParallaxError.Code.badValue
  var message: String
  var hint: String?
  /// UTF-8 offsets of the part at fault; `nil` when it is the whole value.
  var part: Range<Int>?
}

extension ValueType {
  /// Checks a value without its variables.
  ///
  /// - Parameter label: who takes the value: the option, or the verb of an object.
  /// - Returns: `nil` when the value is good.
  func problem(with text: String, label: String) -> ValueProblem? {
    if accepts(text) {
      return switch self {
      case .expression:
        Self.problem { () throws(ParallaxError) in
          _ = try WhereExpression(parsing: text, as: .init(rawValue: label) ?? .filter)
        }
      case .order(let words) where !words.contains(text):
        Self.problem { () throws(ParallaxError) in _ = try WhereOrder(parsing: text) }
      default: nil
      }
    }
    let got = TerminalText.truncated(text, to: 40)
    var hint: String?
    if case .choice(let words) = self { hint = Suggestion.hint(for: text, among: words) }
    return ValueProblem(message: "'\(label)' takes \(rule); got '\(got)'", hint: hint)
  }

  private static func problem(
    _ parse: () throws(ParallaxError) -> Void
  ) -> ValueProblem? {
    do {
      try parse()
      return nil
    } catch {
      return ValueProblem(
        code: error.code, message: error.message, hint: error.hint, part: error.location?.range)
    }
  }

  private func accepts(_ text: String) -> Bool {
    switch self {
    case .text, .settingValue, .named, .task, .fileColumn, .fileColumnKind: true
    case .integer(let range): Numbers.integer(text).map(range.contains) ?? false
    case .number(let range):
      Numbers.decimal(text).map { range?.contains($0) ?? true } ?? false
    case .choice(let words): words.contains(text)
    case .collection, .name: ObjectName.isValid(text)
    case .space: Self.isSpace(text)
    case .result: Names.isName(text) || Names.isUnnamedResult(text)
    case .object, .resultOrSpace: Self.isSpace(text) || Names.isUnnamedResult(text)
    case .variable: Names.isName(text)
    case .assignment:
      text.firstIndex(of: "=").map { Names.isName(String(text[..<$0])) } ?? false
    case .path, .system, .expression, .order, .itemID, .column, .setting, .model, .reranker,
      .metric, .verb:
      !text.isEmpty && !text.utf8.contains(0)
    }
  }

  /// What the value must be, as it ends the sentence `'top' takes …`.
  var rule: String {
    switch self {
    case .text, .settingValue: "a text"
    case .named: "a name"
    case .task: "a task type"
    case .fileColumn: "the name of a column"
    case .fileColumnKind: "COLUMN=KIND"
    case .path: "a file or folder"
    case .integer(let range): Self.integerRule(range)
    case .number(let range):
      range.map {
        "a number from \(Numbers.text($0.lowerBound)) to \(Numbers.text($0.upperBound))"
      } ?? "a number"
    case .choice(let words): Self.choiceRule(words)
    case .expression: "an expression such as \"year >= 2020\""
    case .order(let words): Self.choiceRule(words) + ", a field or a condition"
    case .collection: "the name of a collection"
    case .space: "COLLECTION or COLLECTION@SPACE"
    case .result: "the name of a result"
    case .object: "the name of a collection, space or result"
    case .resultOrSpace: "the name of a result, or COLLECTION@SPACE"
    case .system: "a run, COLLECTION@SPACE, or the file of a run"
    case .itemID: "the id of an item"
    case .name:
      "a name: a letter, then letters, digits, '_', '-' and '.', \(ObjectName.maximumLength) at most"
    case .column: "the name of a column"
    case .setting: "the name of a setting"
    case .model: "the name of a model"
    case .reranker: "the name of a reranker, with parameters as NAME:key=value"
    case .metric: "a metric such as 'ndcg@10'"
    case .verb: "the name of a command"
    case .variable: "a name: a letter followed by letters, digits and '_'"
    case .assignment: "NAME=VALUE"
    }
  }

  private static func integerRule(_ range: ClosedRange<Int>) -> String {
    switch (range.lowerBound, range.upperBound) {
    case (.min, .max): "a whole number"
    case (let low, .max): "a whole number of at least \(low)"
    case (.min, let high): "a whole number of at most \(high)"
    case (let low, let high): "a whole number from \(low) to \(high)"
    }
  }

  private static func choiceRule(_ words: [String]) -> String {
    let quoted = words.map { "'\($0)'" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.joined() }
    return quoted.dropLast().joined(separator: ", ") + " or " + last
  }

  private static func isSpace(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count <= 2 && parts.allSatisfy { ObjectName.isValid(String($0)) }
  }
}

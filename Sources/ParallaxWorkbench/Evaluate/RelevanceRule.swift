internal import ParallaxConditions
internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxStorage

/// Judgements by a condition on items, in which `:name` stands for a column of the question.
///
/// Questions with the same values have the same relevant items, which are looked for once. A question
/// has a value for each metadata column of its file, and for `id`, `text`, `image`, `like` and `task`.
struct RelevanceRule {
  private static let builtIn = ["id", "text", "image", "like", "task"]

  private let rule: WhereExpression
  private let questions: [Question]
  private let collection: ItemCollection

  /// - Throws: `unsupported` without questions or a collection, or with several collections, and
  ///   `unknown-name` for a column that no question has; all about `relevant-if`.
  init(_ rule: WhereExpression, of systems: [SystemRun]) throws {
    self.rule = rule
    questions = systems.questions
    guard !questions.isEmpty else {
      throw rule.attributed(
        ParallaxError(
          .unsupported, "a rule of relevance needs questions, and '\(systems[0].name)' has none",
          hint: "--queries FILE says what its questions are"))
    }
    let collections = systems.compactMap(\.collection)
    guard let collection = collections.first else {
      throw rule.attributed(
        ParallaxError(
          .unsupported,
          "a rule of relevance needs a collection, and '\(systems[0].name)' names none",
          hint:
            "it is known of a space, of a result of 'query', and of 'import-run FILE --collection NAME'"
        ))
    }
    if let other = collections.first(where: { $0 != collection }) {
      throw rule.attributed(
        ParallaxError(
          .unsupported,
          "a rule of relevance is of one collection; the systems are of '\(collection.name)' and "
            + "'\(other.name)'"))
    }
    self.collection = collection
    try checkColumns()
  }

  private func checkColumns() throws {
    let columns = questions.reduce(into: Set(Self.builtIn)) { $0.formUnion($1.fields.keys) }
    for parameter in rule.parameterNames where !columns.contains(parameter.name) {
      let names = columns.sorted()
      throw rule.attributed(
        ParallaxError(
          .unknownName, "the questions have no column '\(parameter.name)'",
          hint: Suggestion.hint(for: parameter.name, among: names)
            ?? "they have \(names.joined(separator: ", "))",
          location: .init(source: "where", text: rule.text, line: nil, range: parameter.range)))
    }
  }

  func judgements(_ workspace: Workspace, _ handler: EventHandler) throws -> Judgements {
    let names = Set(rule.parameterNames.map(\.name)).sorted()
    var numbers: [[Value]: Int] = [:]
    var bindings: [[String: Value]] = []
    var examples: [Question] = []
    let bindingOf = questions.map { question in
      let values = names.map { question.value(named: $0) }
      if let number = numbers[values] { return number }
      numbers[values] = bindings.count
      bindings.append(Dictionary(uniqueKeysWithValues: zip(names, values)))
      examples.append(question)
      return bindings.count - 1
    }
    let total = bindings.count
    do throws(Workspace.BindingFailure) {
      let found = try workspace.items(in: collection, matching: rule, binding: bindings) {
        handler(.progress(Progress("judging", completed: $0, total: total, unit: "questions")))
      }
      let items = JudgedItems(found.ids)
      let grades = found.matches.map { ItemGrades(relevant: $0, among: items) }
      return Judgements(
        Dictionary(
          uniqueKeysWithValues: zip(questions, bindingOf).map { ($0.id, grades[$1]) }),
        ofAll: items.count)
    } catch {
      guard var reason = error.error as? ParallaxError else { throw error.error }
      if reason.code == .typeMismatch, !names.isEmpty {
        reason.hint = [reason.hint, "the question is '\(examples[error.binding].id)'"]
          .compactMap(\.self).joined(separator: "; ")
      }
      throw rule.attributed(reason)
    }
  }
}

extension Question {
  /// What a rule's `:name` stands for; a metadata column hides what every question has.
  fileprivate func value(named name: String) -> Value {
    if let value = fields[name] { return value }
    switch name {
    case "id": return .text(id)
    case "text": return Value(text)
    case "task": return Value(task)
    case "image":
      for term in terms { if case .image(let path) = term.content { return .text(path) } }
    case "like":
      for term in terms { if case .item(let item) = term.content { return .text(item.rawValue) } }
    default: break
    }
    return .null
  }
}

extension [SystemRun] {
  /// The questions of all systems, each once, in the order of the first that has it.
  var questions: [Question] {
    var known: Set<String> = []
    return flatMap { $0.questions?.questions ?? [] }.filter { known.insert($0.id).inserted }
  }
}

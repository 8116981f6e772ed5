internal import ParallaxCore
private import ParallaxEvaluation

/// Values of the questions that count, for slices and clusters.
struct QuestionFields {
  let asked: [String: Question]
  /// The questions that count.
  let judged: [String]

  /// One value for each question; null where a question has none, or is not known.
  ///
  /// - Parameter parameter: who asks.
  /// - Throws: `unsupported` without questions, `unknown-name` for a column that none has.
  func values(of column: String, for parameter: String) throws -> [Value] {
    guard !asked.isEmpty else {
      throw ParallaxError(
        .unsupported, "--\(parameter) needs the columns of the questions, which are not known",
        hint: "--queries FILE says what they are", parameter: .init(name: parameter))
    }
    let columns = asked.values.reduce(into: Set<String>()) { $0.formUnion($1.fields.keys) }
    guard columns.contains(column) else {
      let names = columns.sorted()
      throw ParallaxError(
        .unknownName, "the questions have no column '\(column)'",
        hint: Suggestion.hint(for: column, among: names)
          ?? (names.isEmpty
            ? "they have no columns but those to ask by"
            : "they have \(names.joined(separator: ", "))"),
        parameter: .init(name: parameter))
    }
    return judged.map { asked[$0]?.fields[column] ?? .null }
  }

  /// All questions, and with a column those of each of its values, in the order of the values.
  func slices(by column: String?) throws -> [Evaluation.Slice] {
    let all = Evaluation.Slice(label: nil, places: Array(judged.indices), isTested: true)
    guard let column else { return [all] }
    let values = try values(of: column, for: "by")
    var places: [Value: [Int]] = [:]
    for (place, value) in values.enumerated() { places[value.typed, default: []].append(place) }
    return [all]
      + places.keys.sorted(by: Self.precedes).map { value in
        let own = places[value] ?? []
        return Evaluation.Slice(
          label: value == .null ? "no \(column)" : values[own[0]].plainText, places: own,
          isTested: own.count >= Evaluation.smallestSlice)
      }
  }

  /// Numbers by size, then everything else by its text; what is missing last.
  private static func precedes(_ left: Value, _ right: Value) -> Bool {
    switch (number(left), number(right)) {
    case (let left?, let right?) where left != right: return left < right
    case (_?, nil): return true
    case (nil, _?): return false
    default: break
    }
    if (left == .null) != (right == .null) { return right == .null }
    return left.plainText.utf8.lexicographicallyPrecedes(right.plainText.utf8)
  }

  private static func number(_ value: Value) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .real(let number): number
    default: nil
    }
  }
}

extension [SystemRun] {
  /// The items that are the question itself. Of a question that no system can say anything of, that is
  /// the item of the question's id.
  var ownItems: [String: Set<ItemID>] {
    let known = Set(questions.map(\.id))
    var own: [String: Set<ItemID>] = [:]
    for system in self {
      own.merge(system.own) { $0.union($1) }
      guard system.questions == nil else {
        // Without a collection copies are not known, but what is asked by.
        for question in system.collection == nil ? system.questions?.questions ?? [] : [] {
          own[question.id, default: []].formUnion(question.itemsAskedBy)
        }
        continue
      }
      for question in system.run.lists.keys where !known.contains(question) {
        own[question, default: []].insert(ItemID(question))
      }
    }
    return own
  }
}

extension Question {
  /// The items that it asks by, and the one of its id if it asks by an image or an item.
  fileprivate var itemsAskedBy: Set<ItemID> {
    var items: Set<ItemID> = []
    for term in terms where term.weight > 0 {
      switch term.content {
      case .text: continue
      case .image: items.insert(ItemID(id))
      case .item(let item): items.formUnion([item, ItemID(id)])
      }
    }
    return items
  }
}

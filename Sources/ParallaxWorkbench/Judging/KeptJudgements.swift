package import ParallaxCore
package import ParallaxEvaluation
internal import ParallaxReporting
package import ParallaxStorage

/// All that judges said in one set.
///
/// Where people disagree, what was settled counts; without that the median of their grades, and of an even
/// number of them the lower of the two in the middle. What more than half of them say always counts, then. Grades of models count
/// only where one is named.
package struct KeptJudgements: Sendable, Hashable {
  /// A question and an item, with what was said of them.
  package struct Pair: Sendable, Hashable {
    package var question: String
    package var item: ItemID
    /// By people, then by models, each by name.
    package var grades: [Grade]
    package var settled: Grade?

    package var people: [Grade] { grades.filter { $0.kind == .person } }
  }

  /// The grade that counts.
  package struct Counted: Sendable, Hashable {
    package enum Rule: String, Sendable, Hashable { case settled, one, same, median }

    package var question: String
    package var item: ItemID
    package var grade: Int
    /// How many said something.
    package var judges: Int
    package var rule: Rule
  }

  package let set: JudgementSetRecord
  /// By question and item.
  package let pairs: [Pair]
  package let questions: [String: Question]
  /// What is kept of them.
  let terms: [String: [JudgedTerm]]
  /// Grades that are left out, because the item's picture is another one now.
  package let changed: [Grade]
  /// People, then models, each by name.
  package let judges: [Judge]

  init(
    _ set: JudgementSetRecord, _ grades: [Grade], _ terms: [String: [JudgedTerm]],
    changed: [Grade]
  ) {
    self.set = set
    self.terms = terms
    questions = Dictionary(
      uniqueKeysWithValues: terms.map { ($0.key, Question(id: $0.key, judged: $0.value)) })
    self.changed = changed
    var pairs: [Pair] = []
    for grade in grades {
      if pairs.last?.question != grade.question || pairs.last?.item != grade.item {
        pairs.append(Pair(question: grade.question, item: grade.item, grades: []))
      }
      if grade.kind == .settled {
        pairs[pairs.count - 1].settled = grade
      } else {
        pairs[pairs.count - 1].grades.append(grade)
      }
    }
    for place in pairs.indices {
      pairs[place].grades.sort {
        Judge(checked: $0.judge, $0.kind) < Judge(checked: $1.judge, $1.kind)
      }
    }
    self.pairs = pairs
    judges = Set(
      grades.lazy.filter { $0.kind != .settled }.map { Judge(checked: $0.judge, $0.kind) }
    ).sorted()
  }

  /// The grades that count, by question and item.
  ///
  /// - Parameter name: of the only judge who counts; `nil` for people, and what was settled.
  /// - Throws: `unknown-name` for a judge who said nothing.
  package func counted(by name: String? = nil) throws -> [Counted] {
    if let name {
      let found = pairs.compactMap { pair in
        pair.grades.first { $0.judge == name }.map {
          Counted(
            question: pair.question, item: pair.item, grade: $0.grade, judges: 1, rule: .one)
        }
      }
      guard found.isEmpty else { return found }
      if let sentence = changedSentence, changed.contains(where: { $0.judge == name }) {
        throw ParallaxError(
          .unsupported, "'\(name)' has no grade in '\(set.name)' that counts: \(sentence)")
      }
      let names = judges.map(\.name)
      throw ParallaxError(
        .unknownName, "nobody called '\(name)' has judged in '\(set.name)'",
        hint: Suggestion.hint(for: name, among: names)
          ?? (names.isEmpty ? nil : "its judges are \(names.joined(separator: ", "))"))
    }
    return pairs.compactMap(Self.counted)
  }

  private static func counted(_ pair: Pair) -> Counted? {
    let given = pair.people.map(\.grade).sorted()
    func count(_ grade: Int, _ rule: Counted.Rule) -> Counted {
      Counted(
        question: pair.question, item: pair.item, grade: grade, judges: given.count, rule: rule)
    }
    if let settled = pair.settled { return count(settled.grade, .settled) }
    guard let least = given.first, let most = given.last else { return nil }
    if given.count == 1 { return count(least, .one) }
    return least == most
      ? count(least, .same) : count(given[(given.count - 1) / 2], .median)
  }

  /// What people disagree about and nobody settled: the farthest apart first, then what more of them
  /// judged.
  ///
  /// - Parameter withSettled: whether what was settled is there, too.
  package func disagreements(withSettled: Bool) -> [Pair] {
    let apart = pairs.filter { pair in
      pair.settled == nil ? pair.spread > 0 : withSettled
    }
    return apart.enumerated().sorted { one, other in
      let (left, right) = (one.element, other.element)
      return left.spread != right.spread
        ? left.spread > right.spread
        : left.people.count != right.people.count
          ? left.people.count > right.people.count : one.offset < other.offset
    }.map(\.element)
  }
}

extension KeptJudgements.Pair {
  /// How far the grades of people lie apart.
  package var spread: Int {
    let given = people.map(\.grade)
    return (given.max() ?? 0) - (given.min() ?? 0)
  }
}

extension [KeptJudgements.Counted] {
  package var judgements: Judgements {
    var grades: [String: [ItemID: Int]] = [:]
    for counted in self { grades[counted.question, default: [:]][counted.item] = counted.grade }
    return Judgements(grades)
  }
}

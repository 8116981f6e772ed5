import ParallaxCore
import ParallaxEvaluation

/// Random judgements and runs, the same that `Fixtures/make_metrics.py` makes: equal scores, missing
/// questions, empty lists, grades below 0.
struct RandomPair {
  static let ids = ["a", "B", "é", "z1", "z10", "z2", "Z", "_", "~", "0", "00", "猫", "a.b", "a-b"]

  private(set) var grades: [String: [ItemID: Int]] = [:]
  private(set) var lists: [String: [RankedItem]] = [:]

  init(seed: Int) {
    var words = SeededGenerator(seed: UInt64(seed))
    func below(_ bound: UInt64) -> Int { Int(words.next() % bound) }
    for number in 0..<(1 + below(5)) {
      let question = "q\(number)"
      var grades: [ItemID: Int] = [:]
      for id in Self.ids.prefix(12).map({ ItemID($0) }) {
        switch below(10) {
        case 5: grades[id] = -1
        case 6, 7: grades[id] = 0
        case 8: grades[id] = 1
        case 9: grades[id] = 1 + below(3)
        default: break
        }
      }
      if grades.values.allSatisfy({ $0 < 0 }) { grades[ItemID(Self.ids[0])] = 0 }
      self.grades[question] = grades
      let kind = below(10)
      guard kind > 0 else { continue }
      var list: [RankedItem] = []
      for id in Self.ids where kind > 1 {
        if below(3) > 0 {
          list.append(RankedItem(id: ItemID(id), score: Double(below(6)) / 4 - 0.5))
        }
      }
      lists[question] = list
    }
    if below(4) == 0 { lists["x"] = [RankedItem(id: "a", score: 1)] }
  }

  /// Adds the judged questions of another pair under other names.
  mutating func merge(_ other: RandomPair, suffix: String) {
    for (question, grades) in other.grades { self.grades[question + suffix] = grades }
    for (question, list) in other.lists where question != "x" { lists[question + suffix] = list }
  }

  /// With relevant items far up, so that some threshold is precise.
  var raised: RandomPair {
    var copy = self
    copy.lists = Dictionary(
      uniqueKeysWithValues: lists.map { question, list in
        (
          question,
          list.map { item in
            let isRelevant = (grades[question]?[item.id] ?? 0) >= 1
            return RankedItem(id: item.id, score: item.score + (isRelevant ? 1.25 : 0))
          }
        )
      })
    return copy
  }

  var judgements: Judgements { Judgements(grades) }

  func run() throws -> Run { try Run(lists) }
}

extension ItemID: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self.init(text) }
}

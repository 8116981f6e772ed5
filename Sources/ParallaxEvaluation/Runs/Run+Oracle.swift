internal import ParallaxCore

extension Run {
  /// What nobody who reorders the first items of each list can exceed: those items by falling grade,
  /// equal grades in the order they had; what is behind them stays behind.
  ///
  /// - Parameter depth: how many items of each list may change places.
  package func oracle(depth: Int, _ judged: JudgedQuestions) -> Run {
    var oracles: [String: [RankedItem]] = [:]
    for question in judged.questions {
      guard let list = lists[question.id] else { continue }
      let grades = list.prefix(depth).map { question.grade(of: $0.id) ?? -1 }
      let head = grades.indices.sorted { (grades[$1], $0) < (grades[$0], $1) }
      let order = head + Array(grades.count..<list.count)
      oracles[question.id] = order.enumerated().map { rank, place in
        RankedItem(id: list[place].id, score: 1 / Double(rank + 1))
      }
    }
    return Run(checked: oracles)
  }
}

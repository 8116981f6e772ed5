internal import ParallaxCore
package import ParallaxEvaluation

extension Evaluation {
  /// The judgements as they counted, each question with at least one, for other programs.
  ///
  /// Items that count on neither side are left out. A question without any judged item gets a grade of
  /// 0 for an item, so that it counts with 0 there, too.
  package var countedJudgements: Judgements {
    let all = judgements.grades
    let anyItem = all.values.lazy.compactMap { $0.keys.min() }.min() ?? ItemID("none")
    var counted: [String: [ItemID: Int]] = [:]
    for question in questions {
      let own = own[question] ?? []
      let grades = (all[question]?.all ?? [:]).filter { !own.contains($0.key) }
      counted[question] = grades.isEmpty ? [placeholder(question, own) ?? anyItem: 0] : grades
    }
    return Judgements(counted)
  }

  /// An item that was answered to a question.
  private func placeholder(_ question: String, _ own: Set<ItemID>) -> ItemID? {
    for system in systems {
      let list = system.run.run.lists[question] ?? []
      if let item = list.first(where: { !own.contains($0.id) }) { return item.id }
    }
    return nil
  }

  /// The run of a system as it counted: without the hits that are the question itself.
  package func countedRun(_ system: Int) -> SystemRun {
    let run = systems[system].run
    return run.replacing(
      lists: run.lists.map { list in
        let own = own[list.question] ?? []
        return SystemRun.List(
          question: list.question, hits: list.hits.filter { !own.contains($0.id) })
      })
  }
}

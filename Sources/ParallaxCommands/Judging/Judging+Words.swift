internal import ParallaxCore
internal import ParallaxReporting
private import ParallaxStorage
internal import ParallaxWorkbench

extension Judging {
  /// What begins, in parts of a line.
  var opening: [String] {
    let questions = Set(pairs.map(\.question)).count
    let count =
      "\(Wording.count(pairs.count, "answer")) to \(Wording.count(questions, "question"))"
    guard judge.kind != .settled else {
      return ["settling '\(name)' as '\(judge.name)'", count]
    }
    return ["judging '\(name)' as '\(judge.name)'", count] + left
      + (seed.map { ["order of seed \($0)"] } ?? [])
  }

  /// What was judged before, and what is beyond --top.
  var left: [String] {
    (judged > 0 ? ["\(Wording.count(judged)) judged before"] : [])
      + (beyond > 0 ? ["\(Wording.count(beyond)) more beyond --top"] : [])
  }

  /// Why there is nothing to settle of some pairs.
  func nothingToSettle(of count: Int) -> String {
    if count == 0 { return "people disagree about no answer" }
    if judged == count { return "nothing is left to settle ('--again' asks again)" }
    return "nothing that is in '\(collection.name)' is left to settle"
  }

  /// Why there is nothing to ask.
  var nothingLeft: String {
    judged > 0
      ? "'\(judge.name)' has judged all \(Wording.count(judged, "answer")) ('--again' asks again)"
      : "the systems have no answer that can be judged"
  }
}

internal import ParallaxWorkbench

extension Answer {
  /// What is to be said of standings: that nothing stands out, and that a column asked for is empty.
  func remarks(onColumns columns: [String]) -> [String] {
    if hasNothingOutstanding, let bestStanding, let leastStanding {
      return [
        "nothing stands out: the best picture here is \(Self.shown(bestStanding)) standard deviations above "
          + "what unrelated questions score with it, and answers that fit usually reach "
          + "\(Self.shown(leastStanding)) ('--columns rank,id,score,standing' shows each)"
      ]
    }
    if columns.contains(ResultColumns.standing), bestStanding == nil, !hits.isEmpty {
      return [
        "'standing' is empty: it is of one --text, by cosine, in a space of a model that brings a background "
          + "of questions, such as mini"
      ]
    }
    return []
  }

  private static func shown(_ standing: Double) -> String {
    "\((standing * 10).rounded() / 10)"
  }
}

internal import ParallaxCore

/// Rows that a drawing has no place for, and why.
struct PlotOmissions {
  private var total = 0
  private var omitted = 0
  /// In the order in which they first occurred.
  private var reasons: [(text: String, count: Int)] = []

  /// The numbers of a row; `nil`, and noted, when one of them is none.
  mutating func numbers(_ values: (value: Value, column: String)...) -> [Double]? {
    total += 1
    var numbers: [Double] = []
    for (value, column) in values {
      guard let number = PlotData.number(value) else {
        let what = value == .null ? "no value" : "a number that cannot be drawn"
        note("\(what) in '\(column)'")
        return nil
      }
      numbers.append(number)
    }
    return numbers
  }

  private mutating func note(_ reason: String) {
    omitted += 1
    if let place = reasons.firstIndex(where: { $0.text == reason }) {
      reasons[place].count += 1
    } else {
      reasons.append((reason, 1))
    }
  }

  /// A sentence without its full stop; none where every row is drawn.
  var notes: [String] {
    guard omitted > 0 else { return [] }
    let why =
      reasons.count == 1
      ? reasons[0].text
      : reasons.map { "\($0.text): \(Wording.count($0.count))" }.joined(separator: ", ")
    return [
      "\(Wording.count(omitted)) of \(Wording.count(total, "row")) "
        + "\(omitted == 1 ? "is" : "are") not drawn: \(why)"
    ]
  }
}

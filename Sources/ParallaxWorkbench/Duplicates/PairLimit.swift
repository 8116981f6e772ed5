internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxSearch
internal import ParallaxStorage
private import Synchronization

/// Ends a search that finds more pairs than groups can be made of, and says which score leaves fewer.
final class PairLimit: Sendable {
  /// 240 MB where they are kept, and some times that while groups are made.
  static let most = 20_000_000
  /// What the score that is named leaves.
  private static let few = 1_000_000
  private static let bins = 2_000

  private struct State {
    var pairs = 0
    var compared = 0
    /// From -1 to 1.
    var byScore = Array(repeating: 0, count: PairLimit.bins)
  }

  private let space: Space
  private let floor: Float
  private let total: Int
  private let most: Int
  private let state = Mutex(State())

  /// - Parameter total: pairs of rows that there are.
  init(of space: Space, floor: Float, total: Int, most: Int = PairLimit.most) {
    self.space = space
    self.floor = floor
    self.total = total
    self.most = most
  }

  /// Pairs of rows that were compared so far.
  var compared: Int {
    get { state.withLock { $0.compared } }
    set { state.withLock { $0.compared = newValue } }
  }

  /// - Throws: `too-many-pairs`.
  func add(_ pairs: some Collection<RowPair>) throws {
    try state.withLock { state in
      state.pairs += pairs.count
      for pair in pairs {
        let bin = Int((Double(pair.score) + 1) / 2 * Double(Self.bins))
        state.byScore[max(0, min(Self.bins - 1, bin))] += 1
      }
      if state.pairs > most { throw error(state) }
    }
  }

  private func error(_ state: State) -> ParallaxError {
    // Of all rows about as many as of those that were compared.
    let scale = Double(total) / Double(max(1, min(state.compared, total)))
    let few = Double(min(Self.few, most / 20))
    var (bin, above) = (Self.bins, 0.0)
    while bin > 0, above + Double(state.byScore[bin - 1]) * scale <= few {
      bin -= 1
      above += Double(state.byScore[bin]) * scale
    }
    let score = Double(bin) / Double(Self.bins) * 2 - 1
    return ParallaxError(
      .tooManyPairs,
      "more than \(Wording.count(most, "pair")) of '\(space.reference)' reach \(floor.shown)",
      hint: bin < Self.bins && state.compared > 0
        ? "about \(Wording.count(Self.rounded(above))) reach \(Wording.thousandths(score))"
        : "ask for a higher score", parameter: "min-score")
  }

  /// To two digits: it is an estimate.
  private static func rounded(_ count: Double) -> Int {
    var unit = 1.0
    while count / unit >= 100 { unit *= 10 }
    return Int((count / unit).rounded() * unit)
  }
}

internal import ParallaxReporting
internal import ParallaxWorkbench

/// What became of the hits of one list in another.
struct ReportMoves {
  private let first: ReportList
  private let second: ReportList
  private let ranks: [[String?]: Int]

  init(from first: ReportList, to second: ReportList) {
    self.first = first
    self.second = second
    ranks = Self.ranks(first)
  }

  private static func ranks(_ list: ReportList) -> [[String?]: Int] {
    Dictionary(list.hits.map { ($0.key, $0.rank) }, uniquingKeysWith: min)
  }

  /// Lists with what moved marked: in the others since the first, in the first what no other has.
  static func marked(_ lists: [ReportList]) -> [ReportList] {
    guard let first = lists.first, lists.count > 1 else { return lists }
    let others = Set(lists.dropFirst().flatMap { $0.hits.map(\.key) })
    var start = first
    for place in start.hits.indices where !others.contains(start.hits[place].key) {
      start.hits[place].move = .left
    }
    return [start] + lists.dropFirst().map { ReportMoves(from: first, to: $0).marked }
  }

  private var marked: ReportList {
    var list = second
    for place in list.hits.indices {
      let hit = list.hits[place]
      list.hits[place].move = Self.move(from: ranks[hit.key], to: hit.rank)
    }
    return list
  }

  /// A list that was looked at again, with what moved marked.
  static func marked(_ list: ReportList, _ stages: [RerankStage?]) -> ReportList {
    var list = list
    for (place, stage) in zip(list.hits.indices, stages) {
      list.hits[place].move = stage.map { move(from: $0.firstRank, to: list.hits[place].rank) }
    }
    return list
  }

  static func move(from old: Int?, to new: Int) -> ReportHit.Move {
    guard let old else { return .entered }
    return old == new ? .kept : new < old ? .up(from: old) : .down(from: old)
  }

  // MARK: Words

  /// `from 'a' to 'b': 3 entered, 2 left, 1 stayed`
  func sentence(_ from: String, _ to: String) -> String {
    let moves = marked.hits.compactMap(\.move)
    let kept = Set(second.hits.map(\.key))
    let left = first.hits.count { !kept.contains($0.key) }
    return "from \(from) to \(to): "
      + Self.words(moves, left: left)
  }

  /// `after mmr: 3 moved up, 4 moved down, 1 stayed`
  static func sentence(_ list: ReportList, _ name: String) -> String {
    "after \(name): " + words(list.hits.compactMap(\.move), left: 0)
  }

  private static func words(_ moves: [ReportHit.Move], left: Int) -> String {
    var counts = [0, left, 0, 0, 0]
    for move in moves {
      switch move {
      case .entered: counts[0] += 1
      case .left: counts[1] += 1
      case .up: counts[2] += 1
      case .down: counts[3] += 1
      case .kept: counts[4] += 1
      }
    }
    let words = ["entered", "left", "moved up", "moved down", "stayed"]
    let parts = zip(counts, words).filter { $0.0 > 0 }.map { "\(Wording.count($0)) \($1)" }
    return parts.isEmpty ? "no hits" : parts.joined(separator: ", ")
  }
}

extension ReportHit {
  /// Tells items apart: two collections may have one of the same id.
  fileprivate var key: [String?] { [id, picture?.path] }
}

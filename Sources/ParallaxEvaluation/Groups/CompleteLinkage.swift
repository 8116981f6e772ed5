private import ParallaxCore

/// Joins, again and again, the two groups whose least similar members are the most similar; equal ones by their
/// first members.
///
/// Only groups whose members are all similar to one another are ever looked at: a group knows those others of which every
/// member is similar to every member of its own. Two groups that join keep what both know: the shorter list is looked up in
/// the other and as many entries end as the longer one has, so that all joins together cost no more than the pairs.
enum CompleteLinkage {
  private struct Join: Comparable {
    var score: Double
    /// The first members of both.
    var left: Int
    var right: Int
    /// The groups.
    var one: Int
    var other: Int

    static func < (one: Join, other: Join) -> Bool {
      one.score != other.score
        ? one.score > other.score : (one.left, one.right) < (other.left, other.right)
    }
  }

  private struct Group {
    var members: [Int]
    var first: Int
    /// By group, the similarity of the least similar members.
    var near: [Int: Double]
    var isThere = true
  }

  /// - Parameter links: each pair once, lower item first.
  static func groups(of links: [SimilarPair]) -> [[Int]] {
    var numbers: [Int: Int] = [:]
    var groups: [Group] = []
    func number(of item: Int) -> Int {
      if let known = numbers[item] { return known }
      numbers[item] = groups.count
      groups.append(Group(members: [item], first: item, near: [:]))
      return groups.count - 1
    }
    var queue = MinimumHeap<Join>()
    func note(_ one: Int, _ other: Int, _ score: Double) {
      groups[one].near[other] = score
      groups[other].near[one] = score
      let (left, right) = (groups[one].first, groups[other].first)
      queue.insert(
        Join(score: score, left: min(left, right), right: max(left, right), one: one, other: other))
    }
    func take(_ number: Int) -> Group {
      let group = groups[number]
      groups[number] = Group(members: [], first: group.first, near: [:], isThere: false)
      return group
    }
    for link in links { note(number(of: link.left), number(of: link.right), link.score) }
    while let join = queue.popMinimum() {
      guard groups[join.one].isThere, groups[join.other].isThere else { continue }
      let (one, other) = (take(join.one), take(join.other))
      let joined = groups.count
      let isLonger = one.members.count >= other.members.count
      groups.append(
        Group(
          members: isLonger ? one.members + other.members : other.members + one.members,
          first: min(one.first, other.first), near: [:]))
      let isShorter = one.near.count <= other.near.count
      let (short, long) = isShorter ? (one.near, other.near) : (other.near, one.near)
      for (group, score) in short {
        guard groups[group].isThere, let further = long[group] else { continue }
        groups[group].near[join.one] = nil
        groups[group].near[join.other] = nil
        note(joined, group, min(score, further))
      }
    }
    return groups.filter { $0.isThere && $0.members.count > 1 }.map(\.members)
  }
}

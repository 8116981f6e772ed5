internal import ParallaxCore
internal import ParallaxPublishing

/// What an engine has against what it should have: 24 bytes a point, and no vector.
struct PointComparison {
  enum Verdict: Hashable { case isNew, isChanged, isUnchanged }

  /// Ascending by id.
  private var there: [EnginePair] = []
  private var isWanted: [Bool] = []
  private(set) var wanted: [EnginePair] = []

  /// - Throws: `engine` unless pages come in ascending order.
  mutating func add(page: [EnginePair], from address: EngineAddress) throws {
    var last = there.last?.id
    for pair in page {
      if let last, last >= pair.id {
        throw ParallaxError(
          .engine, "'\(address.text)' gave its points in another order than asked for")
      }
      last = pair.id
    }
    there += page
    isWanted += repeatElement(false, count: page.count)
  }

  var isEmpty: Bool { there.isEmpty }

  /// Notes a point that should be there.
  mutating func verdict(on pair: EnginePair) -> Verdict {
    wanted.append(pair)
    let place = there.partitionPoint { $0.id >= pair.id }
    guard place < there.count, there[place].id == pair.id else { return .isNew }
    isWanted[place] = true
    return there[place].checksum == pair.checksum ? .isUnchanged : .isChanged
  }

  /// Points that are there and should not be, once all that should be were noted.
  var gone: [PointID] { there.indices.filter { !isWanted[$0] }.map { there[$0].id } }
}

package import ParallaxCore
private import ParallaxStatistics

/// The first answers of several systems, in the order in which somebody judges them: pooling, as TREC does
/// it (K. Spärck Jones and C. J. van Rijsbergen, "Report on the need for and provision of an 'ideal'
/// information retrieval test collection", 1975).
///
/// What the systems disagree on comes first, since a grade of it can move their difference the most (the
/// idea of B. Carterette, J. Allan and R. Sitaraman, "Minimal test collections for retrieval evaluation",
/// SIGIR 2006). An item weighs 1 / log2(1 + rank) with a system, the discount of nDCG, and 0 beyond the
/// pool's depth; its disagreement is its largest weight less its smallest.
///
/// A question's items are taken by falling disagreement, and where that is equal, as it is with one system, by
/// falling largest weight; ``round`` at a time. The first round asks every
/// question for its first items, the second for the next, so that whoever stops early has judged each
/// question alike. Within a round a question's items stand in an order that the seed decides, and so do the
/// questions: no place tells which system found an item, nor how early. Neither order depends on other
/// questions and items than those it orders.
package struct AnswerPool: Sendable, Hashable {
  package struct Pair: Sendable, Hashable {
    package var question: String
    package var item: ItemID
    /// From 0 to 1.
    package var disagreement: Double
    /// From 0.
    package var round: Int
  }

  /// Items of a question that are judged in a row.
  package static let round = 10

  /// In the order in which they are judged, no pair twice.
  package let pairs: [Pair]

  /// - Parameters:
  ///   - runs: at least one.
  ///   - depth: answers of each list that are taken, from 1.
  ///   - own: items that count for nobody, because they are the question.
  package init(
    _ runs: [Run], depth: Int, seed: UInt64, leavingOut own: [String: Set<ItemID>] = [:]
  ) {
    var pooled: [Pooled] = []
    for question in Set(runs.flatMap(\.lists.keys)).inByteOrder {
      let place = Self.place(of: [question], seed)
      let weights = Self.weights(runs, question, depth, own[question] ?? [])
      var items = weights.map { item, weights in
        Pooled(
          pair: Pair(
            question: question, item: item, disagreement: weights.largest - weights.smallest,
            round: 0),
          weight: weights.largest, question: place,
          item: Self.place(of: [question, item.rawValue], seed))
      }
      items.sort { one, other in
        if one.pair.disagreement != other.pair.disagreement {
          return one.pair.disagreement > other.pair.disagreement
        }
        return one.weight != other.weight
          ? one.weight > other.weight : one.isEarlier(than: other)
      }
      for rank in items.indices { items[rank].pair.round = rank / Self.round }
      pooled += items
    }
    pooled.sort { one, other in
      one.pair.round != other.pair.round
        ? one.pair.round < other.pair.round : one.isEarlier(than: other)
    }
    pairs = pooled.map(\.pair)
  }

  /// A pair with the numbers that the seed gives to its question and to it.
  private struct Pooled {
    var pair: Pair
    /// The largest with any system.
    var weight: Double
    var question: UInt64
    var item: UInt64

    /// Where equal numbers leave a choice, the bytes of the ids make it.
    func isEarlier(than other: Pooled) -> Bool {
      if question != other.question { return question < other.question }
      if pair.question != other.pair.question {
        return pair.question.utf8.lexicographicallyPrecedes(other.pair.question.utf8)
      }
      return item != other.item ? item < other.item : pair.item < other.pair.item
    }
  }

  private static func weights(
    _ runs: [Run], _ question: String, _ depth: Int, _ own: Set<ItemID>
  ) -> [ItemID: (largest: Double, smallest: Double)] {
    var weights: [ItemID: [Double]] = [:]
    for run in runs {
      let list = (run.lists[question] ?? []).lazy.filter { !own.contains($0.id) }
      for (place, item) in list.prefix(depth).enumerated() {
        weights[item.id, default: []].append(1 / PortableMath.log2(Double(place + 2)))
      }
    }
    return weights.mapValues { given in
      (given.max() ?? 0, given.count < runs.count ? 0 : given.min() ?? 0)
    }
  }

  /// A number that a seed gives to some texts, the same on every machine.
  private static func place(of texts: [String], _ seed: UInt64) -> UInt64 {
    // FNV-1a, 64 bits; no text holds the byte that parts two.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for text in texts {
      for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      hash = (hash ^ 0xFF) &* 0x100_0000_01B3
    }
    var generator = SeededGenerator(seed: hash ^ SeededGenerator.first(of: seed))
    return generator.next()
  }
}

extension SeededGenerator {
  fileprivate static func first(of seed: UInt64) -> UInt64 {
    var generator = SeededGenerator(seed: seed)
    return generator.next()
  }
}

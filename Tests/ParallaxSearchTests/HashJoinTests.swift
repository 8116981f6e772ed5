import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxSearch

@Suite struct HashJoinTests {
  /// Random hashes with copies, and with near copies at every distance up to 24.
  private static func hashes(_ count: Int, seed: UInt64) -> [PerceptualHash] {
    var random = SeededGenerator(seed: seed)
    var hashes: [UInt64] = []
    for number in 0..<count {
      if number % 3 > 0, let other = hashes.randomElement(using: &random) {
        let bits = Array(0..<64).shuffled(using: &random).prefix(number % 25)
        hashes.append(bits.reduce(other) { $0 ^ 1 << UInt64($1) })
      } else {
        hashes.append(random.next())
      }
    }
    return hashes.map { PerceptualHash(rawValue: $0) }
  }

  private static func naive(_ hashes: [PerceptualHash], _ radius: Int) -> [HashPair] {
    hashes.indices.flatMap { left in
      (left + 1..<hashes.count).compactMap { right in
        let distance = hashes[left].distance(to: hashes[right])
        guard distance <= radius else { return nil }
        return HashPair(left: Int32(left), right: Int32(right), distance: UInt8(distance))
      }
    }
  }

  private static func pairs(_ join: HashJoin, _ method: HashJoin.Method) throws -> [HashPair] {
    var pairs: [HashPair] = []
    try join.run(method) { pairs += $0 }
    return pairs
  }

  @Test(arguments: [0, 1, 2, 3, 4, 7, 10, 13, 16, 64], Kernel.available)
  func `each method finds the pairs of a double loop`(radius: Int, kernel: Kernel) throws {
    let hashes = Self.hashes(400, seed: UInt64(radius))
    let expected = Self.naive(hashes, radius)
    #expect(radius == 0 || !expected.isEmpty)
    for threads in [1, 3] {
      let join = HashJoin(hashes, radius: radius, kernel: kernel, threads: threads)
      #expect(try Self.pairs(join, .plain) == expected)
      guard radius <= 16 else { continue }
      for bands in [4, 6, 11] { #expect(try Self.pairs(join, .bands(bands)) == expected) }
    }
  }

  @Test(arguments: 4...12)
  func `bands hold every bit, and their shares add up`(count: Int) {
    for radius in 0...64 {
      let bands = HashBands.cut(into: count, radius: radius)
      #expect(bands.reduce(0) { $0 + $1.share + 1 } == radius + 1)
      #expect(bands.allSatisfy { (-1...$0.width).contains($0.share) && $0.width <= 16 })
      #expect(bands.map(\.first) == bands.indices.map { bands[..<$0].reduce(0) { $0 + $1.width } })
      #expect(bands.reduce(0) { $0 + $1.width } == 64)
    }
  }

  @Test func `lookups are the values of which few enough bits differ`() {
    for (width, share, count) in [(16, 2, 137), (16, 0, 1), (5, 5, 32), (8, -1, 0)] {
      #expect(HashBands.Bits(first: 0, width: width, share: share).lookups == count)
    }
  }

  @Test func `bands are chosen where there are many hashes and few bits`() throws {
    let few = try #require(HashBands.cheapest(count: 1_000_000, radius: 4))
    let more = try #require(HashBands.cheapest(count: 1_000_000, radius: 10))
    #expect((4...6).contains(few) && few <= more)
    #expect(HashBands.cheapest(count: 1_000, radius: 8) == nil)
    #expect(HashBands.cheapest(count: 1_000_000, radius: 40) == nil)
    #expect(HashBands.cheapest(count: 1_000_000, radius: 64) == nil)
  }

  @Test func `few hashes have few pairs, a wide radius has all`() throws {
    #expect(try Self.pairs(HashJoin([], radius: 3), .automatic).isEmpty)
    let one = [PerceptualHash(rawValue: 5)]
    #expect(try Self.pairs(HashJoin(one, radius: 64), .automatic).isEmpty)
    let opposite = [PerceptualHash(rawValue: 0), PerceptualHash(rawValue: .max)]
    #expect(try Self.pairs(HashJoin(opposite, radius: 63), .automatic).isEmpty)
    #expect(
      try Self.pairs(HashJoin(opposite, radius: 64), .automatic)
        == [HashPair(left: 0, right: 1, distance: 64)])
  }

  @Test func `a search that is stopped says so`() throws {
    let join = HashJoin(Self.hashes(600, seed: 1), radius: 16)
    let stop = ScanStop()
    var blocks = 0
    #expect(throws: CancellationError.self) {
      try join.run(until: stop) { _ in
        blocks += 1
        stop.stop()
      } deliver: { _ in
      }
    }
    #expect(blocks == 1)
  }
}

import ParallaxCore
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxSearch

/// Pairs through a graph against those of the exact search.
@Suite struct GraphPairsTests {
  private static let matrix = Samples.clustered(rows: 900, dimension: 32, clusters: 60, seed: 31)

  private static func search(
    _ options: GraphOptions, floor: Float, threads: Int = 2
  ) throws -> GraphPairs {
    let exact = ExactIndex(matrix: matrix, similarity: .cosine)
    let graph = try GraphIndex.build(
      exact, keys: (0..<Int64(matrix.rowCount)).map { $0 }, options: options)
    return GraphPairs(graph, over: matrix, floor: floor, threads: threads)
  }

  private static func exact(_ floor: Float) throws -> [RowPair] {
    let found = Mutex<[RowPair]>([])
    _ = try PairJoin(matrix, floor: floor).run { pairs in found.withLock { $0 += pairs } }
    return found.withLock { $0 }
  }

  @Test func `a good graph finds nearly all pairs, each once, in order, with exact scores`() throws
  {
    let search = try Self.search(
      GraphOptions(connectivity: 16, expansionAdd: 128, storage: .f16), floor: 0.6)
    let told = Mutex<[RowPair]>([])
    let found = try search.run(expansion: 128) { _, pairs in told.withLock { $0 += pairs } }
    let once = told.withLock { $0 }
    #expect(Set(once).count == once.count && Set(once).isSubset(of: found))
    let wanted = try Self.exact(0.6)
    #expect(wanted.count > 1_000)
    #expect(Set(found).isSubset(of: wanted) && Set(found).count == found.count)
    #expect(found == wanted.filter(Set(found).contains))
    #expect(found.count * 100 >= wanted.count * 99, "\(found.count) of \(wanted.count)")
    // Clusters are larger than what a row asks for at first.
    let counts = Dictionary(wanted.map { ($0.left, 1) }, uniquingKeysWith: +)
    #expect(wanted.count > 16 * counts.count / 4)
  }

  @Test func `recall is that of the sampled rows`() throws {
    let search = try Self.search(
      GraphOptions(connectivity: 16, expansionAdd: 128, storage: .f16), floor: 0.6)
    let wanted = try Self.exact(0.6)
    #expect(try search.recall(of: wanted, sample: 50).share == 1)
    let half = wanted.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    let recall = try search.recall(of: half, sample: 900)
    #expect(recall.rows == 900 && recall.wanted == wanted.count && recall.found == half.count)
    #expect(recall.lowerBound < recall.share && recall.lowerBound > 0.4)
    let none = try search.recall(of: [], sample: 50)
    #expect(none.found == 0 && none.wanted > 0 && none.share == 0)
    let rows = Set((0..<50).map { Int32($0 * 18) })
    #expect(none.wanted == wanted.count { rows.contains($0.left) || rows.contains($0.right) })
  }

  @Test func `it ends when it is stopped, and with what a receiver throws`() throws {
    let search = try Self.search(GraphOptions(connectivity: 8), floor: 0.6)
    let stop = ScanStop()
    #expect(throws: CancellationError.self) {
      try search.run(expansion: 32, until: stop) { _, _ in stop.stop() }
    }
    #expect(throws: ParallaxError.self) {
      try search.run(expansion: 32) { _, _ in throw ParallaxError(.invalidValue, "enough") }
    }
    let rows = Mutex<[Int]>([])
    _ = try search.run(expansion: 32) { done, _ in rows.withLock { $0.append(done) } }
    let counts = rows.withLock { $0 }
    #expect(counts == counts.sorted() && counts.last == 900)
  }
}

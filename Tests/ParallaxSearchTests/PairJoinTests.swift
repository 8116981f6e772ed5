import ParallaxCore
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxSearch

/// Pairs against a plain double loop: the same, bit for bit and in order.
@Suite struct PairJoinTests {
  /// Every pair, as queries by its lower row score it.
  private static func naive(_ matrix: VectorMatrix, floor: Float) throws -> [RowPair] {
    let index = ExactIndex(matrix: matrix, similarity: .cosine, threads: 1)
    let rows = (0..<matrix.rowCount).map { matrix.row($0) }
    let hasDirection = rows.map { row in row.contains { $0 != 0 } }
    let extreme = Set(index.lengths?.extreme ?? [])
    var pairs: [RowPair] = []
    for left in rows.indices where hasDirection[left] {
      let query = PackedQueries([try index.prepared(rows[left])])
      var scores = [Float](repeating: 0, count: rows.count)
      index.scan(query, 0..<rows.count, nil, &scores, stride: rows.count)
      for right in rows.indices.dropFirst(left + 1) where hasDirection[right] {
        // Of extreme rows a query sees a multiple; a pair has one score, whichever row asks.
        let score =
          extreme.contains(left)
          ? Float(Vector.cosine(rows[left], rows[right]) ?? 0) : scores[right]
        if score >= floor {
          pairs.append(RowPair(left: Int32(left), right: Int32(right), score: score))
        }
      }
    }
    return pairs
  }

  private static func pairs(
    _ join: PairJoin, _ method: PairJoin.Method
  ) throws -> (pairs: [RowPair], summary: PairJoin.Summary) {
    let found = Mutex<[RowPair]>([])
    let summary = try join.run(method) { pairs in found.withLock { $0 += pairs } }
    return (found.withLock { $0 }, summary)
  }

  private static func matrix(_ rows: [[Float]]) -> VectorMatrix {
    VectorMatrix(rowCount: rows.count, dimension: rows[0].count) { values in
      for (place, value) in rows.joined().enumerated() { values[place] = value }
    }
  }

  /// Clusters with copies, near copies, multiples, zero rows, and rows of extreme lengths.
  private static func mixed(rows: Int, dimension: Int, seed: UInt64) -> VectorMatrix {
    let base = Samples.clustered(rows: rows, dimension: dimension, spread: 0.3, seed: seed)
    var random = SeededGenerator(seed: seed)
    var made = (0..<rows).map { base.row($0) }
    for row in 1..<rows {
      let other = made[Int.random(in: 0..<row, using: &random)]
      switch Int.random(in: 0..<12, using: &random) {
      case 0: made[row] = other
      case 1: made[row] = other.map { $0 * 3 }
      case 2: made[row] = other.map { $0 + Float.random(in: -0.01...0.01, using: &random) }
      case 3: made[row] = other.map { -$0 }
      case 4 where row % 3 == 0: made[row] = made[row].map { _ in 0 }
      case 5 where row % 3 == 0: made[row] = made[row].map { $0 * 1e-14 }
      case 5: made[row] = made[row].map { $0 * 1e19 }
      default: break
      }
    }
    return matrix(made)
  }

  private static let matrices: [(name: String, matrix: VectorMatrix)] = [
    ("mixed", mixed(rows: 131, dimension: 33, seed: 1)),
    ("of many blocks", mixed(rows: 333, dimension: 20, seed: 2)),
    ("tight", Samples.clustered(rows: 90, dimension: 96, spread: 0.02, seed: 3)),
    ("uniform", Samples.matrix(rows: 70, dimension: 300, seed: 4)),
    ("tied", Samples.matrix(rows: 129, dimension: 6, seed: 5, levels: 2)),
    ("of one number", Samples.matrix(rows: 40, dimension: 1, seed: 6)),
    ("two rows", Samples.matrix(rows: 2, dimension: 16, seed: 7)),
    ("all alike", VectorMatrix(rowCount: 50, dimension: 17) { $0.update(repeating: 0.25) }),
    ("zeros", VectorMatrix(rowCount: 20, dimension: 8) { _ in }),
  ]

  @Test(arguments: Kernel.available, matrices.indices)
  func `pairs are those of the double loop`(kernel: Kernel, number: Int) throws {
    let (name, matrix) = Self.matrices[number]
    let all = try Self.naive(matrix, floor: -1)
    for pair in all.prefix(300) {
      let reference = ReferenceScan.score(
        .cosine, matrix.row(Int(pair.left)), matrix.row(Int(pair.right)))
      #expect(abs(Double(pair.score) - reference) < 1e-5)
    }
    // Also at the very score of a pair.
    let floors = [-1, 0.5, 0.97, 1] + all.prefix(1).map(\.score) + all.suffix(1).map(\.score)
    for (place, floor) in floors.enumerated() {
      let wanted = all.filter { $0.score >= floor }
      for method in [PairJoin.Method.plain, .codes(16), .codes(64), .automatic] {
        let join = PairJoin(matrix, floor: floor, kernel: kernel, threads: 1 + place % 3)
        let (found, summary) = try Self.pairs(join, method)
        #expect(found == wanted, "\(name), \(floor), \(method)")
        #expect(summary.pairs == wanted.count && summary.scored >= wanted.count)
      }
    }
  }

  @Test(arguments: Kernel.available, matrices.indices)
  func `a single pair has the score that the search gives`(kernel: Kernel, number: Int) throws {
    let matrix = Self.matrices[number].matrix
    let cosines = RowCosines(matrix, kernel: kernel, threads: 1)
    let all = try Self.naive(matrix, floor: -1)
    for pair in all {
      let (left, right) = (Int(pair.left), Int(pair.right))
      let (score, back) = (cosines.cosine(left, right), cosines.cosine(right, left))
      #expect(score == pair.score && back == pair.score, "\(pair)")
      if score != pair.score { return }
    }
    let paired = Set(all.flatMap { [$0.left, $0.right] })
    for row in 1..<matrix.rowCount where !paired.contains(Int32(row)) {
      #expect(cosines.cosine(0, row) == nil)
    }
  }

  @Test func `shortened vectors have the pairs of their own numbers`() throws {
    for type in [VectorStorage.float16, .bfloat16] {
      let given = Samples.clustered(rows: 120, dimension: 48, spread: 0.1, seed: 8)
      let matrix = VectorMatrix(rowCount: 120, dimension: 48) { values in
        for row in 0..<120 {
          for (place, value) in given.row(row).enumerated() {
            values[row * 48 + place] =
              type == .float16
              ? Float(Float16(value)) : Float(bitPattern: value.bitPattern & 0xFFFF_0000)
          }
        }
      }
      let wanted = try Self.naive(matrix, floor: 0.95)
      #expect(!wanted.isEmpty)
      for method in [PairJoin.Method.plain, .codes(32)] {
        #expect(try Self.pairs(PairJoin(matrix, floor: 0.95), method).pairs == wanted)
      }
    }
  }

  @Test(arguments: Kernel.available)
  func `two matrices are compared as one is`(kernel: Kernel) throws {
    let whole = Self.mixed(rows: 170, dimension: 40, seed: 9)
    let (left, right) = (
      Self.matrix((0..<90).map { whole.row($0) }), Self.matrix((90..<170).map { whole.row($0) })
    )
    let wanted = try Self.naive(whole, floor: 0.9).filter { $0.left < 90 && $0.right >= 90 }
    #expect(!wanted.isEmpty)
    for method in [PairJoin.Method.plain, .codes(16), .codes(48)] {
      let join = PairJoin(left, with: right, floor: 0.9, kernel: kernel)
      let found = try Self.pairs(join, method).pairs
      #expect(found.map { RowPair(left: $0.left, right: $0.right + 90, score: $0.score) } == wanted)
    }
  }

  @Test func `codes leave little to compare and are chosen for that`() throws {
    let matrix = Samples.clustered(rows: 6_000, dimension: 64, clusters: 600, seed: 10)
    let (found, summary) = try Self.pairs(PairJoin(matrix, floor: 0.95), .automatic)
    let plain = try Self.pairs(PairJoin(matrix, floor: 0.95), .plain)
    #expect(found == plain.pairs)
    #expect(summary.axes != nil && summary.scored < summary.compared / 50)
    #expect(plain.summary.axes == nil && plain.summary.compared == 6_000 * 5_999 / 2)
  }

  @Test func `what codes leave is counted on rows that the axes were not found from`() {
    for rowCount in [5_000, 6_000, 8_192, 100_000, 1_000_000] {
      let (sampled, counted) = (
        PairPlan.sampledRows(of: rowCount), PairPlan.countedRows(of: rowCount)
      )
      #expect(sampled.count == 2_048 && Set(counted).count == 512)
      #expect(Set(sampled).isDisjoint(with: counted), "\(rowCount)")
      #expect(counted.allSatisfy((0..<rowCount).contains))
    }
    #expect(PairPlan.countedRows(of: 3) == [0, 1, 2] && PairPlan.countedRows(of: 0).isEmpty)
  }

  @Test func `in directions at random more axes are worth their cost`() throws {
    let side = PairSide(Samples.matrix(rows: 6_000, dimension: 256, seed: 15), .best, nil)
    let plan = try PairPlan.cheapest(
      [side], floor: 0.95, widths: PairPlan.widths, isForced: false, until: nil)
    // Of axes found from a few rows, those rows say that fewer do.
    #expect((plan?.axes.count ?? 0) >= 48 && (plan?.share ?? 1) < 0.001)
  }

  @Test func `where codes rule nothing out every pair is compared`() throws {
    let side = PairSide(Samples.matrix(rows: 600, dimension: 64, seed: 11), .best, 1)
    func plan(_ floor: Float) throws -> PairPlan? {
      try PairPlan.cheapest(
        [side], floor: floor, widths: PairPlan.widths, isForced: false, until: nil)
    }
    #expect(try plan(0) == nil)
    #expect(try plan(0.9999)?.axes.count == 16)
  }

  @Test func `it ends when it is stopped, and with what a receiver throws`() throws {
    let matrix = Samples.clustered(rows: 1_500, dimension: 32, seed: 12)
    let stop = ScanStop()
    let join = PairJoin(matrix, floor: 0.5)
    #expect(throws: CancellationError.self) {
      try join.run(until: stop) { _ in stop.stop() }
    }
    #expect(throws: ParallaxError.self) {
      try join.run { _ in throw ParallaxError(.invalidValue, "enough") }
    }
    let steps = Mutex<[Int]>([])
    let summary = try join.run(step: { done in steps.withLock { $0.append(done) } }) { _ in }
    let counts = steps.withLock { $0 }
    #expect(counts == counts.sorted() && counts.last == summary.compared)
  }

  @Test func `rows without a direction are counted and have no pairs`() throws {
    var rows = (0..<20).map { Samples.vector(8, seed: $0) }
    rows[3] = Array(repeating: 0, count: 8)
    rows[7] = rows[3]
    let (found, summary) = try Self.pairs(PairJoin(Self.matrix(rows), floor: -1), .codes(16))
    #expect(summary.withoutDirection == 2 && found.count == 18 * 17 / 2)
    #expect(found.allSatisfy { ![3, 7].contains($0.left) && ![3, 7].contains($0.right) })
  }
}

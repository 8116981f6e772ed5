import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxSearch

/// Copies and near copies among the rows of a graph, and the same graph from every build.
@Suite struct GraphCopiesTests {
  private static let options = GraphOptions(connectivity: 12, expansionAdd: 64, storage: .f16)

  /// Rows of a few clusters, every fifth of which is one picture: `spread` is how far its copies lie apart.
  private func matrix(spread: Float, rows: Int = 2_000, dimension: Int = 40) -> VectorMatrix {
    let others = Samples.clustered(rows: rows, dimension: dimension, clusters: 30, seed: 11)
    let picture = Samples.vector(dimension, seed: 12)
    return VectorMatrix(rowCount: rows, dimension: dimension) { values in
      for row in 0..<rows {
        var vector = others.row(row)
        if row % 5 == 2 {
          let noise = Samples.vector(dimension, seed: 5_000 + UInt64(row))
          vector = zip(picture, noise).map { $0 + spread * $1 }
        }
        for (place, value) in (Vector.normalized(vector) ?? vector).enumerated() {
          values[row * dimension + place] = value
        }
      }
    }
  }

  private func built(
    _ matrix: VectorMatrix, _ options: GraphOptions = options, threads: Int? = nil
  ) throws -> (exact: ExactIndex, graph: GraphIndex) {
    let exact = ExactIndex(matrix: matrix, similarity: .cosine)
    let keys = (0..<matrix.rowCount).map { Int64($0 * 5 + 1) }
    return (exact, try GraphIndex.build(exact, keys: keys, options: options, threads: threads))
  }

  /// The share of the exact scores that the graph finds; which of equal rows is found does not matter.
  private func recall(
    _ index: (exact: ExactIndex, graph: GraphIndex), _ queries: [[Float]], expansion: Int = 64
  ) throws -> Double {
    var (wanted, found) = (0, 0)
    for query in queries {
      let exact = try index.exact.nearest(to: query, count: 10, allowed: nil, minimumScore: nil)
      let hits = try index.graph.nearest(to: query, count: 10, expansion: expansion).hits
      wanted += exact.count
      found += zip(exact, hits).count { $0.score == $1.score }
    }
    return Double(found) / Double(wanted)
  }

  @Test(arguments: GraphStorage.allCases)
  func `copies are one node, which gives all its rows`(storage: GraphStorage) throws {
    let matrix = matrix(spread: 0)
    let index = try built(
      matrix, GraphOptions(connectivity: 12, expansionAdd: 64, storage: storage))
    #expect(index.graph.graph.count == 1_601)
    // Unrelated questions see past the copies.
    let others = (0..<40).map { Samples.vector(40, seed: 900 + UInt64($0)) }
    #expect(try recall(index, others, expansion: 128) > 0.97)
    // A question by a copy finds the first of them, in their order.
    let copies = stride(from: 2, to: 2_000, by: 5)
    let hits = try index.graph.nearest(to: matrix.row(777), count: 30).hits
    #expect(hits.map(\.row) == Array(copies.prefix(30)) && hits.allSatisfy { $0.score == 1 })
    // Without itself the others stay; of a filter that few copies pass, those.
    var allowed = RowSet(capacity: 2_000, rows: 0..<2_000)
    allowed.remove(2)
    let without = try index.graph.nearest(to: matrix.row(2), count: 5, allowed: allowed)
    #expect(without.path == .graph && without.hits.map(\.row) == [7, 12, 17, 22, 27])
    let half = RowSet(capacity: 2_000, rows: (0..<2_000).filter { $0 % 5 != 2 || $0 > 1_900 })
    let some = try index.graph.nearest(to: matrix.row(2), count: 5, allowed: half)
    #expect(some.path == .graph && some.hits.map(\.row) == [1_902, 1_907, 1_912, 1_917, 1_922])
    #expect(some.hits.allSatisfy { $0.score == 1 })
  }

  @Test(arguments: [Float(1e-6), 1e-4, 1e-3, 0.01, 0.1], [GraphStorage.f32, .f16, .bf16, .i8])
  func `near copies are found and hide nothing`(spread: Float, storage: GraphStorage) throws {
    let matrix = matrix(spread: spread, rows: 1_200)
    let index = try built(
      matrix, GraphOptions(connectivity: 12, expansionAdd: 64, storage: storage))
    let others = (0..<20).map { Samples.vector(40, seed: 900 + UInt64($0)) }
    #expect(try recall(index, others, expansion: 128) > 0.95)
    let copies = stride(from: 2, to: 1_200, by: 97).map { matrix.row($0 - $0 % 5 + 2) }
    #expect(try recall(index, copies) > 0.95)
  }

  @Test(arguments: GraphStorage.allCases)
  func `every build makes the same file`(storage: GraphStorage) async throws {
    try await withTemporaryDirectory { folder in
      let matrix = matrix(spread: 0.001, rows: 1_500)
      let options = GraphOptions(connectivity: 8, expansionAdd: 40, storage: storage)
      var files: Set<[UInt8]> = []
      for (number, threads) in [1, 2, 5, 2].enumerated() {
        let path = folder + "/\(number).hnsw"
        let index = try built(matrix, options, threads: threads)
        let certificate = try index.graph.certify(count: 10, queries: 20, expansion: 32, seed: 1)
        try index.graph.save(certified: certificate, to: path)
        files.insert(try TestFiles.bytes(of: path) + TestFiles.bytes(of: GraphFile.sidePath(path)))
      }
      #expect(files.count == 1)
    }
  }

  @Test func `what is added later joins its copies, and what is gone revives`() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/1.hnsw"
      let all = matrix(spread: 0)
      func part(_ rows: [Int]) -> (ExactIndex, [Int64]) {
        let matrix = VectorMatrix(rowCount: rows.count, dimension: 40) { values in
          for (place, value) in rows.flatMap(all.row).enumerated() { values[place] = value }
        }
        return (ExactIndex(matrix: matrix, similarity: .cosine), rows.map { Int64($0 * 5 + 1) })
      }
      // Without 300 rows, 60 of them copies.
      let early = part(Array(0..<1_700))
      let first = try GraphIndex.build(early.0, keys: early.1, options: Self.options)
      #expect(first.graph.count == 1_361)
      try first.save(to: path)
      let late = part(Array(0..<2_000))
      var files: Set<[UInt8]> = []
      for threads in [1, 3] {
        let opened = try #require(try GraphIndex.open(path, late.0, keys: late.1))
        #expect(opened.unindexed == Array(1_700..<2_000))
        let hits = try opened.nearest(to: all.row(2), count: 400).hits
        #expect(hits.map(\.row) == Array(stride(from: 2, to: 2_000, by: 5)))
        let completed = try opened.completed(keys: late.1, threads: threads)
        #expect(completed.graph.count == 1_601 && completed.deadCount == 0)
        #expect(try recall((late.0, completed), (0..<30).map { late.0.matrix.row($0 * 61) }) > 0.98)
        try completed.save(to: path + "\(threads)")
        files.insert(
          try TestFiles.bytes(of: path + "\(threads)")
            + TestFiles.bytes(of: GraphFile.sidePath(path + "\(threads)")))
      }
      #expect(files.count == 1)
      // Rows that went leave dead nodes, copies only when the last has gone.
      let fewer = part((0..<1_700).filter { $0 % 5 != 2 || $0 == 1_697 })
      let opened = try #require(try GraphIndex.open(path, fewer.0, keys: fewer.1))
      #expect(opened.deadCount == 0 && opened.unindexed.isEmpty)
      let none = part((0..<1_700).filter { $0 % 5 != 2 })
      let empty = try #require(try GraphIndex.open(path, none.0, keys: none.1))
      #expect(empty.deadCount == 1)
      // A new item with an old vector takes its node again.
      let again = part((0..<1_700).filter { $0 % 5 != 2 } + [1_999 - 2])
      let revived = try #require(try GraphIndex.open(path, again.0, keys: again.1))
        .completed(keys: again.1)
      #expect(revived.deadCount == 0 && revived.graph.count == 1_361)
    }
  }

  @Test func `a graph of nothing but copies is one node`() throws {
    let vector = Vector.normalized(Samples.vector(16, seed: 1)) ?? []
    let matrix = VectorMatrix(rowCount: 700, dimension: 16) { values in
      for place in 0..<700 * 16 { values[place] = vector[place % 16] }
    }
    let index = try built(matrix)
    #expect(index.graph.graph.count == 1)
    let hits = try index.graph.nearest(to: Samples.vector(16, seed: 2), count: 12).hits
    #expect(hits.map(\.row) == Array(0..<12))
  }

  @Test func `a file of another version is said to be one`() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/1.hnsw"
      let index = try built(matrix(spread: 0.1, rows: 50))
      try index.graph.save(to: path)
      var header = Array(#"{"version":1,"count":0}"#.utf8) + [0x0A]
      let checksum = header.withUnsafeBytes { GraphFile.checksum(of: $0) }
      withUnsafeBytes(of: checksum) { header += $0 }
      try TestFiles.write(header, to: GraphFile.sidePath(path))
      #expect {
        _ = try GraphIndex.open(path, index.exact, keys: (0..<50).map(Int64.init))
      } throws: { error in
        guard let error = error as? ParallaxError else { return false }
        return error.code == .damagedIndex && error.message.contains("another version")
      }
    }
  }
}

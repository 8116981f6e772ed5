import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxSearch

@Suite struct GraphIndexTests {
  private static let matrix = Samples.clustered(rows: 1_200, dimension: 48, clusters: 12, seed: 1)
  private static let keys = (0..<1_200).map { Int64($0 * 3 + 7) }
  private static let options = GraphOptions(connectivity: 12, expansionAdd: 64, storage: .f16)

  private func exact(_ matrix: VectorMatrix) -> ExactIndex {
    ExactIndex(matrix: matrix, similarity: .cosine)
  }

  @Test(arguments: GraphStorage.allCases)
  func `a graph finds nearly all, with exact scores`(storage: GraphStorage) throws {
    let exact = exact(Self.matrix)
    var options = Self.options
    options.storage = storage
    let index = try GraphIndex.build(exact, keys: Self.keys, options: options)
    var found = 0
    for row in stride(from: 5, to: 1_200, by: 60) {
      let query = Self.matrix.row(row)
      let wanted = try exact.nearest(to: query, count: 10, allowed: nil, minimumScore: nil)
      let (hits, path) = try index.nearest(to: query, count: 10, expansion: 128)
      #expect(path == .graph && hits.count == 10)
      for hit in hits {
        #expect(wanted.first { $0.row == hit.row }.map { $0.score == hit.score } ?? true)
      }
      found += Set(hits.map(\.row)).intersection(wanted.map(\.row)).count
    }
    #expect(found >= 198, "\(found) of 200")
  }

  @Test(arguments: GraphStorage.allCases)
  func `rows of any length are walked by their directions`(storage: GraphStorage) throws {
    let matrix = VectorMatrix(rowCount: 1_200, dimension: 48) { values in
      for row in 0..<1_200 {
        let length = Float(row % 9 + 1)
        for (place, value) in Self.matrix.row(row).enumerated() {
          values[row * 48 + place] = value * length
        }
      }
    }
    let exact = exact(matrix)
    var options = Self.options
    options.storage = storage
    let index = try GraphIndex.build(exact, keys: Self.keys, options: options)
    var found = 0
    for row in stride(from: 5, to: 1_200, by: 60) {
      let wanted = try exact.nearest(
        to: matrix.row(row), count: 10, allowed: nil, minimumScore: nil)
      let hits = try index.nearest(to: matrix.row(row), count: 10, expansion: 128).hits
      found += Set(hits.map(\.row)).intersection(wanted.map(\.row)).count
    }
    #expect(found >= 198, "\(found) of 200")
  }

  @Test(arguments: [1, 2, 7, 19, 21, 400, 1_199])
  func `a filter never costs hits`(every: Int) throws {
    let index = try GraphIndex.build(exact(Self.matrix), keys: Self.keys, options: Self.options)
    let allowed = RowSet(capacity: 1_200, rows: stride(from: 0, to: 1_200, by: every))
    for row in [3, 600, 1_100] {
      let (hits, path) = try index.nearest(
        to: Self.matrix.row(row), count: 25, allowed: allowed)
      #expect(hits.count == min(25, allowed.count))
      #expect(hits.allSatisfy { allowed.contains($0.row) })
      #expect((path == .graph) == (every <= 2))
    }
  }

  @Test func `items that came, went and changed are seen as they are`() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/1.hnsw"
      try GraphIndex.build(exact(Self.matrix), keys: Self.keys, options: Self.options)
        .save(to: path)
      // Without the first hundred, with the next hundred changed, and fifty that are new.
      let old = (100..<1_200).map { (key: Self.keys[$0], row: Self.matrix.row($0)) }
      var present = old.map { pair in
        pair.key < Self.keys[200] ? (pair.key, pair.row.map { -$0 }) : (pair.key, pair.row)
      }
      for number in 0..<50 {
        let row = Vector.normalized(Samples.vector(48, seed: UInt64(900 + number))) ?? []
        present.append((Int64(10_000 + number), row))
      }
      let matrix = VectorMatrix(rowCount: present.count, dimension: 48) { values in
        for (place, value) in present.flatMap(\.1).enumerated() { values[place] = value }
      }
      let exact = exact(matrix)
      let keys = present.map(\.0)
      let opened = try #require(try GraphIndex.open(path, exact, keys: keys))
      #expect(opened.deadCount == 200 && opened.unindexed.count == 150)
      let completed = try opened.completed(keys: keys)
      #expect(completed.unindexed.isEmpty && completed.deadCount == 200)
      try completed.save(to: path)
      let again = try #require(try GraphIndex.open(path, exact, keys: keys))
      for index in [opened, completed, again] {
        var found = 0
        for row in [0, 50, 99, 100, 700, 1_099, 1_100, 1_149] {
          let wanted = try exact.nearest(
            to: matrix.row(row), count: 10, allowed: nil, minimumScore: nil)
          let hits = try index.nearest(to: matrix.row(row), count: 10, expansion: 200).hits
          #expect(hits.count == 10 && hits[0].row == row)
          found += Set(hits.map(\.row)).intersection(wanted.map(\.row)).count
        }
        #expect(found >= 78, "\(found) of 80")
      }
    }
  }

  @Test func `every flipped byte is found and nothing crashes`() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/1.hnsw"
      let matrix = Samples.clustered(rows: 150, dimension: 8, seed: 3)
      let keys = (0..<150).map(Int64.init)
      try GraphIndex.build(exact(matrix), keys: keys, options: Self.options).save(to: path)
      let files = [path, GraphFile.sidePath(path)]
      let whole = try files.map { try TestFiles.bytes(of: $0) }
      var random = SeededGenerator(seed: 5)
      for flip in 0..<400 {
        let number = flip % 2
        var bytes = whole[number]
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        try TestFiles.write(bytes, to: files[number])
        #expect {
          _ = try GraphIndex.open(path, exact(matrix), keys: keys)
        } throws: { error in
          guard let error = error as? ParallaxError else { return false }
          return error.code == .damagedIndex && error.message.contains(files[number])
        }
        try TestFiles.write(whole[number], to: files[number])
      }
      for cut in [0, 1, 100, whole[0].count - 1] {
        try TestFiles.write(Array(whole[0].prefix(cut)), to: path)
        #expect(throws: ParallaxError.self) {
          try GraphIndex.open(path, exact(matrix), keys: keys)
        }
      }
      GraphIndex.remove(path)
      #expect(try GraphIndex.open(path, exact(matrix), keys: keys) == nil)
    }
  }

  @Test func `searching while rows are added is safe, from nothing on`() async throws {
    let exact = exact(Self.matrix)
    for _ in 0..<5 {
      let graph = VectorGraph(dimension: 48, options: Self.options)
      let rows = NodeRows(nodes: Array(0..<1_200), nodeCount: 1_200)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for start in stride(from: 0, to: 1_200, by: 50) {
            _ = try graph.add(Array(start..<start + 50), of: exact.matrix)
          }
        }
        for searcher in 0..<2 {
          group.addTask {
            for step in 0..<200 {
              let found = try graph.nearest(
                to: exact.matrix.row((step * 5 + searcher) % 1_200), count: 5, expansion: 16,
                rows: rows
              ).map(\.node)
              #expect(Set(found).count == found.count)
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(graph.count == 1_200)
    }
  }

  @Test func `a certificate says what a sample found`() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/1.hnsw"
      let index = try GraphIndex.build(
        exact(Self.matrix), keys: Self.keys, options: Self.options)
      let certificate = try index.certify(count: 10, queries: 40, expansion: 64, seed: 1)
      #expect(certificate.entries.map(\.selectivity) == [1, 0.5, 0.1])
      for entry in certificate.entries {
        #expect(entry.wanted == 400 && entry.recall > 0.9)
        #expect(entry.lowerBound < entry.recall && entry.lowerBound > entry.recall - 0.05)
      }
      try index.save(certified: certificate, to: path)
      let opened = try GraphIndex.open(path, exact(Self.matrix), keys: Self.keys)
      #expect(opened?.certificate == certificate)
    }
  }

  @Test func `an empty graph finds none`() throws {
    let graph = VectorGraph(dimension: 3, options: Self.options)
    let rows = NodeRows(nodes: [], nodeCount: 0)
    #expect(try graph.nearest(to: [1, 0, 0], count: 5, expansion: 16, rows: rows).isEmpty)
  }
}

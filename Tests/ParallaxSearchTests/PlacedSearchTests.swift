import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxSearch

/// Bounds by codes on a few axes: never below a score, the same bits by every kernel, and answers that are those of the scan.
@Suite struct PlacedSearchTests {
  /// Rows of numbers of all sizes that single precision sees the direction of.
  private static func awkward(
    rows: Int = 230, dimension: Int, seed: UInt64
  ) -> VectorMatrix {
    VectorMatrix(rowCount: rows, dimension: dimension) { values in
      for (place, value) in Samples.vector(rows * dimension, seed: seed).enumerated() {
        let row = place / dimension
        let size: Float = [1, 1e-6, 1e15, 1, 3][row % 5]
        values[place] = row % 50 == 0 ? 0 : value * size
        if row % 50 == 0 { continue }
        // Denormals beside others, and rows of one number.
        if row % 9 == 1 && place % dimension % 3 == 1 { values[place] = Float(bitPattern: 7_000) }
        if row % 11 == 2 && place % dimension != 0 { values[place] = 0 }
      }
    }
  }

  private static let matrices: [(name: String, matrix: VectorMatrix)] =
    ProvenSearchTests.matrices.filter { $0.name != "of all sizes" } + [
      ("awkward", awkward(dimension: 33, seed: 21)), ("in space", awkward(dimension: 3, seed: 22)),
      ("on a line", awkward(dimension: 1, seed: 23)),
      ("long", awkward(rows: 60, dimension: 3_072, seed: 24)),
      ("alike", VectorMatrix(rowCount: 400, dimension: 20) { $0.update(repeating: 0.25) }),
      (
        "near copies",
        VectorMatrix(rowCount: 300, dimension: 64) { values in
          let base = Samples.vector(64, seed: 3)
          for place in 0..<300 * 64 {
            values[place] = base[place % 64] * (1 + Float(place % 7) * 1e-6)
          }
        }
      ),
    ]

  private func placed(_ index: ExactIndex, _ count: Int) throws -> PlacedRows {
    let axes = try PlacedAxes(of: index, count: count)
    let rows = try axes.flatMap { try PlacedRows(of: index, $0) }
    return try #require(rows)
  }

  private func bounds(_ rows: PlacedRows, _ query: PreparedQuery, _ kernel: Kernel) -> [Float] {
    var bounds = [Float](repeating: .nan, count: rows.placeCount)
    rows.bound(rows.placed(query, kernel), 0..<rows.rowCount, kernel, to: &bounds)
    return Array(bounds.prefix(rows.rowCount))
  }

  @Test(arguments: [16, 48, 256])
  func `a bound is never below the score, nor below the exact cosine`(width: Int) throws {
    for (name, matrix) in Self.matrices where width < 256 || matrix.dimension < 100 {
      let index = ExactIndex(matrix: matrix, similarity: .cosine)
      let rows = try placed(index, width)
      for query in [matrix.row(7), Samples.vector(matrix.dimension, seed: 9)] {
        let found = bounds(rows, try index.prepared(query), index.kernel)
        let hits = try index.nearest(
          to: query, count: matrix.rowCount, allowed: nil, minimumScore: nil)
        #expect(hits.count == matrix.rowCount)
        for hit in hits {
          let exact = ReferenceScan.score(.cosine, query, matrix.row(hit.row))
          #expect(
            found[hit.row] >= hit.score && Double(found[hit.row]) >= exact, "\(name) \(hit.row)")
        }
      }
    }
  }

  @Test(arguments: [16, 112, 256])
  func `every kernel gives the same bounds`(width: Int) throws {
    let matrix = Samples.clustered(rows: 203, dimension: 140, spread: 0.3, seed: UInt64(width))
    let index = ExactIndex(matrix: matrix, similarity: .cosine)
    let rows = try placed(index, width)
    let query = try index.prepared(Samples.vector(140, seed: 5))
    let wanted = bounds(rows, query, Kernel.available[0]).map(\.bitPattern)
    for kernel in Kernel.available.dropFirst() {
      #expect(bounds(rows, query, kernel).map(\.bitPattern) == wanted, "\(kernel)")
    }
  }

  @Test(arguments: Kernel.available, [16, 64])
  func `hits are those of the plain scan`(kernel: Kernel, width: Int) throws {
    for (name, matrix) in Self.matrices {
      let index = ExactIndex(matrix: matrix, similarity: .cosine, kernel: kernel)
      let codes = ProvenCodes(placed: try placed(index, width)) {
        CodedRows(matrix, kernel: kernel)
      }
      let some = RowSet(
        capacity: matrix.rowCount, rows: stride(from: 0, to: matrix.rowCount, by: 3))
      for query in [matrix.row(41), Samples.vector(matrix.dimension, seed: 9)] {
        for (count, allowed, least) in [
          (1, nil, nil), (10, nil, nil), (100, some, nil), (20, nil, 0.5), (5, some, 2),
        ] as [(Int, RowSet?, Float?)] {
          let plain = try index.nearest(
            to: query, count: count, allowed: allowed, minimumScore: least)
          let proven = try index.proven(
            to: query, count: count, allowed: allowed, minimumScore: least, codes: codes)
          #expect(proven.hits == plain, "\(name), top \(count)")
        }
      }
    }
  }

  /// Rows that differ along a few of their numbers, as embeddings do.
  private static func narrow(_ rows: Int) -> VectorMatrix {
    VectorMatrix(rowCount: rows, dimension: 160) { values in
      for (place, value) in Samples.vector(rows * 160, seed: 31).enumerated() {
        values[place] = value / Float(1 + place % 160)
      }
    }
  }

  @Test func `few rows are compared in full where few axes hold most`() throws {
    let matrix = Self.narrow(6_000)
    let index = ExactIndex(matrix: matrix, similarity: .cosine)
    let codes = try ProvenCodes(for: index) { CodedRows(matrix) }
    let rows = try #require(codes.placed)
    #expect(rows.byteCount <= 6_000 * (rows.axisCount + 8) + 64)
    let found = try index.proven(to: matrix.row(77), count: 10, codes: codes)
    #expect(found.axes == rows.axisCount && !found.isPlainScan && found.hits[0].row == 77)
    #expect(found.rescored >= 10 && found.rescored < 300)
    // As many, however many threads there are.
    let alone = ExactIndex(matrix: matrix, similarity: .cosine, threads: 1)
    #expect(try alone.proven(to: matrix.row(77), count: 10, codes: codes) == found)
  }

  @Test func `codes of all numbers follow where axes leave many rows`() throws {
    let matrix = Samples.clustered(rows: 4_000, dimension: 256, clusters: 40, seed: 7)
    let index = ExactIndex(matrix: matrix, similarity: .cosine)
    let codes = ProvenCodes(placed: try placed(index, 48)) { CodedRows(matrix) }
    let found = try index.proven(to: matrix.row(9), count: 10, codes: codes)
    #expect(found.axes == 48 && found.coded >= found.rescored / 2 && found.coded < 800)
    // Every direction alike: axes say nothing, codes of all numbers do.
    let wide = Samples.matrix(rows: 4_000, dimension: 256, seed: 8)
    let plain = ExactIndex(matrix: wide, similarity: .cosine)
    let useless = ProvenCodes(placed: try placed(plain, 16)) { CodedRows(wide) }
    let answer = try plain.proven(to: wide.row(9), count: 10, codes: useless)
    #expect(answer.axes == nil && answer.coded == 4_000 && !answer.isPlainScan)
    #expect(try ProvenCodes(for: plain) { CodedRows(wide) }.placed == nil)
  }

  @Test func `making codes ends when nobody waits for them`() throws {
    let matrix = Self.narrow(6_000)
    let index = ExactIndex(matrix: matrix, similarity: .cosine)
    let axes = try #require(try PlacedAxes(of: index, count: 16))
    let stop = ScanStop()
    stop.stop()
    #expect(throws: CancellationError.self) {
      _ = try ProvenCodes(for: index, until: stop) { CodedRows(matrix) }
    }
    #expect(throws: CancellationError.self) { _ = try PlacedRows(of: index, axes, until: stop) }
  }

  @Test func `what is no direction is refused`() throws {
    let matrix = Self.narrow(500)
    let index = ExactIndex(matrix: matrix, similarity: .cosine)
    let codes = ProvenCodes(placed: try placed(index, 16)) { CodedRows(matrix) }
    var broken = matrix.row(3)
    broken[5] = .nan
    for query in [broken, [Float](repeating: 0, count: 160), [1, 2]] {
      #expect(throws: ParallaxError.self) {
        try index.proven(to: query, count: 3, codes: codes)
      }
    }
  }
}

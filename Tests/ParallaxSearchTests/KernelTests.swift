import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxSearch

/// Every kernel of this processor gives the numbers of one order of summation, bit for bit.
@Suite struct KernelTests {
  private static let dimensions = [
    1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 47, 48, 63, 64, 65, 100, 127, 128, 129, 255,
    511, 768, 1_025, 4_095, 4_096,
  ]

  private func scan(
    _ kernel: Kernel, _ similarity: Similarity, _ rows: [Float], _ range: Range<Int>,
    _ queries: [Float], _ count: Int, allowed: RowSet? = nil
  ) -> [Float] {
    let dimension = queries.count / count
    var scores = [Float](repeating: .nan, count: count * range.count)
    rows.withUnsafeBufferPointer { rows in
      guard let start = UnsafeRawPointer(rows.baseAddress) else { return }
      var part = Kernel.Part(rows: start, dimension: dimension, range: range)
      func run() {
        kernel.scan(
          similarity, part, queries: queries, count: count, scores: &scores, stride: range.count)
      }
      guard let allowed else { return run() }
      allowed.words.withUnsafeBufferPointer {
        part.allowed = $0.baseAddress
        run()
      }
    }
    return scores
  }

  @Test(arguments: Kernel.available, [Similarity.dot, .euclidean])
  func `sums are those of the order`(kernel: Kernel, similarity: Similarity) {
    for dimension in Self.dimensions {
      // Rows in any place, some of them beyond the last four; one to eight queries at once.
      let (rowCount, most) = (11, dimension < 200 ? 11 : 4)
      let rows = FixedOrder.vector(rowCount * dimension, seed: UInt64(dimension))
      let queries = FixedOrder.vector(most * dimension, seed: UInt64(dimension) + 7)
      let wanted = (0..<most).map { query in
        (0..<rowCount).map { row in
          FixedOrder.sum(
            similarity, Array(queries[query * dimension..<(query + 1) * dimension]),
            Array(rows[row * dimension..<(row + 1) * dimension]))
        }
      }
      let allowed = RowSet(capacity: rowCount, rows: [0, 3, 4, 9])
      for (count, range) in [
        (1, 0..<11), (1, 3..<4), (2, 1..<10), (4, 3..<11), (5, 0..<8), (8, 2..<11), (11, 0..<10),
      ]
      where count <= most {
        let given = Array(queries.prefix(count * dimension))
        let all = scan(kernel, similarity, rows, range, given, count)
        let some = scan(kernel, similarity, rows, range, given, count, allowed: allowed)
        for query in 0..<count {
          for row in range {
            let place = query * range.count + row - range.lowerBound
            #expect(
              isSame(all[place], wanted[query][row]), "\(dimension), row \(row), query \(query)")
            #expect(isSame(some[place], allowed.contains(row) ? wanted[query][row] : -.infinity))
          }
        }
      }
    }
  }

  @Test(arguments: Kernel.available)
  func `sixty-four queries at once get what each gets alone`(kernel: Kernel) {
    for dimension in [3, 64, 385] {
      let rows = FixedOrder.vector(301 * dimension, seed: 4)
      let queries = FixedOrder.vector(64 * dimension, seed: 5)
      let together = scan(kernel, .dot, rows, 0..<301, queries, 64)
      for query in 0..<64 {
        let own = Array(queries[query * dimension..<(query + 1) * dimension])
        let alone = scan(kernel, .dot, rows, 0..<301, own, 1)
        #expect(zip(alone, together[query * 301..<(query + 1) * 301]).allSatisfy { isSame($0, $1) })
      }
    }
  }

  @Test(arguments: Kernel.available, [1, 2, 6, 9])
  func `a prefix is compared as a vector of its length`(kernel: Kernel, count: Int) {
    let (rowCount, dimension) = (9, 1_030)
    let cuts = [1, 2, 15, 16, 17, 40, 64, 512, 777, 1_024, 1_030]
    let rows = FixedOrder.vector(rowCount * dimension, seed: 1)
    let queries = FixedOrder.vector(count * dimension, seed: 2)
    var scores = [Float](repeating: .nan, count: cuts.count * count * rowCount)
    rows.withUnsafeBufferPointer { rows in
      guard let start = UnsafeRawPointer(rows.baseAddress) else { return }
      kernel.scanPrefixes(
        Kernel.Part(rows: start, dimension: dimension, range: 0..<rowCount), queries: queries,
        count: count, cuts: cuts, scores: &scores, stride: rowCount)
    }
    for (place, cut) in cuts.enumerated() {
      for query in 0..<count {
        for row in 0..<rowCount {
          let wanted = FixedOrder.sum(
            .dot, Array(queries[query * dimension..<query * dimension + cut]),
            Array(rows[row * dimension..<row * dimension + cut]))
          #expect(
            isSame(scores[(place * count + query) * rowCount + row], wanted), "\(cut), \(query)")
        }
      }
    }
  }

  @Test(arguments: Kernel.available, GraphStorage.allCases)
  func `a graph's distances have an order as well`(kernel: Kernel, storage: GraphStorage) throws {
    let distance = try #require(kernel.distance(storage))
    for dimension in Self.dimensions {
      let pairs = (0..<4).map { Samples.vector(dimension, seed: UInt64(dimension + $0)) }
      let stored = pairs.map { values in
        let bytes = UnsafeMutableRawPointer.allocate(
          byteCount: dimension * storage.size, alignment: 64)
        kernel.store(values, count: dimension, as: storage, scale: 1.0 / 127, to: bytes)
        return bytes
      }
      defer { for bytes in stored { bytes.deallocate() } }
      let values = stored.map { numbers(in: $0, storage, dimension) }
      for (left, right) in [(0, 1), (2, 3), (1, 1)] {
        let wanted =
          storage == .i8
          ? Float(
            zip(values[left], values[right]).reduce(0) { $0 + Int(($1.0 - $1.1) * ($1.0 - $1.1)) })
          : FixedOrder.sum(.euclidean, values[left], values[right], lanes: 64)
        #expect(distance(stored[left], stored[right], dimension) == wanted, "\(dimension)")
      }
    }
  }

  private func numbers(
    in bytes: UnsafeRawPointer, _ storage: GraphStorage, _ count: Int
  ) -> [Float] {
    (0..<count).map { place in
      switch storage {
      case .f32: bytes.load(fromByteOffset: place * 4, as: Float.self)
      case .f16: Float(Float16(bitPattern: bytes.load(fromByteOffset: place * 2, as: UInt16.self)))
      case .bf16:
        Float(bitPattern: UInt32(bytes.load(fromByteOffset: place * 2, as: UInt16.self)) << 16)
      case .i8: Float(bytes.load(fromByteOffset: place, as: Int8.self))
      }
    }
  }

  @Test(arguments: Kernel.available)
  func `codes, what they leave out and cosines are the same everywhere`(kernel: Kernel) {
    for dimension in [1, 15, 16, 33, 100, 768, 4_095] {
      let rows = FixedOrder.vector(7 * dimension, seed: UInt64(dimension))
      let own = coded(rows, dimension, kernel)
      let known = coded(rows, dimension, Kernel.available[0])
      #expect(own == known, "\(dimension)")
      let factors = (0..<7).map { 0.1 + Double($0) / 3 }
      var (left, right) = (Array(rows.prefix(7)), Array(rows.prefix(7)))
      guard left.count == 7 else { continue }
      kernel.cosines(&left, rows: factors, query: 0.77, count: 7)
      Kernel.available[0].cosines(&right, rows: factors, query: 0.77, count: 7)
      #expect(zip(left, right).allSatisfy { isSame($0, $1) })
    }
  }

  private func coded(_ rows: [Float], _ dimension: Int, _ kernel: Kernel) -> [[UInt32]] {
    let count = rows.count / dimension
    var codes = [Int8](repeating: 0, count: rows.count)
    var sums = [Int32](repeating: 0, count: count)
    var numbers = [[Float]](repeating: Array(repeating: 0, count: count), count: 3)
    codes.withUnsafeMutableBufferPointer { codes in
      sums.withUnsafeMutableBufferPointer { sums in
        guard let codes = codes.baseAddress, let sums = sums.baseAddress else { return }
        let places = numbers.map { _ in UnsafeMutablePointer<Float>.allocate(capacity: count) }
        defer { for place in places { place.deallocate() } }
        kernel.encode(
          rows, 0..<count,
          to: Kernel.CodeMemory(
            codes: codes, scales: places[0], sums: sums, residuals: places[1], lengths: places[2],
            dimension: dimension))
        numbers = places.map { Array(UnsafeBufferPointer(start: $0, count: count)) }
      }
    }
    return [codes.map { UInt32(bitPattern: Int32($0)) }, sums.map { UInt32(bitPattern: $0) }]
      + numbers.map { $0.map(\.bitPattern) }
  }

  @Test func `a kernel is chosen by its name, and no other`() throws {
    for kernel in Kernel.available {
      let name = kernel.description.lowercased().filter { $0 != "-" }
      #expect(try Kernel.named(name) == kernel)
    }
    for name in ["AVX2", "avx", "best", "", "neon avx2"] {
      #expect {
        _ = try Kernel.named(name)
      } throws: { error in
        guard let error = error as? ParallaxError else { return false }
        return error.code == .usage && error.message.contains("'\(name)'")
      }
    }
    let all = ["scalar", "neon", "avx2", "avx512"]
    #expect(all.compactMap { try? Kernel.named($0) } == Kernel.available)
  }
}

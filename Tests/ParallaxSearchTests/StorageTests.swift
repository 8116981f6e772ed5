import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxSearch

/// Half floats and bfloat16: conversion, and dot products with rows that are stored so.
@Suite struct StorageTests {
  private static let values: [Float] =
    [0, -0.0, 1, -1, 65_504, 65_519, 65_520, -1e9, 6e-8, 3e-8, 2.9e-8, 1e-37, 0.1, -0.333_333]
    + [.infinity, -.infinity] + Samples.vector(500, seed: 9).map { $0 * 3 }

  private func stored(_ values: [Float], as type: VectorStorage) -> [UInt16] {
    var halves = [UInt16](repeating: 0, count: values.count)
    halves.withUnsafeMutableBytes { target in
      guard let target = target.baseAddress else { return }
      Kernel.store(values, count: values.count, as: type, to: target)
    }
    return halves
  }

  /// By the rows' own kernel: the product of each value with 1.
  private func loaded(_ stored: [UInt16], as type: VectorStorage) -> [Float] {
    var values = [Float](repeating: 0, count: stored.count)
    stored.withUnsafeBytes { source in
      guard let source = source.baseAddress else { return }
      let part = Kernel.Part(rows: source, type: type, dimension: 1, range: 0..<stored.count)
      Kernel.available[0].scan(
        .dot, part, queries: [1], count: 1, scores: &values, stride: stored.count)
    }
    return values
  }

  #if os(Linux) || arch(arm64)
    @Test func `halves are those of the language`() {
      let halves = stored(Self.values, as: .float16)
      #expect(halves == Self.values.map { Float16($0).bitPattern })
      #expect(loaded(halves, as: .float16) == halves.map { Float(Float16(bitPattern: $0)) })
    }
  #endif

  @Test func `bfloat16 values are the upper halves of floats, to nearest even`() {
    let bfloats = stored(Self.values, as: .bfloat16)
    for (value, bfloat) in zip(Self.values, bfloats) {
      let back = Float(bitPattern: UInt32(bfloat) << 16)
      // No neighbour is nearer.
      for other in [bfloat &+ 1, bfloat &- 1] where back.isFinite {
        let near = Float(bitPattern: UInt32(other) << 16)
        if near.isFinite { #expect(abs(back - value) <= abs(near - value)) }
      }
    }
    #expect(stored([.nan], as: .bfloat16) == [0x7FC0])
    #expect(loaded(bfloats, as: .bfloat16)[2] == 1)
  }

  @Test(arguments: Kernel.available, [VectorStorage.float16, .bfloat16])
  func `short rows are compared as their values`(kernel: Kernel, type: VectorStorage) {
    for dimension in [1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 65, 200] {
      let rows = stored(Samples.vector(5 * dimension, seed: UInt64(dimension)), as: type)
      let values = loaded(rows, as: type)
      let query = Samples.vector(dimension, seed: 1)
      for similarity in [Similarity.dot, .euclidean] {
        var scores = [Float](repeating: 0, count: 5)
        rows.withUnsafeBytes { bytes in
          guard let start = bytes.baseAddress else { return }
          let part = Kernel.Part(
            rows: start, type: type, dimension: dimension, range: 0..<5)
          kernel.scan(similarity, part, queries: query, count: 1, scores: &scores, stride: 5)
        }
        for row in 0..<5 {
          let own = Array(values[row * dimension..<(row + 1) * dimension])
          let wanted = ReferenceScan.score(similarity, query, own)
          let found = similarity == .dot ? Double(scores[row]) : -Double(scores[row]).squareRoot()
          #expect(abs(found - wanted) < 1e-4)
        }
      }
    }
  }
}

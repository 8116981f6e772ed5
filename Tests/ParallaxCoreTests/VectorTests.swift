import ParallaxCore
import ParallaxTestSupport
import Testing

@Suite struct VectorTests {
  @Test func `measures lengths and products`() {
    #expect(Vector.length([3, 4]) == 5)
    #expect(Vector.length([]) == 0)
    #expect(Vector.dot([1, 2, 3], [4, -5, 6]) == 12)
    #expect(Vector.dot([], []) == 0)
    #expect(Vector.cosine([1, 0], [0, 2]) == 0)
    #expect(Vector.cosine([1, 1], [-3, -3]) == -1)
    // Squares of large floats overflow 32 bits, but not the sum in 64.
    #expect(Vector.length([3e30, 4e30]) / 5e30 > 0.999_999)
  }

  @Test(arguments: [[], [0, 0], [.nan, 1], [.infinity, 0]] as [[Float]])
  func `has no direction`(vector: [Float]) {
    #expect(Vector.normalized(vector) == nil)
    #expect(Vector.cosine(vector, vector) == nil)
  }

  @Test(arguments: 0..<20) func `normalises without turning`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let vector = (0..<64).map { _ in Float.random(in: -100...100, using: &generator) }
    let other = (0..<64).map { _ in Float.random(in: -1e-3...1e-3, using: &generator) }
    let unit = try #require(Vector.normalized(vector))
    #expect(abs(Vector.length(unit) - 1) < 1e-6)
    #expect(try #require(Vector.cosine(unit, vector)) > 1 - 1e-9)
    let cosine = try #require(Vector.cosine(vector, other))
    #expect((-1...1).contains(cosine))
    #expect(cosine == Vector.cosine(other, vector))
    let product = Vector.dot(unit, try #require(Vector.normalized(other)))
    #expect(abs(product - cosine) < 1e-6)
  }

  @Test func `keeps cosines within bounds`() throws {
    for number in 1...1000 {
      let vector = Array(repeating: Float(number) / 7, count: 7)
      let cosine = try #require(Vector.cosine(vector, vector))
      #expect(cosine <= 1 && cosine > 1 - 1e-12)
    }
  }

  @Test func `stops at vectors of different dimensions`() async {
    await #expect(processExitsWith: .failure) { _ = Vector.dot([1], [1, 2]) }
  }
}

@Suite struct VectorMatrixTests {
  @Test func `holds rows in one aligned block`() {
    let matrix = VectorMatrix(rowCount: 3, dimension: 2) { values in
      for index in values.indices { values[index] = Float(index) }
    }
    #expect(matrix.byteCount == 24)
    #expect((0..<3).map { matrix.row($0) } == [[0, 1], [2, 3], [4, 5]])
    #expect(matrix.withValues { Array($0) } == [0, 1, 2, 3, 4, 5])
    #expect(matrix.withValues { Int(bitPattern: $0.baseAddress) % 64 } == 0)
  }

  @Test func `is zero until filled, may be empty and passes errors on`() {
    #expect(VectorMatrix(rowCount: 1, dimension: 3) { _ in }.row(0) == [0, 0, 0])
    #expect(VectorMatrix(rowCount: 0, dimension: 3) { _ in }.withValues(\.count) == 0)
    #expect(throws: ParallaxError.self) {
      try VectorMatrix(rowCount: 1, dimension: 1) { _ in throw ParallaxError(.usage, "no") }
    }
  }
}

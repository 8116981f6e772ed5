import ParallaxCore
import ParallaxTestSupport

/// Seeded vectors; with `levels`, of few different values, so that scores tie.
enum Samples {
  static func vector(_ dimension: Int, seed: UInt64, levels: Int? = nil) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<dimension).map { _ in
      levels.map { Float(Int.random(in: 1...$0, using: &generator)) }
        ?? Float.random(in: -1...1, using: &generator)
    }
  }

  static func matrix(rows: Int, dimension: Int, seed: UInt64, levels: Int? = nil) -> VectorMatrix {
    let values = vector(rows * dimension, seed: seed, levels: levels)
    return VectorMatrix(rowCount: rows, dimension: dimension) { buffer in
      for (index, value) in values.enumerated() { buffer[index] = value }
    }
  }

  /// Unit vectors in clusters, as embeddings are.
  static func clustered(
    rows: Int, dimension: Int, clusters: Int = 20, spread: Float = 0.5, seed: UInt64
  ) -> VectorMatrix {
    var generator = SeededGenerator(seed: seed)
    func gaussian() -> Float {
      (0..<6).reduce(Float(0)) { sum, _ in sum + Float.random(in: -1...1, using: &generator) }
    }
    let centres = (0..<clusters).map { _ in (0..<dimension).map { _ in gaussian() } }
    return VectorMatrix(rowCount: rows, dimension: dimension) { values in
      for row in 0..<rows {
        let centre = centres[row % clusters]
        let unit = Vector.normalized(centre.map { $0 + spread * gaussian() }) ?? centre
        for (place, value) in unit.enumerated() { values[row * dimension + place] = value }
      }
    }
  }
}

package import ParallaxCore
private import ParallaxDigest

/// Rows that are equal to another, bit for bit.
package enum EqualRows {
  /// How many rows have an equal one.
  package static func count(in matrix: VectorMatrix) -> Int {
    let size = matrix.dimension * MemoryLayout<Float>.stride
    let digests = ParallelRows(
      rowCount: matrix.rowCount, dimension: matrix.dimension, block: 1_024, threads: nil
    ).collect { row in
      matrix.withValues { values in
        Digest.checksum(
          UnsafeRawBufferPointer(
            rebasing: UnsafeRawBufferPointer(values)[row * size..<(row + 1) * size]))
      }
    }
    var rows: [UInt64: Int] = [:]
    for digest in digests { rows[digest, default: 0] += 1 }
    return digests.count { rows[$0, default: 0] > 1 }
  }
}

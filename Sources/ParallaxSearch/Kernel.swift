private import CVectorKernels
import ParallaxCore

/// The instruction set that scans; the widest one of this processor unless a test chooses.
package struct Kernel: Sendable, Hashable, CustomStringConvertible {
  private let rawValue: UInt32

  private init(_ isa: cvk_isa) { rawValue = isa.rawValue }

  /// The widest this processor has.
  package static let best = Kernel(cvk_best_isa())

  /// All that this processor has, the scalar one first.
  package static let available = [CVK_SCALAR, CVK_NEON, CVK_AVX2, CVK_AVX512]
    .filter { cvk_has_isa($0) }.map { Kernel($0) }

  package var description: String { String(cString: cvk_isa_name(cvk_isa(rawValue))) }

  /// Writes a value for each allowed row of `rows` to `scores`, counted from the first of `rows`.
  func scan(
    _ similarity: Similarity, query: UnsafeBufferPointer<Float>,
    values: UnsafeBufferPointer<Float>, rows: Range<Int>, allowed: UnsafePointer<UInt64>?,
    scores: UnsafeMutablePointer<Float>
  ) {
    let isa = cvk_isa(rawValue)
    let kernel = similarity == .euclidean ? cvk_squared_distance : cvk_dot
    kernel(
      isa, query.baseAddress, values.baseAddress, query.count, rows.lowerBound, rows.upperBound,
      allowed, scores)
  }
}

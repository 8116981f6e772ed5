private import CVectorKernels
import ParallaxCore
private import ParallaxSystem

/// The instruction set that scans: the widest one of this processor, unless a test or `PARALLAX_KERNELS` chooses. All give
/// the same numbers.
package struct Kernel: Sendable, Hashable, CustomStringConvertible {
  let rawValue: UInt32

  private init(_ isa: cvk_isa) { rawValue = isa.rawValue }

  /// The environment variable that chooses.
  package static let variable = "PARALLAX_KERNELS"

  /// All that this processor has, the scalar one first.
  package static let available = [CVK_SCALAR, CVK_NEON, CVK_AVX2, CVK_AVX512]
    .filter { cvk_has_isa($0) }.map { Kernel($0) }

  /// What the environment chooses; the widest where it chooses none or one that is not there, which the program refuses
  /// when it starts.
  package static let best =
    (try? Environment.variables[variable].flatMap { try named($0) }) ?? Kernel(cvk_best_isa())

  /// The kernels of a name: `scalar`, `neon`, `avx2` or `avx512`.
  ///
  /// - Throws: `usage` for another name, and for one that this processor lacks.
  package static func named(_ name: String) throws -> Kernel {
    if let kernel = available.first(where: { $0.name == name }) { return kernel }
    let isKnown = [CVK_SCALAR, CVK_NEON, CVK_AVX2, CVK_AVX512].contains { Kernel($0).name == name }
    let names = available.map(\.name).joined(separator: ", ")
    throw ParallaxError(
      .usage,
      isKnown
        ? "this processor has no '\(name)' kernels for \(variable)"
        : "\(variable) takes the name of an instruction set; got '\(name)'",
      hint: "this processor has \(names); without the variable the last one is used")
  }

  private var name: String {
    switch isa {
    case CVK_NEON: "neon"
    case CVK_AVX2: "avx2"
    case CVK_AVX512: "avx512"
    default: "scalar"
    }
  }

  package var description: String { String(cString: cvk_isa_name(isa)) }

  private var isa: cvk_isa { cvk_isa(rawValue) }

  /// Rows of a row-major matrix.
  struct Part {
    var rows: UnsafeRawPointer
    var type = VectorStorage.float32
    var dimension: Int
    var range: Range<Int>
    /// A bitmap over the whole matrix; `nil` for every row.
    var allowed: UnsafePointer<UInt64>?

    fileprivate var raw: cvk_part {
      cvk_part(
        rows: rows, type: cvk_type(UInt32(type.rawValue)), dimension: dimension,
        first: range.lowerBound, last: range.upperBound, allowed: allowed)
    }
  }

  /// Compares `count` queries with the rows of a part: query q's score of the part's row r goes to
  /// `scores[q * stride + r]`, -infinity where a row is not allowed. Squared distances for
  /// `.euclidean`, dot products otherwise.
  func scan(
    _ similarity: Similarity, _ part: Part, queries: UnsafePointer<Float>, count: Int,
    scores: UnsafeMutablePointer<Float>, stride: Int
  ) {
    var raw = part.raw
    let measure = similarity == .euclidean ? CVK_SQUARED_DISTANCE : CVK_DOT
    cvk_scan(isa, measure, &raw, queries, count, scores, stride)
  }

  /// Writes where of some hashes those stand of which at most `radius` bits differ from one, ascending.
  ///
  /// - Parameter positions: with room for all of them.
  /// - Returns: how many there are.
  func near(
    _ hash: UInt64, _ hashes: UnsafeBufferPointer<UInt64>, radius: Int,
    _ positions: UnsafeMutableBufferPointer<UInt32>
  ) -> Int {
    cvk_near_hashes(
      isa, hash, hashes.baseAddress, hashes.count, UInt32(radius), positions.baseAddress)
  }

  /// Dot products of `count` queries with the first `cuts[c]` values of each row, to
  /// `scores[(c * count + q) * stride + r]`.
  func scanPrefixes(
    _ part: Part, queries: UnsafePointer<Float>, count: Int, cuts: [Int],
    scores: UnsafeMutablePointer<Float>, stride: Int
  ) {
    var raw = part.raw
    cvk_scan_prefixes(isa, &raw, queries, count, cuts, cuts.count, scores, stride)
  }

  /// Positions of scores of at least `least`, in order.
  ///
  /// - Returns: how many were written.
  func select(
    _ scores: UnsafePointer<Float>, count: Int, least: Float,
    positions: UnsafeMutablePointer<UInt32>
  ) -> Int {
    cvk_select(isa, scores, count, least, positions)
  }

  /// From dot products to cosines by 1 / length of each row and of the query.
  func cosines(
    _ scores: UnsafeMutablePointer<Float>, rows: UnsafePointer<Double>, query: Double, count: Int
  ) {
    cvk_cosines(isa, scores, rows, query, count)
  }

  /// The dot product of a vector with itself, in the order of every scan.
  func square(_ vector: UnsafeBufferPointer<Float>) -> Float {
    guard let values = vector.baseAddress else { return 0 }
    var square: Float = 0
    let part = Part(rows: values, dimension: vector.count, range: 0..<1)
    scan(.dot, part, queries: values, count: 1, scores: &square, stride: 1)
    return square
  }
}

/// How the values of stored vectors are held.
package enum VectorStorage: Int, Sendable, Hashable, CaseIterable {
  case float32, float16, bfloat16

  /// Bytes of a value.
  package var size: Int { self == .float32 ? 4 : 2 }
}

extension Kernel {
  /// Shortens or copies floats.
  package static func store(
    _ values: UnsafePointer<Float>, count: Int, as type: VectorStorage,
    to target: UnsafeMutableRawPointer
  ) {
    switch type {
    case .float32: target.copyMemory(from: values, byteCount: count * 4)
    case .float16: cvk_to_half(values, count, target.assumingMemoryBound(to: UInt16.self))
    case .bfloat16: cvk_to_bfloat16(values, count, target.assumingMemoryBound(to: UInt16.self))
    }
  }
}

// MARK: - Codes

extension Kernel {
  /// Where the parts of some coded rows lie.
  struct CodeMemory {
    var codes: UnsafeMutablePointer<Int8>
    var scales: UnsafeMutablePointer<Float>
    var sums: UnsafeMutablePointer<Int32>
    var residuals: UnsafeMutablePointer<Float>
    var lengths: UnsafeMutablePointer<Float>
    var dimension: Int

    fileprivate var raw: cvk_codes {
      cvk_codes(
        codes: codes, scales: scales, sums: sums, residuals: residuals, lengths: lengths,
        dimension: dimension)
    }
  }

  /// A query as 16-bit integers, and what they leave out.
  struct CodedQuery: Sendable {
    private var high: [UInt8]
    private var low: [UInt8]
    private var step: Float
    private var residual: Float
    private var length: Float

    init(_ query: [Float]) {
      high = Array(repeating: 0, count: query.count)
      low = high
      (step, residual, length) = (0, 0, 0)
      let found = withRaw { raw in
        var raw = raw
        cvk_encode_query(query, query.count, &raw)
        return raw
      }
      (step, residual, length) = (found.step, found.residual, found.length)
    }

    /// The pointers must not escape.
    fileprivate mutating func withRaw<Result>(_ body: (cvk_coded_query) -> Result) -> Result {
      high.withUnsafeMutableBufferPointer { high in
        low.withUnsafeMutableBufferPointer { low in
          body(
            cvk_coded_query(
              high: high.baseAddress, low: low.baseAddress, step: step, residual: residual,
              length: length))
        }
      }
    }
  }

  func encode(_ rows: UnsafePointer<Float>, _ range: Range<Int>, to memory: CodeMemory) {
    var raw = memory.raw
    cvk_encode(isa, rows, range.lowerBound, range.upperBound, &raw)
  }

  /// Approximate dot products of a range of rows.
  func scan(
    _ memory: CodeMemory, _ query: CodedQuery, _ range: Range<Int>,
    allowed: UnsafePointer<UInt64>?, scores: UnsafeMutablePointer<Float>
  ) {
    var (raw, query) = (memory.raw, query)
    query.withRaw { coded in
      var coded = coded
      cvk_scan_codes(isa, &raw, &coded, range.lowerBound, range.upperBound, allowed, scores)
    }
  }

  /// How far those may be from what `scan` of the rows themselves computes.
  func errors(
    _ memory: CodeMemory, _ query: CodedQuery, _ range: Range<Int>,
    errors: UnsafeMutablePointer<Float>
  ) {
    var (raw, query) = (memory.raw, query)
    query.withRaw { coded in
      var coded = coded
      cvk_code_errors(&raw, &coded, range.lowerBound, range.upperBound, errors)
    }
  }

  /// Both of some rows.
  func scan(
    _ memory: CodeMemory, _ query: CodedQuery, at rows: UnsafeBufferPointer<UInt32>,
    scores: UnsafeMutablePointer<Float>, errors: UnsafeMutablePointer<Float>
  ) {
    var (raw, query) = (memory.raw, query)
    query.withRaw { coded in
      var coded = coded
      cvk_scan_codes_at(isa, &raw, &coded, rows.baseAddress, rows.count, scores, errors)
    }
  }

  static func bounds(
    _ upper: UnsafeMutablePointer<Float>, _ lower: UnsafeMutablePointer<Float>, count: Int
  ) {
    cvk_bounds(upper, lower, count)
  }

  static func encodeBits(
    _ rows: UnsafePointer<Float>, _ range: Range<Int>, dimension: Int,
    to bits: UnsafeMutablePointer<UInt64>
  ) {
    cvk_encode_bits(rows, range.lowerBound, range.upperBound, dimension, bits)
  }

  /// 1 - 2 × Hamming distance / dimension of each row.
  func scan(
    bits: UnsafePointer<UInt64>, query: UnsafePointer<UInt64>, dimension: Int, _ range: Range<Int>,
    allowed: UnsafePointer<UInt64>?, scores: UnsafeMutablePointer<Float>
  ) {
    cvk_scan_bits(
      isa, query, bits, dimension, range.lowerBound, range.upperBound, allowed, scores)
  }
}

// MARK: - Graphs

extension Kernel {
  /// Shortens or copies floats for a graph; int8 codes count `scale` each.
  func store(
    _ values: UnsafePointer<Float>, count: Int, as storage: GraphStorage, scale: Float,
    to target: UnsafeMutableRawPointer
  ) {
    switch storage {
    case .f32: Self.store(values, count: count, as: .float32, to: target)
    case .f16: Self.store(values, count: count, as: .float16, to: target)
    case .bf16: Self.store(values, count: count, as: .bfloat16, to: target)
    case .i8: cvk_to_codes(values, count, scale, target.assumingMemoryBound(to: Int8.self))
    }
  }

  /// The distance of two stored vectors, for a library that calls back.
  func distance(
    _ storage: GraphStorage
  ) -> (@convention(c) (UnsafeRawPointer?, UnsafeRawPointer?, Int) -> Float)? {
    switch storage {
    case .f32: cvk_pair_distance(isa, CVK_F32)
    case .f16: cvk_pair_distance(isa, CVK_F16)
    case .bf16: cvk_pair_distance(isa, CVK_BF16)
    case .i8: cvk_pair_distance_codes(isa)
    }
  }
}

private import CVectorKernels
internal import ParallaxCore

/// What the search with proof asks of the kernels.
extension Kernel {
  private var isa: cvk_isa { cvk_isa(rawValue) }

  /// Where the parts of some placed rows lie.
  struct PlacedMemory {
    var codes: UnsafeMutablePointer<Int8>
    var errors: UnsafeMutablePointer<Float>
    var rests: UnsafeMutablePointer<Float>
    var width: Int

    fileprivate var raw: cvk_placed {
      cvk_placed(codes: codes, errors: errors, rests: rests, width: width)
    }
  }

  /// What a code of each axis means, and how far the axes are from being orthonormal.
  struct PlacedFrame: Sendable {
    var dimension: Int
    var offsets: [Double]
    /// Above zero.
    var scales: [Double]
    var deviation: Double

    var width: Int { offsets.count }

    fileprivate func withRaw<Result>(_ body: (cvk_frame) -> Result) -> Result {
      offsets.withUnsafeBufferPointer { offsets in
        scales.withUnsafeBufferPointer { scales in
          body(
            cvk_frame(
              dimension: dimension, width: width, offsets: offsets.baseAddress,
              scales: scales.baseAddress, deviation: deviation))
        }
      }
    }
  }

  /// A query on the axes.
  ///
  /// `@unchecked Sendable`: the numbers' pointers are set anew for each use.
  struct PlacedQuery: @unchecked Sendable {
    private var high: [Int8]
    private var low: [Int8]
    private var numbers = cvk_placed_query()

    /// - Parameters:
    ///   - products: of each axis with the query.
    ///   - factor: 1 / its length.
    ///   - longest: of the rows of codes that it meets.
    init(_ products: [Float], _ frame: PlacedFrame, factor: Double, longest: Double) {
      high = Array(repeating: 0, count: frame.width)
      low = high
      numbers = withRaw { raw in
        var raw = raw
        frame.withRaw { frame in
          var frame = frame
          cvk_place_query(&frame, products, factor, longest, &raw)
        }
        return raw
      }
    }

    /// The pointers must not escape.
    fileprivate mutating func withRaw<Result>(_ body: (cvk_placed_query) -> Result) -> Result {
      var raw = numbers
      return high.withUnsafeMutableBufferPointer { high in
        low.withUnsafeMutableBufferPointer { low in
          (raw.high, raw.low) = (high.baseAddress, low.baseAddress)
          return body(raw)
        }
      }
    }
  }

  /// Fills a range of rows; `products[axis * stride + row - range.lowerBound]`.
  ///
  /// - Returns: the length of the longest row of codes.
  static func place(
    _ products: UnsafePointer<Float>, stride: Int, inverses: UnsafePointer<Double>,
    _ range: Range<Int>, by frame: PlacedFrame, to memory: PlacedMemory
  ) -> Double {
    var placed = memory.raw
    return frame.withRaw { frame in
      var frame = frame
      return cvk_place(
        &frame, products, stride, inverses, range.lowerBound, range.upperBound, &placed)
    }
  }

  /// An upper bound of the cosine of a query with each row of some panels.
  func bound(
    _ memory: PlacedMemory, _ query: PlacedQuery, _ panels: Range<Int>,
    to bounds: UnsafeMutablePointer<Float>
  ) {
    var (placed, query) = (memory.raw, query)
    query.withRaw { raw in
      var raw = raw
      cvk_bound_placed(isa, &placed, &raw, panels.lowerBound, panels.upperBound, bounds)
    }
  }
}

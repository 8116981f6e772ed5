private import CVectorKernels
internal import ParallaxCore

/// What the search for pairs asks of the kernels.
extension Kernel {
  /// How many codes a row has at most.
  static let mostCodes = Int(CVK_MOST_WIDTH)

  private var isa: cvk_isa { cvk_isa(rawValue) }

  /// Where the parts of some panels lie.
  struct PanelMemory {
    var codes: UnsafeMutablePointer<Int8>
    var sums: UnsafeMutablePointer<Int32>
    var starts: UnsafeMutablePointer<Int32>
    var rests: UnsafeMutablePointer<Float>
    var least: UnsafeMutablePointer<Float>
    var width: Int

    fileprivate var raw: cvk_panels {
      cvk_panels(
        codes: codes, sums: sums, starts: starts, rests: rests, least: least, width: width)
    }
  }

  /// What turns rows into panels, beside the axes themselves.
  struct PanelFrame: Sendable, Hashable {
    var dimension: Int
    var offsets: [Double]
    var meanSquare: Double
    var deviation: Double
    var scale: Double
    var longest: Double
    var floor: Double

    fileprivate func withRaw<Result>(_ body: (cvk_axes) -> Result) -> Result {
      offsets.withUnsafeBufferPointer {
        body(
          cvk_axes(
            dimension: dimension, width: offsets.count, offsets: $0.baseAddress,
            mean_square: meanSquare, deviation: deviation, scale: scale, longest: longest,
            floor: floor))
      }
    }
  }

  /// Fills a range of rows; `products[axis * stride + row - range.lowerBound]`, the mean after the axes.
  static func encode(
    _ products: UnsafePointer<Float>, stride: Int, inverses: UnsafePointer<Double>,
    _ range: Range<Int>, by frame: PanelFrame, to memory: PanelMemory
  ) {
    var panels = memory.raw
    frame.withRaw { axes in
      var axes = axes
      cvk_encode_panels(
        &axes, products, stride, inverses, range.lowerBound, range.upperBound, &panels)
    }
  }

  /// Which pairs of left rows and right panels may reach the floor: a bit a row of a panel.
  func near(
    _ left: PanelMemory, _ rows: Range<Int>, _ right: PanelMemory, _ panels: Range<Int>,
    masks: UnsafeMutablePointer<UInt16>, stride: Int
  ) {
    var (own, others) = (left.raw, right.raw)
    cvk_near(
      isa, &own, rows.lowerBound, rows.upperBound, &others, panels.lowerBound, panels.upperBound,
      masks, stride)
  }

  /// How many bits of masks are set; four divides their number.
  static func count(_ masks: UnsafePointer<UInt16>, _ count: Int) -> Int {
    cvk_count_near(masks, count)
  }

  /// The right rows of the bits that are set, counted from `first`, ascending.
  ///
  /// - Returns: how many were written.
  static func list(
    _ masks: UnsafePointer<UInt16>, _ count: Int, from first: Int,
    to positions: UnsafeMutablePointer<UInt32>
  ) -> Int {
    cvk_list_near(masks, count, UInt32(first), positions)
  }

  /// Dot products of one query with some rows.
  func scan(
    _ part: Part, _ query: UnsafePointer<Float>, at rows: UnsafePointer<UInt32>, count: Int,
    scores: UnsafeMutablePointer<Float>
  ) {
    var raw = cvk_part(
      rows: part.rows, type: cvk_type(UInt32(part.type.rawValue)), dimension: part.dimension,
      first: part.range.lowerBound, last: part.range.upperBound, allowed: nil)
    cvk_scan_at(isa, &raw, query, rows, count, scores)
  }

  /// Makes vectors orthonormal, those without a part of their own zero.
  ///
  /// - Returns: how far they are from it.
  static func orthonormalize(_ vectors: inout [Float], dimension: Int) -> Double {
    let count = vectors.count / dimension
    return vectors.withUnsafeMutableBufferPointer { vectors in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: vectors.count) { work in
        guard let values = vectors.baseAddress, let work = work.baseAddress else { return 0 }
        return cvk_orthonormalize(values, count, dimension, work)
      }
    }
  }
}

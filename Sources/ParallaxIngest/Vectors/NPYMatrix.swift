private import ParallaxCore

/// The vectors of a `.npy` file, one a row: an array of shape [n, d] of 16-, 32- or 64-bit floats, of
/// either byte order, stored by rows or by columns.
package struct NPYMatrix: Sendable {
  package let rowCount: Int
  /// Numbers of a row, at least 1.
  package let dimension: Int
  /// Whether the numbers of a column lie together; they are put into rows as they are read.
  package let isColumnMajor: Bool

  private let bytes: [UInt8]
  private let start: Int
  private let kind: NPYHeader.Kind
  private let isBigEndian: Bool

  /// More than any model has.
  private static let dimensions = 1...65_536

  /// Whether its numbers have more digits than vectors keep.
  package var isDouble: Bool { kind == .double }

  /// - Throws: `invalid-value` naming the file, and the remedy where there is one.
  package init(_ bytes: [UInt8], of path: String) throws {
    let header = try NPYHeader(bytes, of: path)
    func wrong(_ what: String, hint: String? = nil) -> ParallaxError {
      ParallaxError(.invalidValue, "'\(path)' \(what)", hint: hint)
    }
    let shape = header.shape
    guard shape.count == 2 else {
      throw wrong(
        "holds an array of \(shape.count == 1 ? "1 axis" : "\(shape.count) axes"); vectors are one of 2, [n, d]",
        hint: "vectors.reshape(n, d) makes it one")
    }
    guard Self.dimensions.contains(shape[1]) else {
      throw wrong("holds vectors of \(shape[1]) numbers; they have from 1 to 65536")
    }
    guard shape[0] > 0 else { throw wrong("holds no vector") }
    let (count, overflows) = shape[0].multipliedReportingOverflow(by: shape[1])
    let (size, exceeds) = count.multipliedReportingOverflow(by: header.kind.rawValue)
    let held = bytes.count - header.start
    guard !overflows, !exceeds, held >= size else {
      throw wrong(
        "ends too early: the \(shape[0]) × \(shape[1]) numbers of its header are not all there",
        hint: "was it copied whole?")
    }
    guard held == size else {
      throw wrong("goes on for \(held - size) bytes after the array that its header describes")
    }
    (rowCount, dimension) = (shape[0], shape[1])
    (self.bytes, start) = (bytes, header.start)
    (kind, isBigEndian, isColumnMajor) = (header.kind, header.isBigEndian, header.isColumnMajor)
  }

  /// The numbers of a row.
  ///
  /// - Precondition: `row` is one of them.
  package func row(_ row: Int) -> [Double] {
    precondition(row >= 0 && row < rowCount, "row out of range")
    return bytes.withUnsafeBytes { bytes in
      (0..<dimension).map { column in
        let place = isColumnMajor ? column * rowCount + row : row * dimension + column
        return number(bytes, at: start + place * kind.rawValue)
      }
    }
  }

  private func number(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Double {
    func bits<Bits: FixedWidthInteger & BitwiseCopyable>(_ type: Bits.Type) -> Bits {
      let stored = bytes.loadUnaligned(fromByteOffset: offset, as: type)
      return isBigEndian ? Bits(bigEndian: stored) : Bits(littleEndian: stored)
    }
    return switch kind {
    case .half: Self.half(bits(UInt16.self))
    case .single: Double(Float(bitPattern: bits(UInt32.self)))
    case .double: Double(bitPattern: bits(UInt64.self))
    }
  }

  /// A number of IEEE 754's binary16, which not every platform's `Float16` offers.
  private static func half(_ bits: UInt16) -> Double {
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Double(bits & 0x3FF)
    let magnitude =
      switch exponent {
      case 0: fraction * 0x1p-24
      case 0x1F: fraction == 0 ? Double.infinity : .nan
      default: Double(sign: .plus, exponent: exponent - 25, significand: 1_024 + fraction)
      }
    return bits >> 15 == 0 ? magnitude : -magnitude
  }
}

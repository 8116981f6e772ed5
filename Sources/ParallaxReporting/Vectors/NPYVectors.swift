internal import ParallaxCore
package import ParallaxSystem

/// NumPy's `.npy`, version 1.0: an array of shape [n, d] of 32-bit floats, row after row, and a list of
/// the ids, one a line.
///
/// Source: NumPy's `numpy.lib.format`; the bytes are those of `numpy.save`.
package enum NPYVectors: VectorFormat {
  package static let id = "npy"
  package static let fileExtension = "npy"
  package static let summary = "NumPy's array of 32-bit floats, and the ids, one a line"
  package static let holdsColumns = false

  package static func besides(_ path: String) -> [String] { [sibling(of: path, "ids.txt")] }

  package static func files(of set: VectorSet, at path: String) throws -> [FileWriter.File] {
    let isLine = { (id: ItemID) in
      !id.rawValue.isEmpty && !id.rawValue.utf8.contains { $0 == 10 || $0 == 13 }
    }
    if let odd = set.ids.first(where: { !isLine($0) }) {
      throw ParallaxError(
        .unsupported, "the id '\(odd)' holds a line break, which a list of lines cannot hold",
        hint:
          "'.\(ParquetVectors.fileExtension)' keeps it, and '.\(ProjectorVectors.fileExtension)' escapes it"
      )
    }
    let ids = set.ids
    return [
      FileWriter.File(path) { write in
        try write(header(of: set.matrix))
        try LittleEndianFloats.write(set.matrix, write)
      },
      FileWriter.File(besides(path)[0]) { write in
        for id in ids { try write(Array((id.rawValue + "\n").utf8)) }
      },
    ]
  }

  /// Magic, version, length and a literal of Python, filled up with blanks to a multiple of 64 bytes.
  private static func header(of matrix: VectorMatrix) -> [UInt8] {
    let literal =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (\(matrix.rowCount), \(matrix.dimension)), }"
    let fixed = 10
    let blanks = 64 - (fixed + literal.utf8.count + 1) % 64
    let text = literal + String(repeating: " ", count: blanks % 64) + "\n"
    let count = UInt16(text.utf8.count)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 0xFF), UInt8(count >> 8)]
      + Array(text.utf8)
  }
}

/// The numbers of a matrix as a file holds them.
enum LittleEndianFloats {
  /// Bytes written at a time, about.
  private static let piece = 1 << 20

  /// - Throws: what `write` throws; `CancellationError`.
  static func write(_ matrix: VectorMatrix, _ write: FileWriter.Write) throws {
    let count = matrix.rowCount * matrix.dimension
    let step = piece / MemoryLayout<Float>.stride
    for start in stride(from: 0, to: count, by: step) {
      try Task.checkCancellation()
      let bytes = matrix.withValues { values in
        let part = values[start..<min(start + step, count)]
        return Array(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: part)))
      }
      try write(bytes)
    }
  }
}

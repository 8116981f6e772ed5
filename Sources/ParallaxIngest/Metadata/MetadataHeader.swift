import ParallaxCore
private import ParallaxSystem

/// The column names of a file of metadata, from its beginning alone, for completion.
package enum MetadataHeader {
  /// What is read of a file.
  private static let beginning = 65_536

  /// - Returns: nothing for a file that cannot be read as a table.
  package static func columns(ofFileAt path: String) -> [String] {
    guard let (read, isWhole) = try? read(path), !read.contains(0) else { return [] }
    var bytes = read
    if !isWhole {
      guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
      bytes.removeSubrange(end...)
    }
    if let records = try? TableFile.records(in: bytes, source: path) { return records.columnNames }
    // The end of the piece may lie within quotes: then the first line says enough.
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
    return (try? TableFile.records(in: Array(line), source: path))?.columnNames ?? []
  }

  private static func read(_ path: String) throws -> (bytes: [UInt8], isWhole: Bool) {
    let file = try InputFile(path)
    let bytes = try [UInt8](unsafeUninitializedCapacity: beginning) { buffer, filled in
      filled = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
    return (bytes, bytes.count == file.status.size)
  }
}

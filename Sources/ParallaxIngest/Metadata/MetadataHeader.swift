import ParallaxCore
private import ParallaxSystem

/// The column names of a file of metadata, from its beginning alone.
package enum MetadataHeader {
  /// What is read of a file.
  private static let beginning = 65_536

  /// - Returns: nothing for a file that cannot be read as a table.
  package static func columns(ofFileAt path: String) -> [String] {
    records(ofFileAt: path, delimiter: nil)?.records.columnNames ?? []
  }

  /// - Throws: `unknown-name` for a column that is certainly not there. Where the beginning does not
  ///   tell, as with objects of JSON that may differ, nothing is refused.
  package static func check(
    _ name: String, inFileAt path: String, delimiter: Character?
  ) throws {
    guard let (records, isWhole) = records(ofFileAt: path, delimiter: delimiter),
      isWhole || records is DelimitedText, !records.columnNames.contains(name)
    else { return }
    throw records.unknownColumn(name, in: path)
  }

  private static func records(
    ofFileAt path: String, delimiter: Character?
  ) -> (records: any MetadataRecords, isWhole: Bool)? {
    guard let (read, isWhole) = try? read(path), !read.contains(0) else { return nil }
    var bytes = read
    if !isWhole {
      guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return nil }
      bytes.removeSubrange(end...)
    }
    func table(_ bytes: [UInt8]) -> (any MetadataRecords)? {
      try? TableFile.records(in: bytes, source: path, delimiter: delimiter)
    }
    // The end of the piece may lie within quotes: then the first line says enough.
    return (table(bytes) ?? table(Array(bytes.prefix { $0 != UInt8(ascii: "\n") })))
      .map { ($0, isWhole) }
  }

  private static func read(_ path: String) throws -> (bytes: [UInt8], isWhole: Bool) {
    let file = try InputFile(path)
    let bytes = try [UInt8](unsafeUninitializedCapacity: beginning) { buffer, filled in
      filled = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
    return (bytes, bytes.count == file.status.size)
  }
}

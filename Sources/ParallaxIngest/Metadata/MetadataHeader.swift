/// The column names of a file of metadata, from its beginning alone, for completion.
package enum MetadataHeader {
  /// What is read of a file.
  private static let beginning = 65_536

  /// - Returns: nothing for a file that cannot be read as a table.
  package static func columns(ofFileAt path: String) -> [String] {
    guard let read = try? FileSystem.beginning(of: path, count: beginning),
      !read.bytes.contains(0)
    else { return [] }
    var bytes = read.bytes
    if !read.isWhole {
      guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
      bytes.removeSubrange(end...)
    }
    if ["jsonl", "ndjson"].contains(FilePath.ending(of: path)) {
      return (try? JSONLines(bytes, source: path))?.columnNames ?? []
    }
    return (try? DelimitedText(bytes, source: path))?.columnNames ?? []
  }
}

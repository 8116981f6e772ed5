/// Judgements and runs in any of their formats, recognised by the beginning of the file.
package enum RecognizedFormat {
  /// Reads ranx's JSON, a table with a header, or TREC's form.
  ///
  /// - Parameter name: of the file, for errors.
  /// - Throws: `invalid-value` with file and line; `CancellationError`.
  package static func judgements(_ bytes: [UInt8], named name: String) throws -> Judgements {
    let file = SourceFile(bytes, named: name)
    if isJSON(file) { return try RanxFormat.judgements(bytes, named: name) }
    let header = String(
      decoding: file.bytes.prefix { $0 != UInt8(ascii: "\n") }.prefix(1_000), as: UTF8.self)
    let isTable =
      JudgementTable.isHeader(header)
      || header.contains(",") && !header.contains { " \t".contains($0) }
      || name.lowercased().hasSuffix(".csv")
    return isTable
      ? try JudgementTable.judgements(bytes, named: name)
      : try TRECFormat.judgements(bytes, named: name)
  }

  /// Reads ranx's JSON or TREC's form.
  ///
  /// - Parameter name: of the file, for errors.
  /// - Throws: `invalid-value` with file and line; `CancellationError`.
  package static func run(_ bytes: [UInt8], named name: String) throws -> Run {
    isJSON(SourceFile(bytes, named: name))
      ? try RanxFormat.run(bytes, named: name) : try TRECFormat.run(bytes, named: name)
  }

  private static func isJSON(_ file: SourceFile) -> Bool {
    file.bytes.first { !SourceFile.isBlank($0) } == UInt8(ascii: "{")
  }
}

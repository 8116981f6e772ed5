private import ParallaxText

extension SourceFile {
  /// Calls `body` with the cells of each row of a delimited text, and the line it begins on. The
  /// separator is a tab if the first line holds one, else a comma, else a semicolon.
  ///
  /// - Throws: `invalid-value` with the line for text that is not UTF-8 and for a quote that is not
  ///   closed where its cell ends; what `body` throws; `CancellationError`.
  func forEachRow(_ body: (_ cells: [String], _ line: Int) throws -> Void) throws {
    try checkUTF8()
    let header = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    let delimiter = ["\t", ",", ";"].map { UInt8(ascii: $0) }.first { header.contains($0) }
    try bytes.withUnsafeBufferPointer { bytes in
      var scanner = CellScanner(bytes, delimiter: delimiter ?? UInt8(ascii: ","))
      var count = 0
      while scanner.startRow() {
        count += 1
        if count % 4_096 == 0 { try Task.checkCancellation() }
        let line = scanner.line
        var cells: [String] = []
        var end = CellScanner.Terminator.delimiter
        while end == .delimiter {
          let next = scanner.next()
          guard scanner.oddity == nil else {
            throw fault(
              line, "a quote is opened, and not closed where the cell ends",
              hint: "a quote inside a quoted cell is written twice")
          }
          cells.append(next.cell.text(in: bytes))
          end = next.end
        }
        try body(cells, line)
      }
    }
  }

  /// - Throws: `invalid-value` naming the first line that is not UTF-8.
  func checkUTF8() throws {
    guard String(validating: bytes, as: UTF8.self) == nil else { return }
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let place = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }
    throw fault(
      place.map { $0 + 1 }, "the text is not UTF-8", hint: "write the file as UTF-8")
  }
}

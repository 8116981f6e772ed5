import ParallaxTestSupport

/// The files made by `Fixtures/make_goldens.py`.
enum Goldens {
  static func path(_ name: String) -> String {
    "\(TestData.packageRoot)/Tests/ParallaxIngestTests/Fixtures/\(name)"
  }

  /// Lines of cells separated by tabs, escapes resolved.
  static func rows(_ name: String) throws -> [[String]] {
    try plainRows(name).map { $0.map { unescaped($0[...]) } }
  }

  /// Lines of cells separated by tabs.
  static func plainRows(_ name: String) throws -> [[String]] {
    try TestFiles.lines(of: path(name)).map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
    }
  }

  static func unescaped(_ text: Substring) -> String {
    var result = String.UnicodeScalarView()
    var scalars = text.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      guard scalar == "\\" else {
        result.append(scalar)
        continue
      }
      switch scalars.next() {
      case "t": result.append("\t")
      case "n": result.append("\n")
      case "r": result.append("\r")
      case "0": result.append("\0")
      case let other?: result.append(other)
      case nil: result.append("\\")
      }
    }
    return String(result)
  }
}

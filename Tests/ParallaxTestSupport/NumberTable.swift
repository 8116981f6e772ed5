private import ParallaxCore

/// Expected numbers from another program: a table between tabs, whose first line says what made it and
/// whose second names the columns.
package struct NumberTable: Sendable {
  package let columns: [String]
  package let rows: [Row]

  package struct Row: Sendable, CustomStringConvertible {
    /// The line.
    package let description: String
    private let cells: [String: String]

    fileprivate init(_ line: String, columns: [String]) {
      description = line
      cells = Dictionary(
        uniqueKeysWithValues: zip(columns, line.split(separator: "\t").map { String($0) }))
    }

    package func text(_ column: String) throws -> String {
      guard let text = cells[column] else { throw fault("has no '\(column)'") }
      return text
    }

    /// Numbers between blanks.
    package func numbers(_ column: String) throws -> [Double] {
      try text(column).split(separator: " ").map {
        guard let number = Double($0) else { throw fault("'\(column)' holds no numbers") }
        return number
      }
    }

    package func number(_ column: String) throws -> Double {
      guard let number = try numbers(column).first else { throw fault("'\(column)' is empty") }
      return number
    }

    package func count(_ column: String) throws -> Int {
      guard let count = Int(try text(column)) else { throw fault("'\(column)' is no count") }
      return count
    }

    private func fault(_ reason: String) -> ParallaxError {
      ParallaxError(.invalidValue, "a row \(reason): \(description)")
    }
  }

  /// Reads a file of `Fixtures` in the folder of a test target.
  package init(_ name: String, of target: String) throws {
    let path = "\(TestData.packageRoot)/Tests/\(target)/Fixtures/\(name)"
    let lines = try TestFiles.lines(of: path)
    guard lines.count > 2 else { throw ParallaxError(.unreadableFile, "'\(path)' has no rows") }
    let columns = lines[1].split(separator: "\t").map { String($0) }
    self.columns = columns
    rows = lines.dropFirst(2).map { Row($0, columns: columns) }
  }
}

/// Whether two numbers are the same but for `tolerance`, absolute up to 1 and relative beyond.
package func isNear(_ value: Double?, _ wanted: Double, _ tolerance: Double = 1e-9) -> Bool {
  guard let value else { return false }
  return value == wanted || abs(value - wanted) <= tolerance * max(1, abs(wanted))
}

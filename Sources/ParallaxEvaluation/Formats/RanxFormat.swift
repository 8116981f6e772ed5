private import ParallaxText

/// The JSON files of ranx: an object with a member for each question, which is an object of items with
/// their grades or scores.
package enum RanxFormat {
  /// - Parameter name: of the file, for errors.
  /// - Throws: `invalid-value` with file and line; `CancellationError`.
  package static func judgements(_ bytes: [UInt8], named name: String) throws -> Judgements {
    let file = SourceFile(bytes, named: name)
    var collector = JudgementCollector(file)
    try forEachItem(of: file, begin: { _ in }) { question, item, number, line in
      let text = number.description
      try collector.add(question, item, file.grade(text, line), line: line)
    }
    return try collector.judgements()
  }

  /// - Parameter name: of the file, for errors.
  /// - Throws: `invalid-value` with file and line; `CancellationError`.
  package static func run(_ bytes: [UInt8], named name: String) throws -> Run {
    let file = SourceFile(bytes, named: name)
    var collector = RunCollector(file)
    try forEachItem(of: file, begin: { collector.begin($0) }) { question, item, number, line in
      guard number.isFinite else {
        throw file.fault(line, "a score is a finite number; got '\(number)'")
      }
      try collector.add(question, item, number, line: line)
    }
    return try collector.run()
  }

  private static func forEachItem(
    of file: SourceFile, begin: (_ question: String) -> Void,
    _ body: (_ question: String, _ item: String, _ number: Double, _ line: Int) throws -> Void
  ) throws {
    var scanner = JSONScanner(file.bytes)
    var lines = LineCounter(file)
    var questions: Set<String> = []
    let fault = { (scanner: JSONScanner, lines: inout LineCounter) in
      file.fault(
        lines.line(at: scanner.position),
        "this is no JSON object of questions, each an object of items and numbers")
    }
    do {
      try scanner.members { question, scanner in
        let line = lines.line(at: scanner.position)
        guard questions.insert(question).inserted else {
          throw file.fault(line, "question \(SourceFile.quoted(question)) is there twice")
        }
        begin(question)
        try scanner.members { item, scanner in
          let line = lines.line(at: scanner.position)
          if lines.isDue { try Task.checkCancellation() }
          guard scanner.isAtNumber else {
            throw file.fault(
              line, "\(SourceFile.quoted(item)) of \(SourceFile.quoted(question)) is no number")
          }
          try body(question, item, try scanner.double(), line)
        }
      }
    } catch is JSONScanner.Malformed {
      throw fault(scanner, &lines)
    }
    guard scanner.isAtEnd else { throw fault(scanner, &lines) }
  }

  /// Counts lines up to offsets that only rise.
  private struct LineCounter {
    private let bytes: [UInt8]
    private var (offset, line) = (0, 1)
    private var steps = 0

    init(_ file: SourceFile) { bytes = file.bytes }

    mutating func line(at offset: Int) -> Int {
      steps += 1
      line += bytes[self.offset..<max(offset, self.offset)].count { $0 == UInt8(ascii: "\n") }
      self.offset = max(offset, self.offset)
      return line
    }

    /// Now and then.
    var isDue: Bool { steps % 4_096 == 0 }
  }
}

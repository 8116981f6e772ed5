internal import ParallaxCore

/// The bytes of a file, and errors that name the file and a line.
struct SourceFile {
  /// As errors name it.
  let name: String
  /// Without a byte-order mark.
  let bytes: [UInt8]

  private static let longestQuote = 40
  private static let patience = 4_096

  init(_ bytes: [UInt8], named name: String) {
    self.name = name
    self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
  }

  /// Calls `body` with the fields between blanks of each line that holds any and does not begin with
  /// `#`.
  ///
  /// - Throws: what `body` throws, and `CancellationError`.
  func forEachLine(_ body: (Fields) throws -> Void) throws {
    try bytes.withUnsafeBufferPointer { bytes in
      var (start, number) = (0, 0)
      while start < bytes.count {
        number += 1
        if number % Self.patience == 0 { try Task.checkCancellation() }
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        let fields = Fields(
          parts: bytes[start..<end].split { Self.isBlank($0) }, file: self, line: number)
        start = end + 1
        if fields.count > 0, !fields.begins(with: UInt8(ascii: "#")) { try body(fields) }
      }
    }
  }

  /// The fields of a line; only those that are needed become text.
  struct Fields {
    fileprivate let parts: [UnsafeBufferPointer<UInt8>.SubSequence]
    fileprivate let file: SourceFile
    let line: Int

    var count: Int { parts.count }

    fileprivate func begins(with byte: UInt8) -> Bool { parts[0].first == byte }

    /// - Throws: `invalid-value` for what is not UTF-8.
    func text(_ index: Int) throws -> String {
      guard let text = String(validating: parts[index], as: UTF8.self) else {
        throw file.fault(line, "the text is not UTF-8", hint: "write the file as UTF-8")
      }
      return text
    }
  }

  /// What C takes for a blank.
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  /// - Parameter line: `nil` for the file as a whole.
  func fault(_ line: Int?, _ rule: String, hint: String? = nil) -> ParallaxError {
    let place = line.map { "'\(name)', line \($0): " } ?? "'\(name)': "
    return ParallaxError(.invalidValue, place + rule, hint: hint)
  }

  /// A text in quotes, cut when it is long.
  static func quoted(_ text: String) -> String {
    text.count <= longestQuote ? "'\(text)'" : "'\(text.prefix(longestQuote))…'"
  }

  // MARK: - Values

  /// - Throws: `invalid-value` for what is not a finite number.
  func score(_ text: String, _ line: Int) throws -> Double {
    guard let score = Double(text), score.isFinite, !Self.isHexadecimal(text) else {
      throw fault(line, "a score is a finite number; got \(Self.quoted(text))")
    }
    return score
  }

  private static func isHexadecimal(_ text: String) -> Bool {
    text.utf8.contains { $0 | 0x20 == UInt8(ascii: "x") }
  }

  /// - Throws: `invalid-value` for what is not a whole number within the range of grades.
  func grade(_ text: String, _ line: Int) throws -> Int {
    guard let number = Double(text), let grade = Int(exactly: number),
      Judgements.grades.contains(grade), !Self.isHexadecimal(text),
      !text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") })
    else {
      throw fault(
        line,
        "a grade is a whole number from \(Judgements.grades.lowerBound) to "
          + "\(Judgements.grades.upperBound); got \(Self.quoted(text))")
    }
    return grade
  }
}

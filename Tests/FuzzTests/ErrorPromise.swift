@testable import CommandLanguage
import ParallaxCore
import ParallaxText

/// What holds for every error that reading something ends in.
enum ErrorPromise {
  private static let formatters = [
    ErrorFormatter(), ErrorFormatter(width: 40, folds: true, showsCodes: true),
  ]

  /// What `body` returns, or nothing where it ends in an error that a person can act on.
  ///
  /// - Throws: ``Fault`` for any other error, and for one that does not look as it should.
  static func reading<Result>(_ body: () throws -> Result) throws -> Result? {
    do { return try body() } catch let error as ParallaxError {
      try check(error)
    } catch let error as Fault {
      throw error
    } catch {
      throw Fault("an error that says nothing to a person: \(error)")
    }
    return nil
  }

  /// - Throws: ``Fault``.
  static func check(_ error: ParallaxError) throws {
    try expect(!error.message.isEmpty, "an error without a message")
    if let location = error.location {
      let bytes = Array(location.text.utf8)
      let (start, end) = (location.range.lowerBound, location.range.upperBound)
      try expect(
        0 <= start && end <= bytes.count, "an error at \(start)..<\(end) of \(bytes.count)")
      for place in [start, end] where place < bytes.count {
        try expect(bytes[place] & 0xC0 != 0x80, "an error within a character, at \(place)")
      }
      try expect(location.line ?? 1 >= 1, "an error in line \(location.line ?? 1)")
    }
    for formatter in formatters {
      let block = formatter.error(error)
      let control = block.unicodeScalars.first { $0 != "\n" && TerminalText.needsEscape($0) }
      try expect(control == nil, "an error that holds U+\(String(control?.value ?? 0, radix: 16))")
    }
  }
}

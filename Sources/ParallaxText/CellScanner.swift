/// A cell as a range of bytes; decoded only when it is asked for, so that a row costs 8 bytes a cell.
package struct CellRange: Sendable {
  /// The text, or for a cell with quotes inside the raw text with its quotes.
  private var start: UInt32
  private var lengthAndFlag: UInt32

  package static let empty = CellRange(start: 0, end: 0, hasQuotesInside: false)

  init(start: Int, end: Int, hasQuotesInside: Bool) {
    self.start = UInt32(start)
    lengthAndFlag = UInt32(end - start) | (hasQuotesInside ? 1 << 31 : 0)
  }

  package var hasQuotesInside: Bool { lengthAndFlag >> 31 == 1 }
  package var bytes: Range<Int> { Int(start)..<(Int(start) + Int(lengthAndFlag & 0x7FFF_FFFF)) }

  /// The cell's text in the bytes that were scanned, with its quotes removed.
  package func text(in scanned: UnsafeBufferPointer<UInt8>) -> String {
    let raw = scanned[bytes]
    return hasQuotesInside
      ? String(decoding: CellScanner.unquoted(raw), as: UTF8.self)
      : String(decoding: raw, as: UTF8.self)
  }
}

/// Walks over delimited text cell by cell, with the states of Python's `csv` reader.
package struct CellScanner {
  package enum Terminator { case delimiter, lineEnd, fileEnd }
  package enum Oddity { case strayQuote, unclosedQuote }

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  private let bytes: UnsafeBufferPointer<UInt8>
  private let delimiter: UInt8
  private var position = 0
  /// One-based, of the byte to be read next.
  package private(set) var line = 1
  /// What was wrong with the last cell.
  package private(set) var oddity: Oddity?

  package init(_ bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8) {
    self.bytes = bytes
    self.delimiter = delimiter
  }

  /// Skips blank lines; `false` at the end of the text.
  package mutating func startRow() -> Bool {
    while position < bytes.count, takeLineEnd() {}
    return position < bytes.count
  }

  /// Reads a cell and what ends it.
  package mutating func next() -> (cell: CellRange, end: Terminator) {
    oddity = nil
    let start = position
    guard position < bytes.count, bytes[position] == Self.quote else {
      skipToCellEnd()
      let cell = CellRange(start: start, end: position, hasQuotesInside: false)
      return (cell, takeTerminator())
    }
    position += 1
    let hasDoubledQuotes = skipQuoted()
    let contentEnd = oddity == .unclosedQuote ? position : position - 1
    let afterQuote = position
    skipToCellEnd()
    let hasTail = position > afterQuote
    if hasTail { oddity = .strayQuote }
    let isRaw = hasDoubledQuotes || hasTail
    let cell = CellRange(
      start: isRaw ? start : start + 1, end: isRaw ? position : contentEnd, hasQuotesInside: isRaw)
    return (cell, takeTerminator())
  }

  /// Moves behind the closing quote; says whether there were doubled ones.
  private mutating func skipQuoted() -> Bool {
    var hasDoubledQuotes = false
    while position < bytes.count {
      if bytes[position] == Self.quote {
        position += 1
        guard position < bytes.count, bytes[position] == Self.quote else { return hasDoubledQuotes }
        hasDoubledQuotes = true
        position += 1
      } else if !takeLineEnd() {
        position += 1
      }
    }
    oddity = .unclosedQuote
    return hasDoubledQuotes
  }

  private mutating func skipToCellEnd() {
    while position < bytes.count {
      let byte = bytes[position]
      if byte == delimiter || byte == Self.lineFeed || byte == Self.carriageReturn { return }
      position += 1
    }
  }

  private mutating func takeTerminator() -> Terminator {
    if position >= bytes.count { return .fileEnd }
    if takeLineEnd() { return .lineEnd }
    position += 1
    return .delimiter
  }

  private mutating func takeLineEnd() -> Bool {
    let byte = bytes[position]
    guard byte == Self.lineFeed || byte == Self.carriageReturn else { return false }
    position += 1
    if byte == Self.carriageReturn, position < bytes.count, bytes[position] == Self.lineFeed {
      position += 1
    }
    line += 1
    return true
  }

  /// The text of a cell that has quotes inside: doubled ones are one, and behind the closing one
  /// everything is as it stands.
  fileprivate static func unquoted(_ raw: UnsafeBufferPointer<UInt8>.SubSequence) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(raw.count)
    var index = raw.startIndex + 1
    while index < raw.endIndex {
      if raw[index] == quote {
        guard index + 1 < raw.endIndex, raw[index + 1] == quote else {
          text += raw[(index + 1)...]
          return text
        }
        index += 1
      }
      text.append(raw[index])
      index += 1
    }
    return text
  }
}

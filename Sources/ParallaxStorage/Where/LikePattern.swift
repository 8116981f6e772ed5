/// The matching of `like`: `%` stands for any characters, `_` for one, ASCII letters match without
/// regard to case.
struct LikePattern {
  /// What stands in the pattern beside plain characters.
  private enum Form {
    case plain
    /// `%` behind them, before them, on both sides.
    case beginning, end, middle
    case other
  }

  /// The pattern; of plain characters these, with small ASCII letters.
  private let bytes: [UInt8]
  private let form: Form
  /// Of the first eight plain characters: which bits of a text count, which of them are set in either
  /// case of a letter, and what they are then.
  private let beginning: (mask: UInt64, fold: UInt64, wanted: UInt64)

  /// - Parameter pattern: UTF-8.
  init(_ pattern: UnsafeBufferPointer<UInt8>) {
    let any = UInt8(ascii: "%")
    let inner = pattern.drop { $0 == any }
    let plain = inner.prefix { $0 != any && $0 != UInt8(ascii: "_") }
    guard pattern[plain.endIndex...].allSatisfy({ $0 == any }) else {
      (bytes, form, beginning) = (Array(pattern), .other, (0, 0, 0))
      return
    }
    bytes = plain.map(Self.lowered)
    var first: (mask: UInt64, fold: UInt64, wanted: UInt64) = (0, 0, 0)
    for (place, byte) in bytes.prefix(8).enumerated() {
      let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      first.mask |= 0xFF << UInt64(place * 8)
      first.fold |= (isLetter ? 0x20 : 0) << UInt64(place * 8)
      first.wanted |= UInt64(byte) << UInt64(place * 8)
    }
    beginning = first
    form =
      switch (inner.startIndex > 0, plain.endIndex < pattern.count) {
      case (false, false): .plain
      case (false, true): .beginning
      case (true, false): inner.isEmpty ? .beginning : .end
      case (true, true): .middle
      }
  }

  /// Whether the whole of `text` matches, as ``matches(_:_:)``.
  ///
  /// - Throws: `CancellationError`.
  func matches(_ text: UnsafeBufferPointer<UInt8>) throws -> Bool {
    guard form != .other else {
      return try bytes.withUnsafeBufferPointer { try Self.matches(text, $0) }
    }
    guard text.count >= bytes.count else { return false }
    let last = text.count - bytes.count
    return switch form {
    case .plain: last == 0 && stands(in: text, at: 0)
    case .beginning: stands(in: text, at: 0)
    case .end: stands(in: text, at: last)
    case .middle, .other: stands(in: text, upTo: last)
    }
  }

  private func stands(in text: UnsafeBufferPointer<UInt8>, upTo last: Int) -> Bool {
    for start in 0...last where stands(in: text, at: start) { return true }
    return false
  }

  @inline(__always)
  private func stands(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    guard start + 8 <= text.count else { return stands(in: text, at: start, from: 0) }
    let eight = UInt64(
      littleEndian: UnsafeRawBufferPointer(text).loadUnaligned(
        fromByteOffset: start, as: UInt64.self))
    guard eight & beginning.mask | beginning.fold == beginning.wanted else { return false }
    return bytes.count <= 8 || stands(in: text, at: start, from: 8)
  }

  private func stands(
    in text: UnsafeBufferPointer<UInt8>, at start: Int, from first: Int
  ) -> Bool {
    for place in first..<bytes.count where Self.lowered(text[start + place]) != bytes[place] {
      return false
    }
    return true
  }

  /// Steps between two looks whether the task was cancelled.
  private static let patience = 1 << 20

  /// Whether the whole of `text` matches; both are UTF-8.
  ///
  /// Goes back to the last `%` only, so the time is at most the product of the lengths.
  ///
  /// - Throws: `CancellationError`.
  static func matches(
    _ text: UnsafeBufferPointer<UInt8>, _ pattern: UnsafeBufferPointer<UInt8>
  ) throws -> Bool {
    var (at, place) = (0, 0)
    // Where the pattern continues after the last `%`, and the first character it has not swallowed.
    var (resume, mark) = (-1, 0)
    var steps = 0
    while at < text.count {
      steps += 1
      if steps % patience == 0 { try Task.checkCancellation() }
      if place < pattern.count, pattern[place] == UInt8(ascii: "%") {
        place += 1
        (resume, mark) = (place, at)
      } else if place < pattern.count, pattern[place] == UInt8(ascii: "_") {
        place += 1
        at = next(text, at)
      } else if place < pattern.count, lowered(pattern[place]) == lowered(text[at]) {
        place += 1
        at += 1
      } else if resume >= 0 {
        mark = next(text, mark)
        (at, place) = (mark, resume)
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == UInt8(ascii: "%") }
  }

  @inline(__always)
  private static func lowered(_ byte: UInt8) -> UInt8 {
    byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
  }

  /// Where the character behind the one at `position` begins.
  private static func next(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> Int {
    var next = position + 1
    while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
    return next
  }
}

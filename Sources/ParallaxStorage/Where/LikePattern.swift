/// The matching of `like`: `%` stands for any characters, `_` for one, ASCII letters match without
/// regard to case.
enum LikePattern {
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

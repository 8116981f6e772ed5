/// Reads a message of Protocol Buffers in place, field by field; what is not asked for is skipped.
///
/// Ends early at anything that is no message, and then says so in `isDamaged`.
struct ProtocolBuffer {
  private var rest: Slice<UnsafeRawBufferPointer>
  private(set) var isDamaged = false

  enum Value {
    case number(UInt64)
    case bytes(UnsafeRawBufferPointer)
    /// Of a fixed size, which nothing here is.
    case other
  }

  init(_ bytes: UnsafeRawBufferPointer) { rest = bytes[...] }

  /// The next field with its number.
  mutating func next() -> (field: UInt64, value: Value)? {
    guard !rest.isEmpty, !isDamaged, let tag = number() else { return nil }
    switch tag & 7 {
    case 0:
      if let number = number() { return (tag >> 3, .number(number)) }
    case 1:
      if skip(8) { return (tag >> 3, .other) }
    case 2:
      if let count = number(), count <= UInt64(rest.count) {
        let bytes = UnsafeRawBufferPointer(rebasing: rest.prefix(Int(count)))
        rest = rest.dropFirst(Int(count))
        return (tag >> 3, .bytes(bytes))
      }
    case 5:
      if skip(4) { return (tag >> 3, .other) }
    default: break
    }
    isDamaged = true
    return nil
  }

  private mutating func skip(_ count: Int) -> Bool {
    guard rest.count >= count else { return false }
    rest = rest.dropFirst(count)
    return true
  }

  /// A number in base 128, the least significant digit first.
  private mutating func number() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = rest.popFirst() else { break }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    isDamaged = true
    return nil
  }
}

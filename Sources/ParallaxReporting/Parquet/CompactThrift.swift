/// Thrift's compact protocol, as far as Parquet's headers need it.
///
/// Fields of a structure are written in ascending order of their numbers.
///
/// Source: Apache Thrift, "Thrift compact protocol encoding".
struct CompactThrift {
  private enum Kind: UInt8 {
    case int32 = 5
    case int64 = 6
    case binary = 8
    case list = 9
    case structure = 12
  }

  private(set) var bytes: [UInt8] = []
  /// The number of the last field.
  private var last = 0

  /// A structure with its end.
  static func structure(_ fields: (inout CompactThrift) -> Void) -> [UInt8] {
    var writer = CompactThrift()
    fields(&writer)
    return writer.bytes + [0]
  }

  mutating func int32(_ field: Int, _ value: Int) {
    header(field, .int32)
    bytes += Self.zigzag(value)
  }

  mutating func int64(_ field: Int, _ value: Int) {
    header(field, .int64)
    bytes += Self.zigzag(value)
  }

  mutating func text(_ field: Int, _ value: String) {
    header(field, .binary)
    bytes += Self.binary(value)
  }

  mutating func structure(_ field: Int, _ fields: (inout CompactThrift) -> Void) {
    header(field, .structure)
    bytes += Self.structure(fields)
  }

  mutating func int32s(_ field: Int, _ values: [Int]) {
    list(field, .int32, values.map(Self.zigzag))
  }

  mutating func texts(_ field: Int, _ values: [String]) {
    list(field, .binary, values.map(Self.binary))
  }

  /// - Parameter values: each with its end.
  mutating func structures(_ field: Int, _ values: [[UInt8]]) { list(field, .structure, values) }

  private mutating func list(_ field: Int, _ kind: Kind, _ values: [[UInt8]]) {
    header(field, .list)
    if values.count < 15 {
      bytes.append(UInt8(values.count) << 4 | kind.rawValue)
    } else {
      bytes.append(0xF0 | kind.rawValue)
      bytes += Self.varint(UInt64(values.count))
    }
    bytes += values.joined()
  }

  private mutating func header(_ field: Int, _ kind: Kind) {
    precondition((1...15).contains(field - last), "fields ascend in small steps")
    bytes.append(UInt8(field - last) << 4 | kind.rawValue)
    last = field
  }

  private static func binary(_ text: String) -> [UInt8] {
    varint(UInt64(text.utf8.count)) + Array(text.utf8)
  }

  private static func zigzag(_ value: Int) -> [UInt8] {
    varint(UInt64(bitPattern: Int64(value) << 1 ^ Int64(value) >> 63))
  }

  /// Seven bits a byte, the lowest first.
  static func varint(_ value: UInt64) -> [UInt8] {
    var (rest, bytes) = (value, [UInt8]())
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}

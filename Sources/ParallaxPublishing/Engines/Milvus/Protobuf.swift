/// Writes messages in the wire format of Protocol Buffers
/// (https://protobuf.dev/programming-guides/encoding/).
struct ProtobufWriter: Sendable {
  private(set) var bytes: [UInt8] = []

  private enum Kind: UInt64 { case varint, fixed64, bytes, groupStart, groupEnd, fixed32 }

  init() {}

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  private mutating func tag(_ field: Int, _ kind: Kind) {
    varint(UInt64(truncatingIfNeeded: field) << 3 | kind.rawValue)
  }

  /// A whole number; negative ones take ten bytes.
  mutating func number(_ field: Int, _ value: Int64) {
    tag(field, .varint)
    varint(UInt64(bitPattern: value))
  }

  mutating func flag(_ field: Int, _ value: Bool) { number(field, value ? 1 : 0) }

  mutating func text(_ field: Int, _ value: String) { data(field, Array(value.utf8)) }

  mutating func data(_ field: Int, _ value: [UInt8]) {
    tag(field, .bytes)
    varint(UInt64(value.count))
    bytes += value
  }

  mutating func message(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    body(&inner)
    data(field, inner.bytes)
  }

  // MARK: Packed numbers; none where there are none

  mutating func numbers(_ field: Int, _ values: [Int64]) {
    guard !values.isEmpty else { return }
    var inner = ProtobufWriter()
    for value in values { inner.varint(UInt64(bitPattern: value)) }
    data(field, inner.bytes)
  }

  mutating func flags(_ field: Int, _ values: [Bool]) {
    guard !values.isEmpty else { return }
    data(field, values.map { $0 ? 1 : 0 })
  }

  mutating func floats(_ field: Int, _ values: ArraySlice<Float>) {
    guard !values.isEmpty else { return }
    data(field, values.withUnsafeBytes { Array($0) })
  }

  mutating func doubles(_ field: Int, _ values: [Double]) {
    guard !values.isEmpty else { return }
    data(field, values.withUnsafeBytes { Array($0) })
  }
}

/// Reads messages in the wire format of Protocol Buffers, whatever their bytes are: nothing is read
/// beyond the end, and no more is kept than there is.
struct ProtobufReader {
  /// What is no message.
  struct Malformed: Error {}

  enum Value {
    case number(UInt64)
    case fixed64(UInt64)
    case bytes(ArraySlice<UInt8>)
    case fixed32(UInt32)
  }

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// Gives each field of a message with its number, in the order that they stand in.
  ///
  /// - Throws: ``Malformed``; what `body` throws.
  static func read(
    _ bytes: ArraySlice<UInt8>, _ body: (_ field: Int, Value) throws -> Void
  ) throws {
    var reader = ProtobufReader(bytes)
    while !reader.rest.isEmpty {
      let tag = try reader.varint()
      guard let field = Int(exactly: tag >> 3), (1..<1 << 29).contains(field) else {
        throw Malformed()
      }
      try body(field, try reader.value(ofKind: tag & 7))
    }
  }

  private mutating func value(ofKind kind: UInt64) throws -> Value {
    switch kind {
    case 0: return .number(try varint())
    case 1: return .fixed64(try fixed(8))
    case 2:
      let count = try varint()
      guard count <= UInt64(rest.count) else { throw Malformed() }
      return .bytes(try take(Int(count)))
    case 5: return .fixed32(UInt32(truncatingIfNeeded: try fixed(4)))
    // Groups are of a version that nothing here speaks.
    default: throw Malformed()
    }
  }

  private mutating func varint() throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = rest.popFirst() else { throw Malformed() }
      let part = UInt64(byte & 0x7F)
      guard shift < 63 || part <= 1 else { throw Malformed() }
      value |= part << shift
      if byte < 0x80 { return value }
    }
    throw Malformed()
  }

  private mutating func fixed(_ count: Int) throws -> UInt64 {
    try take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count <= rest.count else { throw Malformed() }
    let taken = rest.prefix(count)
    rest = rest.dropFirst(count)
    return taken
  }

  // MARK: Repeated numbers, packed or one by one

  static func add(_ value: Value, to numbers: inout [Int64]) throws {
    switch value {
    case .number(let number): numbers.append(Int64(bitPattern: number))
    case .bytes(let bytes):
      var reader = ProtobufReader(bytes)
      while !reader.rest.isEmpty { numbers.append(Int64(bitPattern: try reader.varint())) }
    default: throw Malformed()
    }
  }

  static func add(_ value: Value, to numbers: inout [Float]) throws {
    switch value {
    case .fixed32(let bits): numbers.append(Float(bitPattern: bits))
    case .bytes(let bytes):
      guard bytes.count.isMultiple(of: 4) else { throw Malformed() }
      numbers.reserveCapacity(numbers.count + bytes.count / 4)
      bytes.withUnsafeBytes { raw in
        for offset in stride(from: 0, to: raw.count, by: 4) {
          let bits = raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
          numbers.append(Float(bitPattern: UInt32(littleEndian: bits)))
        }
      }
    default: throw Malformed()
    }
  }
}

extension ProtobufReader.Value {
  /// - Throws: `Malformed` for a field of another kind; so do the others.
  var message: ArraySlice<UInt8> {
    get throws {
      guard case .bytes(let bytes) = self else { throw ProtobufReader.Malformed() }
      return bytes
    }
  }

  var text: String { get throws { String(decoding: try message, as: UTF8.self) } }

  var whole: Int64 {
    get throws {
      guard case .number(let number) = self else { throw ProtobufReader.Malformed() }
      return Int64(bitPattern: number)
    }
  }
}

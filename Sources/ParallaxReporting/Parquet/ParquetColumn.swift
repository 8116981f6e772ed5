internal import ParallaxCore

/// A column of a Parquet file: its place in the schema, and its values as a data page holds them (PLAIN,
/// not compressed).
///
/// Source: Apache Parquet, "File format" and "Data types".
struct ParquetColumn {
  enum Kind: Equatable {
    case boolean, integer, real, text
    /// Days since 1970-01-01.
    case day
    /// As many 32-bit floats in every row; none is null.
    case vector(Int)

    /// The physical type's number.
    var physical: Int {
      switch self {
      case .boolean: 0
      case .day: 1
      case .integer: 2
      case .vector: 4
      case .real: 5
      case .text: 6
      }
    }
  }

  let name: String
  let kind: Kind
  private var values: [UInt8] = []
  /// Whether each row has a value, and of booleans which; eight a byte, the lowest bit first.
  private var presence = PackedBits()
  private var booleans = PackedBits()
  private(set) var rowCount = 0

  init(_ name: String, _ kind: Kind) { (self.name, self.kind) = (name, kind) }

  /// Bytes held, about.
  var size: Int { values.count + rowCount / 4 }

  var path: [String] { if case .vector = kind { [name, "list", "element"] } else { [name] } }

  /// Numbers of a page, nulls among them.
  var valueCount: Int {
    if case .vector(let dimension) = kind { rowCount * dimension } else { rowCount }
  }

  /// - Precondition: the value is null or of the column's kind.
  mutating func append(_ value: Value) {
    rowCount += 1
    if kind != .text, value.typed == .null { return presence.append(false) }
    switch (kind, value.typed) {
    case (.boolean, .boolean(let flag)): booleans.append(flag)
    case (.integer, .integer(let number)): append(number)
    case (.real, .real(let number)): append(number.bitPattern)
    case (.real, .integer(let number)): append(Double(number).bitPattern)
    case (.day, .date(let text)): append(Int32(ParquetDay.number(of: text) ?? 0))
    case (.text, _):
      guard value != .null else { return presence.append(false) }
      let bytes = Array(ParquetKinds.text(of: value).utf8)
      append(UInt32(bytes.count))
      values += bytes
    default: preconditionFailure("a value of another kind than its column")
    }
    presence.append(true)
  }

  mutating func append(vector: [Float]) {
    rowCount += 1
    for number in vector { append(number.bitPattern) }
  }

  private mutating func append(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number.littleEndian) { values += $0 }
  }

  /// The page: levels, then values.
  var page: [UInt8] {
    if case .vector(let dimension) = kind {
      // The first number of a row begins a list (0), the others go on with it (1).
      let row: [UInt8] =
        [2, 0] + (dimension > 1 ? CompactThrift.varint(UInt64(dimension - 1) << 1) + [1] : [])
      let beginnings = Array(repeatElement(row, count: rowCount).joined())
      let presence = CompactThrift.varint(UInt64(valueCount) << 1) + [1]
      return Self.sized(beginnings) + Self.sized(presence) + values
    }
    let groups = UInt64(presence.bytes.count)
    let levels = CompactThrift.varint(groups << 1 | 1) + presence.bytes
    return Self.sized(levels) + (kind == .boolean ? booleans.bytes : values)
  }

  private static func sized(_ levels: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: UInt32(levels.count).littleEndian) { Array($0) } + levels
  }

  /// Its elements of the schema.
  var schema: [[UInt8]] {
    let (optional, required, repeated) = (1, 0, 2)
    if case .vector = kind {
      return [
        CompactThrift.structure {
          $0.int32(3, required)
          $0.text(4, name)
          $0.int32(5, 1)
          $0.int32(6, 3)
          $0.structure(10) { $0.structure(3) { _ in } }
        },
        CompactThrift.structure {
          $0.int32(3, repeated)
          $0.text(4, "list")
          $0.int32(5, 1)
        },
        CompactThrift.structure {
          $0.int32(1, kind.physical)
          $0.int32(3, required)
          $0.text(4, "element")
        },
      ]
    }
    return [
      CompactThrift.structure {
        $0.int32(1, kind.physical)
        $0.int32(3, optional)
        $0.text(4, name)
        switch kind {
        case .text:
          $0.int32(6, 0)
          $0.structure(10) { $0.structure(1) { _ in } }
        case .day:
          $0.int32(6, 6)
          $0.structure(10) { $0.structure(6) { _ in } }
        default: break
        }
      }
    ]
  }
}

/// Bits, eight a byte, the lowest first.
private struct PackedBits {
  private(set) var bytes: [UInt8] = []
  private var count = 0

  mutating func append(_ bit: Bool) {
    if count % 8 == 0 { bytes.append(0) }
    if bit { bytes[bytes.count - 1] |= 1 << UInt8(count % 8) }
    count += 1
  }
}

internal import ParallaxCore

/// The numbers that PostgreSQL has for types, which never change.
enum PostgresType {
  static let boolean: UInt32 = 16
  static let bigint: UInt32 = 20
  static let text: UInt32 = 25
  static let double: UInt32 = 701
  static let integer: UInt32 = 23
  static let uuid: UInt32 = 2950
  static let booleans: UInt32 = 1000
  static let texts: UInt32 = 1009
  static let bigints: UInt32 = 1016
  static let reals: UInt32 = 1021
  static let doubles: UInt32 = 1022
  static let uuids: UInt32 = 2951
  static let real: UInt32 = 700

  static func element(_ kind: ValueKind) -> UInt32 {
    switch kind {
    case .boolean: boolean
    case .integer: bigint
    case .real: double
    case .date, .text: text
    }
  }

  static func array(_ kind: ValueKind) -> UInt32 {
    switch kind {
    case .boolean: booleans
    case .integer: bigints
    case .real: doubles
    case .date, .text: texts
    }
  }
}

/// A parameter of a statement in binary form.
struct PostgresParameter: Sendable {
  var type: UInt32
  /// `nil` for null.
  var bytes: [UInt8]?

  init(_ type: UInt32, _ bytes: [UInt8]?) {
    self.type = type
    self.bytes = bytes
  }

  init(_ text: String) { self.init(PostgresType.text, Array(text.utf8)) }

  init(_ number: Int64) {
    var bytes: [UInt8] = []
    bytes.appendBig(number)
    self.init(PostgresType.bigint, bytes)
  }

  init(_ number: Int) { self.init(Int64(number)) }

  init(_ id: PointID?) {
    var bytes: [UInt8] = []
    if let id { bytes.append(id) }
    self.init(PostgresType.uuid, id == nil ? nil : bytes)
  }

  init(_ ids: [PointID]) {
    var bytes: [UInt8] = []
    bytes.appendArrayHead(ids.count, of: PostgresType.uuid)
    for id in ids {
      bytes.appendBig(Int32(16))
      bytes.append(id)
    }
    self.init(PostgresType.uuids, bytes)
  }

  init(_ vector: some Collection<Float>) {
    var bytes: [UInt8] = []
    bytes.appendArrayHead(vector.count, of: PostgresType.real)
    for value in vector {
      bytes.appendBig(Int32(4))
      bytes.appendBig(value.bitPattern)
    }
    self.init(PostgresType.reals, bytes)
  }

  /// Values of a kind as an array.
  init(_ values: [Value], _ kind: ValueKind) {
    var bytes: [UInt8] = []
    bytes.appendArray(values, kind)
    self.init(PostgresType.array(kind), bytes)
  }

  /// One value of a kind.
  init(_ value: Value, _ kind: ValueKind) {
    var bytes: [UInt8] = []
    let isKnown = bytes.appendScalar(value, kind)
    self.init(PostgresType.element(kind), isKnown ? bytes : nil)
  }
}

extension [UInt8] {
  mutating func appendBig(_ number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
  }

  mutating func append(_ id: PointID) {
    appendBig(id.high)
    appendBig(id.low)
  }

  /// Of one dimension.
  mutating func appendArrayHead(_ count: Int, of type: UInt32) {
    appendBig(Int32(count == 0 ? 0 : 1))
    appendBig(Int32(0))
    appendBig(type)
    guard count > 0 else { return }
    appendBig(Int32(count))
    appendBig(Int32(1))
  }

  /// A value without its length.
  ///
  /// - Returns: `false` for null and for a value of another kind, of which nothing is appended.
  mutating func appendScalar(_ value: Value, _ kind: ValueKind) -> Bool {
    switch (kind, value) {
    case (_, .written(_, let value)): return appendScalar(value, kind)
    case (.boolean, .boolean(let flag)): append(flag ? 1 : 0)
    case (.integer, .integer(let number)): appendBig(number)
    case (.real, .real(let number)): appendBig(number.bitPattern)
    case (.real, .integer(let number)): appendBig(Double(number).bitPattern)
    case (.date, .date(let text)), (.text, .text(let text)), (.date, .text(let text)),
      (.text, .date(let text)):
      append(contentsOf: text.utf8)
    default: return false
    }
    return true
  }

  /// Elements that are of the kind.
  mutating func appendArray(_ values: [Value], _ kind: ValueKind) {
    let parts = values.compactMap { value -> [UInt8]? in
      var bytes: [UInt8] = []
      return bytes.appendScalar(value, kind) ? bytes : nil
    }
    appendArrayHead(parts.count, of: PostgresType.element(kind))
    for part in parts {
      appendBig(Int32(part.count))
      self += part
    }
  }

  /// A field of a row in binary form, with its length.
  mutating func appendField(_ value: Value, _ field: EngineField) {
    let start = count
    appendBig(Int32(-1))
    if field.isList {
      let values =
        switch value.typed {
        case .list(let values): values
        case .null: [Value]()
        case let single: [single]
        }
      let known = values.filter { $0 != .null }
      guard !known.isEmpty else { return }
      appendArray(known, field.kind)
    } else {
      guard appendScalar(value, field.kind) else { return }
    }
    setLength(at: start)
  }

  /// Puts the number of bytes behind a length into its place.
  mutating func setLength(at start: Int) {
    let length = UInt32(count - start - 4)
    for place in 0..<4 {
      self[start + place] = UInt8(truncatingIfNeeded: length >> (24 - place * 8))
    }
  }

  /// A vector as pgvector reads it, with its length.
  mutating func appendVector(_ vector: ArraySlice<Float>, isHalf: Bool) {
    appendBig(Int32(4 + vector.count * (isHalf ? 2 : 4)))
    appendBig(Int16(vector.count))
    appendBig(Int16(0))
    if isHalf {
      for value in vector { appendBig(Float16(value).bitPattern) }
      return
    }
    let start = count
    vector.withUnsafeBytes { append(contentsOf: $0) }
    withUnsafeMutableBytes { bytes in
      let words = UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
      for offset in stride(from: 0, to: words.count, by: 4) {
        let word = words.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        words.storeBytes(of: word.bigEndian, toByteOffset: offset, as: UInt32.self)
      }
    }
  }
}

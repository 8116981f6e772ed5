internal import ParallaxCore
private import ParallaxDigest

/// The columns of a collection, and how a field's values lie in them.
struct MilvusColumns {
  static let id = "point_id"
  static let item = "item_id"
  static let checksum = "checksum"
  static let vector = "vector"
  /// Milvus's limits: columns of a collection, bytes of a text, values of a list, bytes of a name.
  private static let mostColumns = 64
  private static let longestText = 65_535
  private static let mostValues = 4_096
  private static let longestName = 255

  let fields: [EngineField]
  private let names: [EngineField: String]
  /// Whether texts stand there a second time with small letters, so that `like` ignores the case.
  let hasFolded: Bool

  init(_ fields: [EngineField]) {
    self.fields = fields
    var names = [EngineField.id: Self.item]
    for field in fields where field != .id { names[field] = Self.name(field.name) }
    self.names = names
    let texts = fields.filter { Self.isText($0) }.count
    hasFolded = 4 + fields.count + texts <= Self.mostColumns
  }

  func name(of field: EngineField) -> String { names[field] ?? "" }

  /// The column in which ASCII letters are small; `nil` where there is none.
  func folded(_ field: EngineField) -> String? {
    hasFolded && Self.isText(field) && field != .id ? "like_" + name(of: field) : nil
  }

  private static func isText(_ field: EngineField) -> Bool {
    !field.isList && (field.kind == .text || field.kind == .date)
  }

  /// Names are words of ASCII there: what is none is spelled by its bytes.
  private static func name(_ name: String) -> String {
    let isBuiltIn = name.hasPrefix(EngineField.builtInPrefix)
    let word = isBuiltIn ? String(name.dropFirst(EngineField.builtInPrefix.count)) : name
    let isWord =
      !word.isEmpty
      && word.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
          || $0 == UInt8(ascii: "_")
      }
    let digits = word.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let spelled = isBuiltIn ? "item_\(word)" : isWord ? "meta_\(word)" : "hex_\(digits)"
    // With room for what stands before a column of small letters.
    return spelled.utf8.count <= longestName - 5
      ? spelled : "long_\(Digest.sha256(word).hexadecimal)"
  }

  static func folded(_ text: String) -> String {
    String(
      decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  /// - Throws: `unsupported` for more fields than a collection has columns.
  func check() throws(ParallaxError) {
    guard 4 + fields.count > Self.mostColumns else { return }
    throw ParallaxError(
      .unsupported,
      "Milvus keeps at most \(Self.mostColumns - 4) fields of an item; there are \(fields.count)",
      hint: "ingest fewer columns, or publish to another engine")
  }

  /// - Throws: `unsupported` for a value that is longer than Milvus keeps.
  func check(_ value: Value, of field: EngineField, item: ItemID) throws(ParallaxError) {
    switch value {
    case .text(let text), .date(let text):
      guard text.utf8.count > Self.longestText else { return }
      throw ParallaxError(
        .unsupported,
        "'\(field.name)' of item '\(item)' has \(text.utf8.count) bytes, and Milvus keeps texts of at most "
          + "\(Self.longestText)", hint: "shorten it, or publish to another engine")
    case .list(let values):
      guard values.count <= Self.mostValues else {
        throw ParallaxError(
          .unsupported,
          "'\(field.name)' of item '\(item)' has \(values.count) values, and Milvus keeps at most "
            + "\(Self.mostValues)", hint: "keep fewer, or publish to another engine")
      }
      for value in values { try check(value, of: field, item: item) }
    case .written(_, let value): try check(value, of: field, item: item)
    default: return
    }
  }

  // MARK: Of what kind a column is

  /// Milvus's numbers for kinds of data.
  enum DataType: Int64 {
    case boolean = 1
    case integer = 5
    case real = 11
    case text = 21
    case array = 22
    case vector = 101

    init(_ kind: ValueKind) {
      switch kind {
      case .boolean: self = .boolean
      case .integer: self = .integer
      case .real: self = .real
      // Dates are the texts that they are here, which order as they do.
      case .date, .text: self = .text
      }
    }
  }

  /// The schema of the collection, as a message.
  func schema(named name: String, dimension: Int) -> [UInt8] {
    var writer = ProtobufWriter()
    writer.text(1, name)
    writer.text(2, "published by Parallax")
    Self.column(Self.id, .text, ["max_length": 36], isKey: true, to: &writer)
    Self.column(Self.item, .text, ["max_length": Self.longestText], to: &writer)
    Self.column(Self.checksum, .integer, [:], to: &writer)
    Self.column(Self.vector, .vector, ["dim": dimension], to: &writer)
    for field in fields {
      let type = DataType(field.kind)
      let ofText = type == .text ? ["max_length": Self.longestText] : [:]
      guard field.isList else {
        Self.column(self.name(of: field), type, ofText, isNullable: true, to: &writer)
        if let folded = folded(field) {
          Self.column(folded, type, ofText, isNullable: true, to: &writer)
        }
        continue
      }
      Self.column(
        self.name(of: field), .array,
        ofText.merging(["max_capacity": Self.mostValues]) { one, _ in one }, element: type,
        isNullable: true, to: &writer)
    }
    return writer.bytes
  }

  private static func column(
    _ name: String, _ type: DataType, _ parameters: [String: Int], element: DataType? = nil,
    isKey: Bool = false, isNullable: Bool = false, to writer: inout ProtobufWriter
  ) {
    writer.message(4) {
      $0.text(2, name)
      if isKey { $0.flag(3, true) }
      $0.number(5, type.rawValue)
      for (key, value) in parameters.sorted(by: { $0.key < $1.key }) {
        $0.pair(6, key, String(value))
      }
      if let element { $0.number(10, element.rawValue) }
      if isNullable { $0.flag(15, true) }
    }
  }

  // MARK: Rows

  /// Writes the rows of a request to change some, column by column.
  ///
  /// - Throws: `unsupported` for a value that Milvus does not keep.
  func write(
    _ points: EngineBatch, _ rows: Range<Int>, to writer: inout ProtobufWriter
  ) throws(ParallaxError) {
    Self.texts(Self.id, rows.map { points.pairs[$0].id.text }, to: &writer)
    Self.texts(Self.item, rows.map { points.items[$0].rawValue }, to: &writer)
    writer.message(5) {
      $0.number(1, DataType.integer.rawValue)
      $0.text(2, Self.checksum)
      $0.message(3) { $0.message(3) { $0.numbers(1, rows.map { points.pairs[$0].checksum }) } }
    }
    writer.message(5) {
      $0.number(1, DataType.vector.rawValue)
      $0.text(2, Self.vector)
      $0.message(4) {
        $0.number(1, Int64(points.dimension))
        let numbers = (rows.lowerBound * points.dimension)..<(rows.upperBound * points.dimension)
        $0.message(2) { $0.floats(1, points.vectors[numbers]) }
      }
    }
    for (place, field) in fields.enumerated() {
      var values: [Value] = []
      for row in rows {
        let value = points.values[row][place].typed
        try check(value, of: field, item: points.items[row])
        values.append(value.withoutNulls)
      }
      write(values, of: field, as: name(of: field), to: &writer)
      guard let folded = folded(field) else { continue }
      write(values.map(\.folded), of: field, as: folded, to: &writer)
    }
  }

  private static func texts(_ name: String, _ texts: [String], to writer: inout ProtobufWriter) {
    writer.message(5) {
      $0.number(1, DataType.text.rawValue)
      $0.text(2, name)
      $0.message(3) { $0.message(6) { for text in texts { $0.text(1, text) } } }
    }
  }

  /// What is missing has no place among the values, only among the marks of which are there.
  private func write(
    _ values: [Value], of field: EngineField, as name: String, to writer: inout ProtobufWriter
  ) {
    let known = values.filter { $0 != .null }
    let type = DataType(field.kind)
    writer.message(5) {
      $0.number(1, (field.isList ? DataType.array : type).rawValue)
      $0.text(2, name)
      $0.message(3) {
        guard field.isList else { return Self.scalars(known, type, to: &$0) }
        $0.message(8) {
          for case .list(let elements) in known {
            $0.message(1) { Self.scalars(elements, type, to: &$0) }
          }
          $0.number(2, type.rawValue)
        }
      }
      $0.flags(7, values.map { $0 != .null })
    }
  }

  private static func scalars(
    _ values: [Value], _ type: DataType, to writer: inout ProtobufWriter
  ) {
    switch type {
    case .boolean: writer.message(1) { $0.flags(1, values.map { $0 == .boolean(true) }) }
    case .integer: writer.message(3) { $0.numbers(1, values.map(\.whole)) }
    case .real: writer.message(5) { $0.doubles(1, values.map(\.real)) }
    case .text, .array, .vector:
      writer.message(6) { for value in values { $0.text(1, value.words) } }
    }
  }
}

extension ProtobufWriter {
  /// A key and its value.
  mutating func pair(_ field: Int, _ key: String, _ value: String) {
    message(field) {
      $0.text(1, key)
      $0.text(2, value)
    }
  }
}

extension Value {
  /// A list without its nulls and without what it says of how it was written; null for an empty one.
  fileprivate var withoutNulls: Value {
    guard case .list(let values) = self else { return self }
    let known = values.map(\.typed).filter { $0 != .null }
    return known.isEmpty ? .null : .list(known)
  }

  fileprivate var folded: Value {
    switch self {
    case .text(let text), .date(let text): .text(MilvusColumns.folded(text))
    default: .null
    }
  }

  fileprivate var whole: Int64 { if case .integer(let number) = self { number } else { 0 } }

  fileprivate var real: Double {
    switch self {
    case .real(let number): number
    case .integer(let number): Double(number)
    default: 0
    }
  }

  fileprivate var words: String {
    switch self {
    case .text(let text), .date(let text): text
    default: ""
    }
  }
}

import ParallaxCore

/// Reads JSON objects after RFC 8259, strictly: the members of objects inside as `outer.inner`, arrays
/// as their text and, where they hold no objects and arrays, as values.
struct JSONObjectReader {
  struct Fault: Error {
    /// A byte offset into the text.
    var offset: Int
    var reason: String
  }

  private static let maximumDepth = 128

  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private var isFirstElement = false

  /// - Parameter bytes: valid UTF-8.
  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// The members of the only object, in the order of the text.
  mutating func members() throws(Fault) -> [(name: String, cell: RawCell)] {
    skipBlanks()
    let members = try object()
    skipBlanks()
    guard position == bytes.endIndex else { throw fault("unexpected text follows the object") }
    return members
  }

  /// The members of the object at the position.
  mutating func object() throws(Fault) -> [(name: String, cell: RawCell)] {
    guard peek == UInt8(ascii: "{") else { throw fault("a line holds one JSON object") }
    var members: [(name: String, cell: RawCell)] = []
    try addMembers(below: "", depth: 1, to: &members)
    return members
  }

  /// Goes to the first element of the only array.
  mutating func enterArray() throws(Fault) {
    skipBlanks()
    guard take("[") else { throw fault("an array begins with '['") }
    isFirstElement = true
  }

  /// Goes to the next element of the array, which is an object.
  ///
  /// - Returns: its offset; `nil` at the end.
  mutating func nextElement() throws(Fault) -> Int? {
    skipBlanks()
    let isFirst = isFirstElement
    isFirstElement = false
    if take("]") {
      skipBlanks()
      guard position == bytes.endIndex else { throw fault("unexpected text follows the array") }
      return nil
    }
    if !isFirst {
      guard take(",") else { throw fault("',' or ']' is missing") }
      skipBlanks()
    }
    guard peek == UInt8(ascii: "{") else { throw fault("the array of a table must hold objects") }
    return position - bytes.startIndex
  }

  private mutating func addMembers(
    below outer: String, depth: Int, to members: inout [(name: String, cell: RawCell)]
  ) throws(Fault) {
    guard depth <= Self.maximumDepth else { throw tooDeep }
    position += 1
    skipBlanks()
    if take("}") {
      if depth > 1 { members.append((String(outer.dropLast()), .typed(.text("{}")))) }
      return
    }
    repeat {
      let name = outer + (try memberName())
      if peek == UInt8(ascii: "{") {
        try addMembers(below: name + ".", depth: depth + 1, to: &members)
      } else {
        members.append((name, try cell()))
      }
      skipBlanks()
    } while take(",")
    guard take("}") else { throw fault("',' or '}' is missing") }
  }

  private mutating func memberName() throws(Fault) -> String {
    skipBlanks()
    guard peek == UInt8(ascii: "\"") else { throw fault("a name in quotes is missing") }
    let name = try string()
    skipBlanks()
    guard take(":") else { throw fault("':' is missing after a name") }
    skipBlanks()
    return name
  }

  private mutating func cell() throws(Fault) -> RawCell {
    switch peek {
    case UInt8(ascii: "\""):
      let text = try string()
      return text.isEmpty ? .empty : .typed(.text(text))
    case UInt8(ascii: "{"):
      try skipValue(depth: 1)
      return .empty
    case UInt8(ascii: "["):
      let start = position
      let values = try array()
      let text = String(decoding: bytes[start..<position], as: UTF8.self)
      return values.map { .several($0, text) } ?? .typed(.text(text))
    case UInt8(ascii: "t"): return try word("true", .typed(.boolean(true)))
    case UInt8(ascii: "f"): return try word("false", .typed(.boolean(false)))
    case UInt8(ascii: "n"): return try word("null", .empty)
    default: return .typed(try number())
    }
  }

  /// The values of an array; `nil` when it holds arrays or objects.
  private mutating func array() throws(Fault) -> [Value]? {
    let start = position
    var values: [Value] = []
    position += 1
    skipBlanks()
    if take("]") { return [] }
    repeat {
      skipBlanks()
      if peek == UInt8(ascii: "{") || peek == UInt8(ascii: "[") {
        position = start
        try skipValue(depth: 1)
        return nil
      }
      if case .typed(let value) = try cell() { values.append(value) }
      skipBlanks()
    } while take(",")
    guard take("]") else { throw fault("',' or ']' is missing") }
    return values
  }

  private var tooDeep: Fault {
    fault("arrays and objects nest at most \(Self.maximumDepth) deep")
  }

  private mutating func skipValue(depth: Int) throws(Fault) {
    guard depth <= Self.maximumDepth else { throw tooDeep }
    if take("[") {
      skipBlanks()
      if take("]") { return }
      repeat {
        skipBlanks()
        try skipValue(depth: depth + 1)
        skipBlanks()
      } while take(",")
      guard take("]") else { throw fault("',' or ']' is missing") }
    } else if take("{") {
      skipBlanks()
      if take("}") { return }
      repeat {
        _ = try memberName()
        try skipValue(depth: depth + 1)
        skipBlanks()
      } while take(",")
      guard take("}") else { throw fault("',' or '}' is missing") }
    } else {
      _ = try cell()
    }
  }

  private mutating func word(_ word: String, _ cell: RawCell) throws(Fault) -> RawCell {
    guard bytes[position...].starts(with: word.utf8) else { throw fault("a value is missing") }
    position += word.utf8.count
    return cell
  }

  /// With the text it was written as. Whole numbers within 64 bits are integers, longer ones reals;
  /// what no real holds is a text.
  private mutating func number() throws(Fault) -> Value {
    let start = position
    _ = take("-")
    if !take("0"), !takeDigits() { throw fault("a value is missing") }
    var isWhole = true
    if take(".") {
      isWhole = false
      guard takeDigits() else { throw fault("a digit is missing after the point") }
    }
    if take("e") || take("E") {
      isWhole = false
      if !take("+") { _ = take("-") }
      guard takeDigits() else { throw fault("a digit is missing in the exponent") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let value = Int64(text) { return Value(.integer(value), writtenAs: text) }
    guard let value = Double(text), value.isFinite else { return .text(text) }
    return Value(.real(value), writtenAs: text)
  }

  private mutating func string() throws(Fault) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = peek {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += try escape()
      case 0..<0x20:
        position -= 1
        throw fault("a string contains a control character; write it as '\\u'")
      default: text.append(byte)
      }
    }
    throw fault("a quote is opened and never closed")
  }

  private mutating func escape() throws(Fault) -> [UInt8] {
    guard let byte = peek else { throw fault("a quote is opened and never closed") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return Array(String(try scalar()).utf8)
    default:
      position -= 1
      throw fault("'\\' does not begin a valid escape here")
    }
  }

  /// The scalar of a `\u` escape, or of two that make a surrogate pair.
  private mutating func scalar() throws(Fault) -> Unicode.Scalar {
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard UTF16.isLeadSurrogate(first), take("\\"), take("u") else {
      throw fault("half of a surrogate pair is missing")
    }
    let second = try codeUnit()
    guard UTF16.isTrailSurrogate(second),
      let scalar = Unicode.Scalar(
        0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
    else { throw fault("half of a surrogate pair is missing") }
    return scalar
  }

  private mutating func codeUnit() throws(Fault) -> UInt16 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw fault("'\\u' takes four hexadecimal digits") }
    position += 4
    return unit
  }

  private var peek: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func takeDigits() -> Bool {
    let start = position
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    return position > start
  }

  private mutating func skipBlanks() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      position += 1
    }
  }

  private func fault(_ reason: String) -> Fault {
    Fault(offset: position - bytes.startIndex, reason: reason)
  }
}

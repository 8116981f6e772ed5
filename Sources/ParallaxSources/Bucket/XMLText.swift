/// Elements that hold text, as a store's lists of objects and its errors are written: no attributes that
/// matter, no definitions.
enum XMLText {
  struct Element: Sendable, Hashable {
    /// The names from the outermost.
    var path: [String]
    var text: String
  }

  enum Fault: Error { case malformed }

  private static let deepest = 32

  /// Every element without elements within, in the order of the text.
  static func elements(in bytes: [UInt8]) throws(Fault) -> [Element] {
    var elements: [Element] = []
    try read(bytes) { path, text in
      if let text { elements.append(Element(path: path, text: text)) }
    }
    return elements
  }

  /// Every element when it ends, one after the other; without a text where others are within.
  static func read(
    _ bytes: [UInt8], _ body: (_ path: [String], _ text: String?) -> Void
  ) throws(Fault) {
    var path: [String] = []
    var position = 0
    var text: [UInt8] = []
    var isLeaf = false
    while position < bytes.count {
      guard bytes[position] == UInt8(ascii: "<") else {
        text.append(bytes[position])
        position += 1
        continue
      }
      guard let end = bytes[position...].firstIndex(of: UInt8(ascii: ">")) else { throw .malformed }
      let tag = bytes[(position + 1)..<end]
      position = end + 1
      guard let first = tag.first else { throw .malformed }
      switch first {
      case UInt8(ascii: "?"): continue
      case UInt8(ascii: "!"): throw .malformed
      case UInt8(ascii: "/"):
        let name = name(tag.dropFirst())
        guard path.last == name else { throw .malformed }
        body(path, isLeaf ? try unescaped(text) : nil)
        path.removeLast()
        isLeaf = false
      default:
        path.append(name(tag))
        guard path.count <= deepest else { throw .malformed }
        isLeaf = true
        if tag.last == UInt8(ascii: "/") {
          body(path, "")
          path.removeLast()
          isLeaf = false
        }
      }
      text = []
    }
    guard path.isEmpty else { throw .malformed }
  }

  /// Without a prefix of a name space and attributes.
  private static func name(_ tag: ArraySlice<UInt8>) -> String {
    let whole = tag.prefix { $0 > 0x20 && $0 != UInt8(ascii: "/") }
    let local = whole.lastIndex(of: UInt8(ascii: ":")).map { whole[($0 + 1)...] } ?? whole
    return String(decoding: local, as: UTF8.self)
  }

  private static func unescaped(_ bytes: [UInt8]) throws(Fault) -> String {
    guard bytes.contains(UInt8(ascii: "&")) else { return String(decoding: bytes, as: UTF8.self) }
    var result: [UInt8] = []
    var position = 0
    while position < bytes.count {
      guard bytes[position] == UInt8(ascii: "&") else {
        result.append(bytes[position])
        position += 1
        continue
      }
      guard let end = bytes[position...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
        throw .malformed
      }
      result += try character(String(decoding: bytes[(position + 1)..<end], as: UTF8.self)).utf8
      position = end + 1
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func character(_ name: String) throws(Fault) -> String {
    let named = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
    if let text = named[name] { return text }
    let number =
      name.hasPrefix("#x")
      ? UInt32(name.dropFirst(2), radix: 16)
      : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
    guard let scalar = number.flatMap(Unicode.Scalar.init) else { throw .malformed }
    return String(Character(scalar))
  }
}

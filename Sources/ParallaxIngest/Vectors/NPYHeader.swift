private import ParallaxCore

/// What the beginning of a `.npy` file says, in versions 1.0 to 3.0 of the format.
///
/// Source: NumPy's `numpy.lib.format`.
struct NPYHeader {
  enum Kind: Int {
    /// By the bytes of one number.
    case half = 2
    case single = 4
    case double = 8
  }

  private(set) var kind = Kind.single
  private(set) var isBigEndian = false
  /// Whether the numbers of a column lie together, and not those of a row.
  private(set) var isColumnMajor = false
  private(set) var shape: [Int] = []
  /// Where the numbers begin.
  let start: Int

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  private static let keys: Set<String> = ["descr", "fortran_order", "shape"]

  /// - Throws: `invalid-value` naming the file, with the remedy.
  init(_ bytes: [UInt8], of path: String) throws {
    func wrong(_ what: String, hint: String? = nil) -> ParallaxError {
      ParallaxError(
        .invalidValue, "'\(path)' \(what)",
        hint: hint ?? "NumPy writes one: numpy.save('x.npy', vectors.astype('float32'))")
    }
    guard bytes.starts(with: Self.magic), bytes.count >= 10 else {
      if bytes.starts(with: Array("PK".utf8)) {
        throw wrong(
          "is a ZIP file, such as NumPy's .npz, and no .npy file",
          hint: "numpy.save('x.npy', numpy.load('x.npz')['NAME']) writes one array of it")
      }
      if bytes.starts(with: Array("PAR1".utf8)) {
        throw wrong(
          "is a Parquet file, and no .npy file",
          hint: "Python writes the two files, for columns 'id' and 'vector': "
            + "t = pandas.read_parquet('x.parquet'); numpy.save('x.npy', "
            + "numpy.stack(t['vector']).astype('float32')); "
            + "open('ids.txt', 'w').write('\\n'.join(map(str, t['id'])))")
      }
      throw wrong("is no .npy file")
    }
    let (major, minor) = (bytes[6], bytes[7])
    guard (1...3).contains(major), minor == 0 else {
      throw wrong("is of version \(major).\(minor) of the .npy format; 1.0 to 3.0 are read")
    }
    let width = major == 1 ? 2 : 4
    guard bytes.count >= 8 + width else { throw wrong("ends within its header") }
    let count = bytes[8..<(8 + width)].reversed().reduce(0) { $0 << 8 | Int($1) }
    start = 8 + width + count
    guard start <= bytes.count else { throw wrong("ends within its header") }
    guard let text = String(validating: bytes[(8 + width)..<start], as: UTF8.self),
      let members = PythonDictionary(text)?.members, Set(members.keys) == Self.keys,
      case .flag(let isColumnMajor) = members["fortran_order"],
      case .numbers(let shape) = members["shape"], let type = members["descr"]
    else {
      throw wrong("has a header that describes no array of plain numbers")
    }
    guard case .text(let descriptor) = type, let last = descriptor.last,
      last.isNumber, let kind = Self.kind(descriptor)
    else {
      let found = if case .text(let descriptor) = type { "'\(descriptor)'" } else { "a structure" }
      throw wrong("holds numbers of type \(found); those of vectors are f2, f4 or f8")
    }
    self.kind = kind
    isBigEndian = descriptor.hasPrefix(">")
    self.isColumnMajor = isColumnMajor
    self.shape = shape
  }

  private static func kind(_ descriptor: String) -> Kind? {
    guard ["<", ">"].contains(descriptor.prefix(1)), descriptor.dropFirst().hasPrefix("f") else {
      return nil
    }
    return Int(descriptor.dropFirst(2)).flatMap(Kind.init)
  }
}

/// The literal of Python in which a header is written: a dictionary of texts, flags and tuples of
/// whole numbers.
private struct PythonDictionary {
  enum Member: Equatable {
    case text(String)
    case flag(Bool)
    case numbers([Int])
    /// Something else, such as the fields of a structure.
    case other
  }

  private(set) var members: [String: Member] = [:]
  private var rest: Substring

  /// `nil` for what is no such dictionary.
  init?(_ text: String) {
    rest = text[...]
    guard take("{") else { return nil }
    while !take("}") {
      guard let name = quoted(), take(":"), members[name] == nil, let member = member() else {
        return nil
      }
      members[name] = member
      if !take(",") {
        guard take("}") else { return nil }
        break
      }
    }
    skipBlanks()
    guard rest.isEmpty else { return nil }
  }

  private mutating func member() -> Member? {
    if let text = quoted() { return .text(text) }
    if take("True") { return .flag(true) }
    if take("False") { return .flag(false) }
    if take("(") { return tuple() }
    return list()
  }

  private mutating func tuple() -> Member? {
    var numbers: [Int] = []
    while !take(")") {
      skipBlanks()
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard let number = Int(digits) else { return nil }
      rest = rest[digits.endIndex...]
      numbers.append(number)
      if !take(",") {
        guard take(")") else { return nil }
        break
      }
    }
    return .numbers(numbers)
  }

  /// The fields of a structure, which nothing here reads.
  private mutating func list() -> Member? {
    guard take("[") else { return nil }
    var depth = 1
    while depth > 0, let next = rest.popFirst() {
      if next == "[" { depth += 1 }
      if next == "]" { depth -= 1 }
    }
    return depth == 0 ? .other : nil
  }

  private mutating func quoted() -> String? {
    skipBlanks()
    guard let mark = rest.first, mark == "'" || mark == "\"",
      let end = rest.dropFirst().firstIndex(of: mark)
    else { return nil }
    let text = rest[rest.index(after: rest.startIndex)..<end]
    rest = rest[rest.index(after: end)...]
    return text.contains("\\") ? nil : String(text)
  }

  private mutating func take(_ token: String) -> Bool {
    skipBlanks()
    guard rest.hasPrefix(token) else { return false }
    rest = rest.dropFirst(token.count)
    return true
  }

  private mutating func skipBlanks() { rest = rest.drop { $0.isWhitespace } }
}

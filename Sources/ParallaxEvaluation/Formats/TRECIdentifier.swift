/// An id as it is written in a TREC file, where blanks separate fields.
///
/// Blanks, control characters, `!`, `"` and `#` are written as `!` and two hexadecimal digits for each
/// byte: `red car` is `red!20car`. `#` begins a comment in trec_eval. All ASCII characters up to `#` are
/// escaped so that escaped ids keep the order of the ids, which decides between equal scores. Blanks
/// beyond ASCII are escaped as well, because other programs split lines at them; so is the mark that
/// says how a file is encoded, which readers drop at its beginning.
package struct TRECIdentifier: Sendable, Hashable {
  package let id: String
  package let written: String

  private static let mark = UInt8(ascii: "!")
  private static let last = UInt8(ascii: "#")

  package init(_ id: String) {
    self.id = id
    written = Self.escaped(id)
  }

  private static func escaped(_ id: String) -> String {
    guard id.unicodeScalars.contains(where: needsEscape) else { return id }
    var written = ""
    for scalar in id.unicodeScalars {
      if needsEscape(scalar) {
        for byte in String(scalar).utf8 {
          let digits = String(byte, radix: 16, uppercase: true)
          written += "!" + (digits.utf8.count < 2 ? "0" : "") + digits
        }
      } else {
        written.unicodeScalars.append(scalar)
      }
    }
    return written
  }

  private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value <= UInt32(last) || scalar.value == 0x7F || scalar.properties.isWhitespace
      || scalar == "\u{FEFF}"
  }

  /// The id behind an escaped one; a `!` without two digits stays.
  package static func unescaped(_ written: String) -> String {
    guard written.utf8.contains(mark) else { return written }
    let bytes = Array(written.utf8)
    var id: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == mark, index + 2 < bytes.count, let high = digit(bytes[index + 1]),
        let low = digit(bytes[index + 2])
      {
        id.append(high << 4 | low)
        index += 3
      } else {
        id.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: id, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init)
  }
}

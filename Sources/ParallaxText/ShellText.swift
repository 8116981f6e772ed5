/// Words of a POSIX shell.
package enum ShellText {
  /// `text`, which contains no zero byte, as one word in single quotes; line breaks stay in it.
  ///
  /// Byte by byte: a mark behind a quote makes one character of both, which a search for the quote does not find.
  package static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = [quote]
    for byte in text.utf8 {
      if byte == quote { bytes += Array("'\\'".utf8) }
      bytes.append(byte)
    }
    return String(decoding: bytes + [quote], as: UTF8.self)
  }

  private static let quote = UInt8(ascii: "'")
}

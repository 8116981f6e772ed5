/// RFC 4648 §4: the standard alphabet, padded, without line breaks.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func count(of bytes: Int) -> Int { (bytes + 2) / 3 * 4 }

  /// RFC 4648 §5, unpadded: what stands in addresses and web tokens.
  static func forAddresses(_ bytes: [UInt8]) -> String {
    var output: [UInt8] = []
    append(bytes, to: &output)
    return String(decoding: output.filter { $0 != UInt8(ascii: "=") }, as: UTF8.self)
      .replacing("+", with: "-").replacing("/", with: "_")
  }

  static func append(_ bytes: [UInt8], to output: inout [UInt8]) {
    output.reserveCapacity(output.count + count(of: bytes.count))
    alphabet.withUnsafeBufferPointer { alphabet in
      bytes.withUnsafeBufferPointer { bytes in
        var index = 0
        while index + 2 < bytes.count {
          let group = Int(bytes[index]) << 16 | Int(bytes[index + 1]) << 8 | Int(bytes[index + 2])
          output.append(alphabet[group >> 18])
          output.append(alphabet[group >> 12 & 63])
          output.append(alphabet[group >> 6 & 63])
          output.append(alphabet[group & 63])
          index += 3
        }
        let rest = bytes.count - index
        guard rest > 0 else { return }
        let group = Int(bytes[index]) << 16 | (rest == 2 ? Int(bytes[index + 1]) << 8 : 0)
        output.append(alphabet[group >> 18])
        output.append(alphabet[group >> 12 & 63])
        output.append(rest == 2 ? alphabet[group >> 6 & 63] : UInt8(ascii: "="))
        output.append(UInt8(ascii: "="))
      }
    }
  }
}

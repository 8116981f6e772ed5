#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Decimal notation by the C library, which rounds the exact binary value.
enum Decimal {
  static func fixed(_ value: Double, digits: Int) -> String {
    let text = formatted("%.*f", value, digits: digits)
    // A value that rounds to nothing has no sign.
    return text.hasPrefix("-") && text.allSatisfy({ "-0.".contains($0) })
      ? String(text.dropFirst()) : text
  }

  /// `1.25e+17`: at most some digits after the point, without zeros at the end.
  static func scientific(_ value: Double, digits: Int) -> String {
    let parts = formatted("%.*e", value, digits: digits).split(separator: "e")
    guard parts.count == 2, parts[0].contains(".") else { return parts.joined(separator: "e") }
    var mantissa = parts[0]
    while mantissa.hasSuffix("0") { mantissa.removeLast() }
    if mantissa.hasSuffix(".") { mantissa.removeLast() }
    return "\(mantissa)e\(parts[1])"
  }

  private static func formatted(_ format: String, _ value: Double, digits: Int) -> String {
    var buffer = [CChar](repeating: 0, count: 400)
    let count = withVaList([Int32(digits), value]) {
      vsnprintf(&buffer, buffer.count, format, $0)
    }
    return String(
      decoding: buffer.prefix(Int(max(0, count))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

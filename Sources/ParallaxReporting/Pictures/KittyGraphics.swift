private import ParallaxText

/// The terminal graphics protocol of kitty, which Ghostty, Konsole and others speak, too.
enum KittyGraphics {
  /// Bytes of base64 in one sequence at most.
  private static let longest = 4096

  /// Draws a PNG at the cursor, which stays; the terminal answers nothing.
  ///
  /// - Parameter columns: that it is scaled to, in its own proportions.
  static func sequence(png: [UInt8], columns: Int) -> String {
    let payload = Array(Base64.text(of: png).utf8)
    var output = ""
    var start = 0
    repeat {
      let end = min(start + longest, payload.count)
      let more = end < payload.count ? 1 : 0
      let keys = start == 0 ? "a=T,f=100,q=2,C=1,c=\(columns),m=\(more)" : "q=2,m=\(more)"
      let piece = String(decoding: payload[start..<end], as: UTF8.self)
      output += "\u{1B}_G\(keys);\(piece)\u{1B}\\"
      start = end
    } while start < payload.count
    return output
  }
}

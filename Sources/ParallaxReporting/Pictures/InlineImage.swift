private import ParallaxText

/// The inline images of iTerm2, which WezTerm, mintty and others take, too.
enum InlineImage {
  /// Draws a file at the cursor, in its own proportions within some cells.
  static func sequence(file: [UInt8], columns: Int, rows: Int) -> String {
    "\u{1B}]1337;File=inline=1;size=\(file.count);width=\(columns);height=\(rows);"
      + "preserveAspectRatio=1:\(Base64.text(of: file))\u{7}"
  }
}

private import ParallaxText

/// Texts within XML and HTML.
enum Markup {
  /// A text that is nothing but text between tags, and as an attribute in double quotes.
  ///
  /// What the language means for something becomes an entity. What it has no place for, and what would
  /// turn the text around it, is written as on a terminal (`\u{1B}`).
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in TerminalText.escaped(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case _ where scalar.value & 0xFFFE == 0xFFFE:
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

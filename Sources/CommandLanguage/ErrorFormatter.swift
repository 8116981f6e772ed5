package import ParallaxCore
private import ParallaxText

/// Renders errors and warnings as blocks of text, with the source line and a caret.
package struct ErrorFormatter: Sendable {
  /// Terminal columns to fit the echoed line into; `nil` for no limit.
  package var width: Int?
  /// Whether messages and hints are folded into that width, too.
  package var folds: Bool
  package var usesColor: Bool
  /// Writes `error[unknown-option]` for `error`.
  package var showsCodes: Bool

  package init(
    width: Int? = nil, folds: Bool = false, usesColor: Bool = false, showsCodes: Bool = false
  ) {
    self.width = width
    self.folds = folds
    self.usesColor = usesColor
    self.showsCodes = showsCodes
  }

  /// The block of an error, ending with a line feed.
  package func error(_ error: ParallaxError) -> String {
    let label = showsCodes ? "error[\(error.code)]" : "error"
    return block(error, label: label, .red)
  }

  /// A warning, ending with a line feed; `error` gives its message, place and hint.
  package func warning(_ error: ParallaxError) -> String {
    block(error, label: "warning", .yellow)
  }

  /// A warning, ending with a line feed.
  package func warning(_ message: String, hint: String? = nil) -> String {
    warning(ParallaxError(.usage, message, hint: hint))
  }

  // MARK: - Blocks

  private func block(_ error: ParallaxError, label: String, _ color: Color) -> String {
    let first = folded("\(label): \(TerminalText.escaped(error.message))")
    var lines = [paint(label, color) + first.dropFirst(label.count)]
    let number = error.location?.line.map(String.init) ?? ""
    let margin = String(repeating: " ", count: number.utf8.count)
    var hint = error.hint.map(TerminalText.escaped)
    if let location = error.location {
      lines += source(location, number: number, margin: margin, hint: &hint)
    }
    let bullet = paint("\(margin) =", .blue)
    if let hint {
      let hanging = margin.utf8.count + 3
      lines.append(
        bullet
          + folded(String(repeating: " ", count: hanging) + hint, hanging).dropFirst(hanging - 1))
    }
    if let usage = error.usage {
      lines.append("\(bullet) usage: \(clipped(usage, margin: margin.utf8.count + 10))")
    }
    lines += causes(of: error).map { "\(bullet) cause: \(TerminalText.escaped($0))" }
    return lines.joined(separator: "\n") + "\n"
  }

  private func folded(_ text: String, _ hanging: Int = 0) -> String {
    guard folds, let width else { return text }
    return TerminalText.folded(text, to: width, hanging: hanging).joined(separator: "\n")
  }

  /// The position, the echoed line and the carets; takes `hint` when it fits beside them.
  private func source(
    _ location: ParallaxError.Location, number: String, margin: String, hint: inout String?
  ) -> [String] {
    let available = width.map { max($0, 20) - margin.utf8.count - 3 }
    let echo = SourceEcho(location, width: available)
    var position = TerminalText.escaped(location.source)
    if let line = location.line { position += ":\(line):\(echo.column)" }
    var carets = String(repeating: " ", count: echo.caretColumn)
    carets += paint(String(repeating: "^", count: echo.caretCount), .red)
    let end = echo.caretColumn + echo.caretCount + 1
    if let beside = hint, available.map({ end + TerminalText.width(of: beside) <= $0 }) ?? true {
      carets += " \(beside)"
      hint = nil
    }
    let bar = paint("\(margin) |", .blue)
    let text = echo.text.isEmpty ? "" : " \(echo.text)"
    return [
      "\(paint("\(margin) -->", .blue)) \(position)", bar,
      "\(paint("\(number) |", .blue))\(text)", "\(bar) \(carets)",
    ]
  }

  private func causes(of error: ParallaxError) -> [String] {
    var texts: [String] = []
    var cause = error.cause
    while let current = cause, texts.count < 8 {
      let next = current as? ParallaxError
      texts.append(next?.message ?? String(describing: current))
      cause = next?.cause
    }
    return texts
  }

  /// A usage line cut between its items; `…` marks the cut.
  private func clipped(_ usage: String, margin: Int) -> String {
    let limit = max(width ?? 100, 20) - margin
    guard TerminalText.width(of: usage) > limit else { return usage }
    var end: String.Index?
    var depth = 0
    var used = 0
    for index in usage.indices {
      switch usage[index] {
      case "[": depth += 1
      case "]": depth -= 1
      case " " where depth == 0 && used + 2 <= limit: end = index
      default: break
      }
      used += TerminalText.width(of: usage[index])
    }
    return end.map { usage[..<$0] + " …" } ?? TerminalText.truncated(usage, to: limit)
  }

  // MARK: - Colour

  private enum Color: String {
    case red = "1;31"
    case yellow = "1;33"
    case blue = "34"
  }

  private func paint(_ text: String, _ color: Color) -> String {
    usesColor && !text.isEmpty ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
  }
}

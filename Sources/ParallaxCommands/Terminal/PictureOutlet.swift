internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting

/// How pictures get onto the terminal.
struct PictureOutlet: Sendable, Hashable {
  var style: PictureStyle
  var box: PictureBox
  var colors: TerminalColors
  /// What is said of it.
  var note: String?

  /// A way to draw, or why nothing is drawn.
  enum Choice {
    case drawn(PictureOutlet)
    case nothing(String)
  }
}

/// What the environment says of a terminal for sure.
///
/// Within tmux or screen it speaks of the terminal around them, which shows what they understand.
struct TerminalHints: Sendable, Hashable {
  let isDumb: Bool
  let style: PictureStyle?
  let colors: TerminalColors

  init(_ variables: [String: String]) {
    let terminal = variables["TERM"] ?? ""
    isDumb = ["", "dumb"].contains(terminal)
    let isKitty = ["xterm-kitty", "xterm-ghostty"].contains(terminal)
    let isWithin =
      variables["TMUX"] != nil || variables["STY"] != nil
      || ["tmux", "screen"].contains(where: terminal.hasPrefix)
    let isInline =
      variables["LC_TERMINAL"] == "iTerm2"
      || ["iTerm.app", "WezTerm"].contains(variables["TERM_PROGRAM"])
    style = isWithin ? nil : isKitty ? .kitty : isInline ? .iterm2 : nil
    let isDirect =
      ["truecolor", "24bit"].contains(variables["COLORTERM"]) || terminal.hasSuffix("-direct")
    colors = isDirect || style != nil ? .direct : .indexed
  }
}

extension Session {
  /// How pictures are drawn now.
  ///
  /// - Parameters:
  ///   - format: of the table they go with.
  ///   - isAlone: whether one is shown at a time.
  /// - Throws: `missing-component` where sixel is asked for without its library.
  func pictureOutlet(
    for format: any TableFormat.Type, isAlone: Bool = false
  ) throws -> PictureOutlet.Choice {
    guard console.results.isTerminal, let width = console.width else {
      return .nothing("results do not go to a terminal")
    }
    guard format.id == "table" else {
      return .nothing("they go with the format 'table', and this is '\(format.id)'")
    }
    let hints = TerminalHints(providers.variables)
    let style: PictureStyle
    var note: String?
    switch settings[.images] {
    case .off: return .nothing("'images' is off ('set images auto' draws them)")
    case .always(let chosen):
      style = chosen
      if style == .sixel { _ = try ChafaLibrary.shared() }
    case .auto:
      if hints.isDumb { return .nothing("the terminal is 'dumb'; 'set images' names a way") }
      (style, note) = bestStyle(hints)
    }
    guard style != .blocks || console.results.usesColor else {
      return .nothing("half-blocks are colours, which NO_COLOR or --color switched off")
    }
    let cell = style == .blocks ? nil : console.cell ?? answer().cell
    let box = PictureBox(
      style, width: width, height: console.height, cell: cell, isAlone: isAlone)
    return .drawn(PictureOutlet(style: style, box: box, colors: hints.colors, note: note))
  }

  private func bestStyle(_ hints: TerminalHints) -> (PictureStyle, note: String?) {
    if let style = hints.style { return (style, nil) }
    let answer = answer()
    if answer.drawsKitty { return (.kitty, nil) }
    guard answer.drawsSixel else { return (.blocks, nil) }
    do {
      _ = try ChafaLibrary.shared()
      return (.sixel, nil)
    } catch {
      return (
        .blocks,
        "drawn with half-blocks: this terminal can do better with sixel, for which libchafa is missing "
          + "('help images')"
      )
    }
  }

  /// What the terminal says, asked once.
  private func answer() -> TerminalAnswer {
    if let known = terminalAnswer { return known }
    guard let askTerminal else { return TerminalAnswer() }
    let answer = askTerminal()
    terminalAnswer = answer
    return answer
  }
}

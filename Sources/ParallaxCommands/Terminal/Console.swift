internal import ParallaxCore
private import ParallaxSystem
private import ParallaxText
private import Synchronization

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The two output streams: results on one, messages on the other.
package final class Console: Sendable {
  /// What is known of a stream; decided once, when the program starts.
  package struct Stream: Sendable {
    package let isTerminal: Bool
    package let usesColor: Bool
    /// Columns to lay out for; `nil` for no limit. Asked each time, since a window changes its size.
    let width: @Sendable () -> Int?

    package init(
      isTerminal: Bool, usesColor: Bool, width: @escaping @Sendable () -> Int? = { nil }
    ) {
      self.isTerminal = isTerminal
      self.usesColor = usesColor
      self.width = width
    }

    /// A pipe or file: complete and plain.
    package static let plain = Stream(isTerminal: false, usesColor: false)
  }

  package let results: Stream
  package let notes: Stream
  private let writeResults: @Sendable (String) throws -> Void
  private let writeNotes: @Sendable (String) throws -> Void
  /// The transient line on the notes stream that the next text must erase.
  private let hasTransientLine = Mutex(false)

  package init(
    results: Stream, notes: Stream, writeResults: @escaping @Sendable (String) throws -> Void,
    writeNotes: @escaping @Sendable (String) throws -> Void
  ) {
    self.results = results
    self.notes = notes
    self.writeResults = writeResults
    self.writeNotes = writeNotes
  }

  /// Columns to lay out results for; `nil` for no limit.
  package var width: Int? { results.width() }

  /// Columns for messages; 100 where the stream sets no limit.
  package var noteWidth: Int { notes.width() ?? 100 }

  /// Writes a result.
  ///
  /// - Throws: when the stream is full or closed; a result that did not arrive is an error.
  package func write(_ text: String) throws {
    eraseTransientLine()
    try writeResults(text)
  }

  /// Writes a line about the work; a closed stream is no reason to stop it.
  ///
  /// Names and texts in it come from files and servers, so none of it may drive the terminal.
  /// On a terminal it is folded at blanks.
  package func note(_ text: String) {
    let text = TerminalText.escaped(text)
    let lines = notes.isTerminal ? TerminalText.folded(text, to: noteWidth) : [text]
    noteBlock(lines.joined(separator: "\n") + "\n")
  }

  /// Writes a question whose answer stands behind it.
  func ask(_ text: String, endsLine: Bool) {
    eraseTransientLine()
    try? writeNotes(TerminalText.escaped(text) + (endsLine ? "\n" : ""))
  }

  /// Writes the parts of a line, broken between them where a terminal is too narrow.
  func note(parts: [String]) {
    guard !parts.isEmpty else { return }
    let separator = " · "
    guard notes.isTerminal else { return note(parts.joined(separator: separator)) }
    var lines: [String] = []
    for part in parts {
      let longer = lines.last.map { $0 + separator + part } ?? part
      let fits = TerminalText.width(of: TerminalText.escaped(longer)) <= noteWidth
      if fits, !lines.isEmpty { lines[lines.count - 1] = longer } else { lines.append(part) }
    }
    for line in lines { note(line) }
  }

  /// Writes whole lines whose foreign texts are escaped already, such as an error with its colours.
  func noteBlock(_ lines: String) {
    eraseTransientLine()
    try? writeNotes(lines)
  }

  /// Replaces the transient line, which the next text erases. Terminals only.
  package func showTransient(_ text: String) {
    guard notes.isTerminal else { return }
    let cut = TerminalText.truncated(TerminalText.escaped(text), to: max(1, noteWidth - 1))
    hasTransientLine.withLock { $0 = true }
    try? writeNotes("\r\u{1B}[K" + cut)
  }

  package func eraseTransientLine() {
    let wasShown = hasTransientLine.withLock { shown in
      defer { shown = false }
      return shown
    }
    if wasShown { try? writeNotes("\r\u{1B}[K") }
  }

  /// Lines of the terminal that results go to; `nil` where they go elsewhere, or it does not say.
  var height: Int? {
    guard results.isTerminal, let size = Self.terminalSize(), size.ws_row > 0 else { return nil }
    return Int(size.ws_row)
  }

  /// Pixels of a cell of that terminal, likewise.
  var cell: ImageTransform.Size? {
    guard results.isTerminal, let size = Self.terminalSize(), size.ws_row > 0 else { return nil }
    let (width, height) = (
      Int(size.ws_xpixel) / Int(size.ws_col), Int(size.ws_ypixel) / Int(size.ws_row)
    )
    return width > 0 && height > 0 ? .init(width: width, height: height) : nil
  }

  private static func terminalWidth() -> Int {
    terminalSize().map { max(20, Int($0.ws_col)) } ?? 80
  }

  private static func terminalSize() -> winsize? {
    var size = winsize()
    for descriptor in [STDOUT_FILENO, STDERR_FILENO]
    where ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 {
      return size
    }
    return nil
  }
}

extension Console {
  /// The process's own streams. `color` is `always`, `never` or `auto`; automatic
  /// colour follows `NO_COLOR`, `CLICOLOR_FORCE` and the terminal, in this order.
  package static func standard(color: String, environment: [String: String]) -> Console {
    func stream(_ descriptor: Int32) -> Stream {
      let isTerminal = isatty(descriptor) == 1
      let usesColor =
        switch color {
        case "always": true
        case "never": false
        default:
          if environment["NO_COLOR"]?.isEmpty == false {
            false
          } else if let forced = environment["CLICOLOR_FORCE"], forced != "0" {
            true
          } else {
            isTerminal && environment["TERM"] != "dumb"
          }
        }
      return Stream(
        isTerminal: isTerminal, usesColor: usesColor,
        width: { isTerminal ? terminalWidth() : nil })
    }
    return Console(
      results: stream(STDOUT_FILENO), notes: stream(STDERR_FILENO),
      writeResults: { try writeAll($0, to: STDOUT_FILENO) },
      writeNotes: { try writeAll($0, to: STDERR_FILENO) })
  }

  private static func writeAll(_ text: String, to descriptor: Int32) throws {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN {
          // Somebody made the stream non-blocking: wait for its reader.
          var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&request, 1, 1_000)
          continue
        }
        throw ParallaxError(
          .unwritableFile, "cannot write the output: \(SystemError.last.reason)")
      }
      bytes = bytes.dropFirst(written)
    }
  }
}

/// `write(2)`, which a method of the same name would hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}

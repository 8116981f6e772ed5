private import CReadline
internal import CommandLanguage
internal import ParallaxCommands

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// What a person did at the prompt.
enum LineInput {
  case line(String)
  /// Ctrl-C; whether the line was empty.
  case interrupted(wasEmpty: Bool)
  /// Ctrl-D.
  case end
}

/// Reads lines from a person.
protocol LineEditor: AnyObject {
  func readLine(prompt: String) -> LineInput
  func remember(_ entry: String)
  /// Asks the terminal what it can draw, for 200 ms at most; what was typed meanwhile is read as the next
  /// lines.
  func askTerminal() -> TerminalAnswer
}

/// Proposes completions for a line with the cursor at a byte offset.
typealias LineCompleter = (_ line: String, _ cursor: Int) -> Completion

/// The prompt with editing, history and completion, by GNU readline.
final class ReadlineEditor: LineEditor {
  /// readline calls back through a C function pointer, which cannot capture.
  nonisolated(unsafe) private static var completer: LineCompleter?

  nonisolated(unsafe) private static var colors: LineColors?

  private let interruptDescriptor: Int32

  /// One editor a process, used from one thread: readline's state is global.
  ///
  /// - Parameter colors: `nil` for none.
  init(
    interruptDescriptor: Int32, drawsOnStandardError: Bool, colors: LineColors?,
    completer: @escaping LineCompleter
  ) {
    self.interruptDescriptor = interruptDescriptor
    Self.completer = completer
    creadline_setup("parallax", drawsOnStandardError) { line, cursor in
      ReadlineEditor.complete(line, cursor)
    }
    guard colors != nil else { return }
    Self.colors = colors
    creadline_paint { prompt, line, width, before in
      ReadlineEditor.painted(prompt, line, width, before)
    }
  }

  func readLine(prompt: String) -> LineInput {
    var line: UnsafeMutablePointer<CChar>?
    var wasEmpty = false
    let outcome = creadline_read(prompt, interruptDescriptor, &line, &wasEmpty)
    if Int(outcome) == CREADLINE_INTERRUPTED { return .interrupted(wasEmpty: wasEmpty) }
    guard let line else { return .end }
    defer { free(line) }
    return .line(String(cString: line))
  }

  func remember(_ entry: String) { creadline_add_history(entry) }

  func askTerminal() -> TerminalAnswer {
    // A terminal keeps at most so many bytes of what is typed ahead, and the answer is short.
    let bytes = [CChar](unsafeUninitializedCapacity: 8192) { buffer, count in
      count = creadline_ask(
        TerminalAnswer.question, 200, { ReadlineEditor.answer($0, $1).isComplete },
        buffer.baseAddress, buffer.count)
    }
    let answer = bytes.withUnsafeBufferPointer { Self.answer($0.baseAddress, $0.count) }
    answer.typed.withUnsafeBytes {
      creadline_type_ahead($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
    }
    return answer
  }

  private static func answer(_ bytes: UnsafePointer<CChar>?, _ count: Int) -> TerminalAnswer {
    TerminalAnswer(UnsafeBufferPointer(start: bytes, count: count).map { UInt8(bitPattern: $0) })
  }

  private static func painted(
    _ prompt: UnsafePointer<CChar>?, _ line: UnsafePointer<CChar>?, _ width: Int32,
    _ before: UnsafeMutablePointer<Int32>?
  ) -> UnsafeMutablePointer<CChar>? {
    guard let prompt, let line, let before, let colors else { return nil }
    let columns = LineColors.columns(of: String(cString: prompt))
    before.pointee = Int32(columns)
    return colors.painted(String(cString: line), width: Int(width) - columns)
      .flatMap { strdup($0) }
  }

  private static func complete(
    _ line: UnsafePointer<CChar>?, _ cursor: Int32
  ) -> creadline_completion {
    var reply = creadline_completion()
    guard let line, let completer else { return reply }
    let found = completer(String(cString: line), Int(cursor))
    let lines = found.lines(width: Int(creadline_width()))
    guard let replacements = copies(found.candidates.map(\.replacement)),
      let labels = copies(lines.texts)
    else { return reply }
    reply.start = Int32(found.start)
    reply.count = found.candidates.count
    reply.replacements = replacements
    reply.labels = labels
    reply.partial = found.partial.flatMap { strdup($0) }
    reply.appends_space = found.appendsSpace
    reply.one_per_line = lines.isOnePerLine
    return reply
  }

  /// An array that C may free, as it may its strings; `nil` for none.
  private static func copies(
    _ texts: [String]
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    let size = texts.count * MemoryLayout<UnsafeMutablePointer<CChar>?>.stride
    guard !texts.isEmpty, let raw = malloc(size) else { return nil }
    let list = raw.bindMemory(to: UnsafeMutablePointer<CChar>?.self, capacity: texts.count)
    for (index, text) in texts.enumerated() { list[index] = strdup(text) }
    return list
  }
}

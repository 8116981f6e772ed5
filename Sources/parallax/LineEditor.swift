private import CReadline

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
}

/// Proposes completions for a line with the cursor at a byte offset.
typealias LineCompleter = (_ line: String, _ cursor: Int) -> (
  start: Int, candidates: [String], closes: Bool
)

/// The prompt with editing, history and completion, by GNU readline.
final class ReadlineEditor: LineEditor {
  /// readline calls back through a C function pointer, which cannot capture.
  nonisolated(unsafe) private static var completer: LineCompleter?

  private let interruptDescriptor: Int32

  /// One editor a process, used from one thread: readline's state is global.
  init(interruptDescriptor: Int32, drawsOnStandardError: Bool, completer: @escaping LineCompleter) {
    self.interruptDescriptor = interruptDescriptor
    Self.completer = completer
    creadline_setup("parallax", drawsOnStandardError) { line, cursor, start, closes in
      ReadlineEditor.complete(line, cursor, start, closes)
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

  private static func complete(
    _ line: UnsafePointer<CChar>?, _ cursor: Int32, _ start: UnsafeMutablePointer<Int32>?,
    _ closes: UnsafeMutablePointer<Bool>?
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    guard let line, let start, let closes, let completer else { return nil }
    let found = completer(String(cString: line), Int(cursor))
    guard !found.candidates.isEmpty else { return nil }
    start.pointee = Int32(found.start)
    closes.pointee = found.closes
    let size = (found.candidates.count + 1) * MemoryLayout<UnsafeMutablePointer<CChar>?>.stride
    guard let raw = malloc(size) else { return nil }
    let list = raw.bindMemory(
      to: UnsafeMutablePointer<CChar>?.self, capacity: found.candidates.count + 1)
    for (index, candidate) in found.candidates.enumerated() { list[index] = strdup(candidate) }
    list[found.candidates.count] = nil
    return list
  }
}

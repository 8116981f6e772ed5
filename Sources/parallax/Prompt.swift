private import CommandLanguage
internal import ParallaxCommands

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The loop of a person typing: read, run, remember.
@MainActor
final class Prompt {
  private let session: Session
  private let interrupts: Interrupts
  private let interpreter: Interpreter
  private let editor: any LineEditor
  private let history: HistoryFile?
  private var lastEntry: String?
  private var canWriteHistory = true

  init(session: Session, interrupts: Interrupts) {
    self.session = session
    self.interrupts = interrupts
    interpreter = Interpreter(session: session)
    history = HistoryFile(environment: Environment.variables)
    let completion = SessionCompletion(session: session)
    editor = ReadlineEditor(
      interruptDescriptor: interrupts.promptDescriptor,
      drawsOnStandardError: isatty(STDOUT_FILENO) == 0
    ) { line, cursor in
      MainActor.assumeIsolated {
        let found = completion.complete(line, cursor: cursor)
        return (found.start, found.candidates, found.appendsSpace)
      }
    }
    for entry in history?.entries().suffix(1_000) ?? [] {
      editor.remember(entry)
      lastEntry = entry
    }
    session.confirm = { [editor] question in
      guard case .line(let answer) = editor.readLine(prompt: "\(question) [y/N] ") else {
        return false
      }
      return ["y", "yes"].contains(answer.lowercased())
    }
  }

  /// Until `quit` or Ctrl-D.
  func run() async {
    while !session.wantsToQuit {
      switch readEntry() {
      case .end:
        session.console.note("")
        return
      case .interrupted(let wasEmpty):
        if wasEmpty { session.console.note("Ctrl-D or 'quit' leaves") }
      case .line(let entry):
        await run(entry)
      }
    }
  }

  /// A line, with its continuations while a quote is open or it ends in `\` or `|`.
  private func readEntry() -> LineInput {
    var entry = ""
    var prompt = session.current.map { "\($0)> " } ?? "> "
    while true {
      guard case .line(let line) = editor.readLine(prompt: prompt) else {
        return .interrupted(wasEmpty: entry.isEmpty)
      }
      entry += line
      if isComplete(entry) { return .line(entry) }
      entry += "\n"
      prompt = ". "
    }
  }

  private func run(_ entry: String) async {
    guard entry.contains(where: { !$0.isWhitespace }) else { return }
    remember(entry)
    let interpreter = interpreter
    if entry.hasPrefix("!") {
      session.runShellCommand(String(entry.dropFirst()))
      return
    }
    await interrupts.cancellable { _ = await interpreter.run(line: entry) }
  }

  private func remember(_ entry: String) {
    guard HistoryFile.isKept(entry, after: lastEntry) else { return }
    editor.remember(entry)
    lastEntry = entry
    guard canWriteHistory, let history else { return }
    do { try history.append(entry) } catch {
      canWriteHistory = false
      session.console.note("warning: \(error)")
    }
  }
}

internal import CommandLanguage
internal import ParallaxCommands
private import ParallaxSystem

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
  private let filter = HistoryFilter(environment: Environment.variables)
  private var lastEntry: String?
  private var canWriteHistory = true
  /// The lines typed so far of an entry that is not complete.
  private let unfinished = Unfinished()

  /// Shared with the completer, which must see the whole entry.
  private final class Unfinished {
    var text = ""
  }

  init(session: Session, interrupts: Interrupts) {
    self.session = session
    self.interrupts = interrupts
    interpreter = Interpreter(session: session)
    history = HistoryFile(environment: Environment.variables)
    let completion = SessionCompletion(session: session)
    editor = ReadlineEditor(
      interruptDescriptor: interrupts.promptDescriptor,
      drawsOnStandardError: isatty(STDOUT_FILENO) == 0, colors: Self.colors(for: session.console)
    ) { [unfinished] line, cursor in
      MainActor.assumeIsolated {
        let before = unfinished.text.utf8.count
        var found = completion.complete(unfinished.text + line, cursor: before + cursor)
        // What stands on an earlier line cannot be replaced any more.
        if found.start < before { found.candidates = [] }
        found.start -= before
        return found
      }
    }
    for entry in history?.entries().suffix(1_000) ?? [] {
      editor.remember(entry)
      lastEntry = entry
    }
    session.askTerminal = { [editor] in editor.askTerminal() }
    let ask = { [editor] (question: String) -> String? in
      let input = interrupts.asking { editor.readLine(prompt: question) }
      guard case .line(let answer) = input else {
        if case .end = input { session.console.note("") }
        return nil
      }
      return answer
    }
    session.ask = ask
    session.confirm = { question in
      ["y", "yes"].contains(ask("\(question) [y/N] ")?.lowercased())
    }
  }

  /// Lines are coloured where messages are; a terminal that cannot do that says so.
  private static func colors(for console: Console) -> LineColors? {
    let drawsOn = isatty(STDOUT_FILENO) == 0 ? console.notes : console.results
    return drawsOn.usesColor ? LineColors(CommandRegistry.signatures) : nil
  }

  /// Until `quit` or Ctrl-D.
  func run() async {
    // A person takes longer to type a question than the model takes to open.
    let warming = session.warmUp()
    await readAndRun()
    // The system takes libraries apart at the end, which must not meet one that is still being opened.
    warming.cancel()
    await warming.value
  }

  private func readAndRun() async {
    while !session.wantsToQuit {
      switch readEntry() {
      case .end:
        session.console.note("quit")
        return
      case .interrupted(let wasEmpty):
        if wasEmpty { session.console.note("Ctrl-D or 'quit' ends the session") }
      case .line(let entry):
        await run(entry)
      }
    }
  }

  /// A line, with its continuations while a quote is open or it ends in `\` or `|`.
  private func readEntry() -> LineInput {
    unfinished.text = ""
    defer { unfinished.text = "" }
    while true {
      let isFirst = unfinished.text.isEmpty
      let prompt =
        isFirst ? session.prompt : continuationPrompt(after: unfinished.text)
      switch editor.readLine(prompt: prompt) {
      case .interrupted(let wasEmpty): return .interrupted(wasEmpty: wasEmpty && isFirst)
      case .end: return isFirst ? .end : .interrupted(wasEmpty: false)
      case .line(let line):
        let entry = unfinished.text + line
        switch InputLine(entry) {
        case .shell, .transcript: return .line(entry)
        case .empty, .comment, .commands: break
        }
        // An empty line ends one that a backslash continued, as it does in a script.
        if isComplete(entry) || (line.isEmpty && isComplete(entry + "\n")) { return .line(entry) }
        unfinished.text = entry + "\n"
      }
    }
  }

  private func run(_ entry: String) async {
    let kind = InputLine(entry)
    if kind == .empty { return }
    if case .transcript(let commands, let ignored) = kind {
      if ignored > 0 { session.console.note(Self.note(ofIgnored: ignored)) }
      return await run(commands)
    }
    if kind != .commands || !interpreter.isEdit(entry) { remember(entry) }
    switch kind {
    case .empty, .transcript: break
    case .comment(let note): session.recording?.add(note: note)
    case .shell(let command): session.runShellCommand(command)
    case .commands:
      let interpreter = interpreter
      await interrupts.cancellable { _ = await interpreter.run(line: entry) }
      if let edited = session.takeEdited() { await run(edited) }
    }
  }

  private static func note(ofIgnored count: Int) -> String {
    count == 1 ? "one line of output was ignored" : "\(count) lines of output were ignored"
  }

  private func remember(_ entry: String) {
    guard filter.keeps(entry, after: lastEntry) else { return }
    editor.remember(entry)
    lastEntry = entry
    guard canWriteHistory, let history else { return }
    do { try history.append(entry) } catch {
      canWriteHistory = false
      ErrorReport(console: session.console).warn(error)
    }
  }
}

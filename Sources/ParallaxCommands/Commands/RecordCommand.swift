package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
private import ParallaxSystem

package struct RecordCommand: Command {
  private enum Action: String, CaseIterable, Sendable { case start, stop }

  private static let action = ObjectKey<Action>.required("ACTION", .choice)
  private static let file = ObjectKey<String?>.optional("FILE", .path)
  private static let replaces = OptionKey.flag("replace", help: "overwrite FILE")

  package static let signature = CommandSignature(
    verb: "record", group: "Session", summary: "write a notebook while you work",
    discussion: """
      From 'record start FILE.md' on, every command that succeeds is written to FILE in canonical \
      form, with what it prints; a note typed as '# text' becomes prose. Settings, variables and \
      results from before that the commands use are written above them. Commands about the session \
      alone (help, history, check) are left out. 'check FILE.md' then runs it again and compares.
      """,
    objects: [action, file], options: [replaces],
    examples: ["record start night.md", "record stop"])

  /// `nil` to stop.
  private let path: String?
  private let replaces: Bool

  package init(_ arguments: Arguments) throws {
    let action = try arguments[Self.action]
    let file = try arguments[Self.file]
    replaces = try arguments[Self.replaces]
    switch (action, file) {
    case (.start, nil):
      throw arguments.error(
        .missingObject, "'record start' needs the FILE.md to write", usage: true)
    case (.stop, let file?):
      throw arguments.error(
        at: Self.file, .usage, "'record stop' takes no file; got '\(file)'")
    case (.start, let file?):
      guard Script.isNotebook(file) else {
        throw arguments.error(
          at: Self.file, .usage, "a notebook's name ends in .md; got '\(file)'",
          hint: "'history --save' writes a script")
      }
      path = PathText.expandingHome(file)
    case (.stop, nil): path = nil
    }
    if replaces, path == nil {
      throw arguments.error(at: Self.replaces, .usage, "'--replace' goes with 'record start'")
    }
  }

  package func foresee(in scope: inout ScriptScope) throws {
    if let path { scope.write(path) }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    guard let path else { return try stop(session) }
    if let recording = session.recording {
      throw ParallaxError(
        .alreadyExists, "'\(recording.path)' is being recorded", hint: "'record stop' ends it")
    }
    session.recording = try attributing(to: Self.file) {
      try Recording(to: path, replace: replaces, in: session)
    }
    return .note("recording to '\(path)' until 'record stop'")
  }

  @MainActor private func stop(_ session: Session) throws -> CommandOutput {
    guard let recording = session.recording else {
      throw ParallaxError(
        .unknownName, "nothing is being recorded", hint: "'record start FILE.md' begins")
    }
    session.recording = nil
    let count = Wording.count(recording.commandCount, "command")
    return CommandOutput(
      notes: [
        "\(count) in '\(recording.path)'; 'check \(Quoting.quoted(recording.path))' runs it again"
      ],
      warnings: recording.remade.map {
        "'\(recording.path)' makes '\($0)', which this workspace has now: check it in another"
      })
  }
}

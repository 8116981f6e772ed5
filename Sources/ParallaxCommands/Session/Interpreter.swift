internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage
private import ParallaxText
internal import ParallaxWorkbench

/// Runs lines and scripts in a session.
@MainActor
package final class Interpreter {
  package let session: Session
  /// Prints `> command` before its result.
  package var echoes: Bool
  private let registry: SignatureRegistry

  package init(session: Session, echoes: Bool = false) {
    self.session = session
    self.echoes = echoes
    registry = CommandRegistry.signatures
  }

  /// Runs a whole script: parsed and checked first, then until the first failure.
  ///
  /// - Returns: the exit code; errors have been reported.
  package func run(script text: String, source: String) async -> Int32 {
    let before = session.statementCount
    do {
      try await execute(script: text, source: source)
      return 0
    } catch {
      let code = report(error)
      // 2 promises that nothing ran.
      return code == 2 && session.statementCount > before ? 1 : code
    }
  }

  /// The same, for a script within a script.
  func execute(script text: String, source: String) async throws {
    for statement in try parse(text, source: source, style: .script) {
      if session.wantsToQuit { break }
      try await execute(statement)
    }
  }

  /// Runs what was typed at the prompt.
  ///
  /// - Returns: the exit code the line would have given a script, and its canonical form.
  package func run(line text: String) async -> (code: Int32, canonical: String?) {
    defer { session.inputNumber += 1 }
    var canonical: String?
    do {
      let statements = try parse(
        shown(text) ?? text, source: "input \(session.inputNumber)", style: .interactive)
      canonical = statements.map(\.canonical).joined(separator: " ; ")
      for statement in statements where !session.wantsToQuit { try await execute(statement) }
      return (0, canonical)
    } catch {
      return (report(error), canonical)
    }
  }

  /// The name of a result alone stands for showing it.
  private func shown(_ text: String) -> String? {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 1, session.result(named: String(words[0])) != nil else { return nil }
    return "show \(words[0])"
  }

  /// Statements with everything checked that can be known without running them.
  func parse(
    _ text: String, source: String, style: InputStyle, isDryRun: Bool = false
  ) throws -> [Statement] {
    let isScript = style == .script
    do {
      let known = KnownNames(
        variables: Set(session.variables.keys),
        results: isScript ? Set(session.resultNames) : nil)
      let statements = try Parser(registry, style: style).parse(text, source: source, known: known)
      if isScript {
        var check = try ScriptCheck(session, isDryRun: isDryRun)
        try check.check(statements)
      }
      return statements
    } catch var error as ParallaxError {
      if error.code == .unknownResult, error.hint == nil, let name = error.location?.part {
        error.hint = session.hint(forResult: name)
      }
      throw isScript ? error.beforeRunning : error
    }
  }

  private func execute(_ statement: Statement) async throws {
    if echoes { try session.console.write(Self.echo(statement.text)) }
    try checkName(of: statement)
    var input: NamedResult?
    var pipeline: [ParsedCommand] = []
    for (position, command) in statement.pipeline.enumerated() {
      let isLast = position == statement.pipeline.count - 1
      let command = filled(command)
      pipeline.append(command)
      let arguments = try command.bound { session.variables[$0] }
      let output = try await run(arguments, input: input)
      let kept = keep(output, as: isLast ? statement.name ?? "_" : "_")
      if isLast {
        try Renderer(session: session).show(output, named: kept?.name)
      }
      try say(output, isLast: isLast, arguments: arguments)
      if let failure = output.failure {
        throw failure.located(
          at: arguments.command.source.location(of: arguments.command.verbRange))
      }
      input = kept
    }
    session.remember(statement.replacing(pipeline: pipeline))
  }

  /// A statement as a transcript shows it, each further line of it behind a point.
  private static func echo(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().map { index, line in
      (index == 0 ? "> " : ". ") + TerminalText.escaped(String(line)) + "\n"
    }.joined()
  }

  /// Collections, spaces and results share their names.
  private func checkName(of statement: Statement) throws {
    guard let name = statement.name, let range = statement.nameRange,
      try session.workspace.collections().contains(where: { $0.name == name })
    else { return }
    throw ParallaxError(
      .alreadyExists, "a collection is called '\(name)' already",
      hint: "choose another name for the result"
    ).located(at: statement.source.location(of: range))
  }

  private func run(_ arguments: Arguments, input: NamedResult?) async throws -> CommandOutput {
    guard let command = CommandRegistry.command(for: arguments.verb) else {
      throw InternalError("'\(arguments.verb)' has a signature but no command")
    }
    do {
      try command.validate(arguments)
      return try await command.run(arguments, in: session, input: input)
    } catch let error as ParallaxError {
      throw arguments.located(error)
    }
  }

  /// Objects left out by hand are taken from `use`; a result is the last one.
  private func filled(_ command: ParsedCommand) -> ParsedCommand {
    for object in command.signature.objects where object.arity == .optionalByHand {
      switch (object.type, session.current) {
      case (.collection, let current?):
        return command.filling(object.name, with: SpaceReference(current).collection)
      case (.space, let current?): return command.filling(object.name, with: current)
      case (.result, _) where !command.isPiped:
        guard let name = session.lastResultName else { return command }
        return command.filling(object.name, with: name)
      default: continue
      }
    }
    return command
  }

  private func keep(_ output: CommandOutput, as name: String) -> NamedResult? {
    guard let provenance = output.provenance, let table = output.table else { return nil }
    let result = NamedResult(
      name: name, table: table, provenance: provenance, contributions: output.contributions)
    session.keep(result)
    return result
  }

  private func say(_ output: CommandOutput, isLast: Bool, arguments: Arguments) throws {
    let console = session.console
    if isLast {
      for note in output.notes { console.note(note) }
    }
    guard let last = output.warnings.last else { return }
    let isStrict = session.settings.isOn("strict")
    let formatter = ErrorReport(session: session).formatter
    for warning in isStrict ? output.warnings.dropLast() : output.warnings[...] {
      console.noteBlock(formatter.warning(warning))
    }
    if isStrict { throw arguments.error(.strictWarning, last) }
  }

  private func report(_ error: any Error) -> Int32 {
    ErrorReport(session: session).report(error)
  }
}

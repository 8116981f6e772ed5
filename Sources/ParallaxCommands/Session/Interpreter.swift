internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage

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
        text, source: "input \(session.inputNumber)", style: .interactive)
      canonical = statements.map(\.canonical).joined(separator: " ; ")
      for statement in statements where !session.wantsToQuit { try await execute(statement) }
      return (0, canonical)
    } catch {
      return (report(error), canonical)
    }
  }

  /// Statements with everything checked that can be known without running them.
  func parse(_ text: String, source: String, style: InputStyle) throws -> [Statement] {
    let statements = try Parser(registry, style: style).parse(
      text, source: source, known: KnownNames(variables: Set(session.variables.keys)))
    for command in statements.flatMap(\.pipeline) { try Where.checkSyntax(of: command) }
    return statements
  }

  private func execute(_ statement: Statement) async throws {
    if echoes { try session.console.write(Self.echo(statement.text)) }
    try checkName(of: statement)
    var input: NamedResult?
    for (position, command) in statement.pipeline.enumerated() {
      let isLast = position == statement.pipeline.count - 1
      let arguments = try filled(command).bound { session.variables[$0] }
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
    session.remember(statement, as: statement.canonical)
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
      return try await command.run(arguments, in: session, input: input)
    } catch let error as ParallaxError {
      throw error.located(at: arguments.command.source.location(of: arguments.command.verbRange))
    }
  }

  /// Objects left out by hand are taken from `use`.
  private func filled(_ command: ParsedCommand) -> ParsedCommand {
    guard let current = session.current else { return command }
    for object in command.signature.objects where object.arity == .optionalByHand {
      switch object.type {
      case .collection:
        return command.filling(object.name, with: SpaceReference(current).collection)
      case .space: return command.filling(object.name, with: current)
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
    guard !output.warnings.isEmpty else { return }
    if session.settings.isOn("strict") {
      throw arguments.error(.strictWarning, output.warnings[0])
    }
    let formatter = ErrorReport(session: session).formatter
    for warning in output.warnings {
      console.noteBlock(String(formatter.warning(warning).dropLast()))
    }
  }

  private func report(_ error: any Error) -> Int32 {
    ErrorReport(session: session).report(error)
  }
}

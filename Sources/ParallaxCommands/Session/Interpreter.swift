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
    await run(Script(text, name: source))
  }

  func run(_ script: Script) async -> Int32 {
    let before = session.statementCount
    do {
      try await execute(script)
      return 0
    } catch {
      let code = report(error)
      // 2 promises that nothing ran.
      return code == 2 && session.statementCount > before ? 1 : code
    }
  }

  /// The same, for a script within a script.
  ///
  /// - Parameter variables: of the script alone, before its own.
  func execute(_ script: Script, variables: [String: String] = [:]) async throws {
    session.variables.merge(script.parameters) { $1 }
    session.variables.merge(variables) { $1 }
    try warn(script.notebook?.warnings ?? [])
    for checked in try check(script) {
      if session.wantsToQuit { break }
      let failure = try await failure(of: checked)
      switch (failure, checked.piece.exitCode) {
      case (nil, nil): continue
      case (let failure?, let code) where failure.exitCode == code: _ = report(failure.error)
      case (let failure?, _): throw failure.error
      case (nil, let code?):
        throw ParallaxError(
          .checkFailed, "this was expected to fail with exit code \(code), and succeeded",
          location: checked.piece.source.location)
      }
    }
  }

  /// Runs a piece of a script.
  ///
  /// - Returns: why it failed, and with which exit code a script of this piece alone would have.
  /// - Throws: `CancellationError`, and what is no failure of a command.
  func failure(
    of checked: CheckedPiece
  ) async throws -> (error: ParallaxError, exitCode: Int32)? {
    if let failure = checked.failure { return (failure, failure.code.exitCode) }
    let before = session.statementCount
    do {
      try await execute(checked.statements)
      return nil
    } catch let error as ParallaxError where error.code != .cancelled {
      let code = error.code.exitCode
      // 2 promises that nothing ran.
      guard session.statementCount == before else { return (error, code == 2 ? 1 : code) }
      // Alone it may be refused before it runs.
      let alone = Script(pieces: [Script.Piece(source: checked.piece.source)], named: "")
      let isForeseen = (try? check(alone)) == nil
      return (error, isForeseen ? 2 : code)
    }
  }

  private func execute(_ statements: [CheckedStatement]) async throws {
    for checked in statements where !session.wantsToQuit {
      try await execute(checked.statement, checked.commands)
    }
  }

  /// Runs what was typed at the prompt.
  ///
  /// What 'edit' gives takes its place, and its number.
  ///
  /// - Returns: the exit code the line would have given a script, and its canonical form.
  package func run(line text: String) async -> (code: Int32, canonical: String?) {
    let isEdit = isEdit(text)
    if !isEdit { session.keep(typed: text) }
    defer { if !isEdit { session.inputNumber += 1 } }
    var canonical: String?
    do {
      let statements = try parse(meant(text) ?? text, source: "input \(session.inputNumber)")
      if !isEdit, let edit = statements.flatMap(\.pipeline).first(where: \.isEdit) {
        throw edit.error(.usage, "'\(edit.verb)' stands alone on its line")
      }
      canonical = statements.map(\.canonical).joined(separator: " ; ")
      for statement in statements where !session.wantsToQuit { try await execute(statement) }
      return (0, canonical)
    } catch {
      return (report(error), canonical)
    }
  }

  /// Whether a line is 'edit' alone, which what it gives takes the place of.
  package func isEdit(_ text: String) -> Bool {
    guard let statements = try? parse(meant(text) ?? text, source: "") else { return false }
    return statements.count == 1 && statements[0].pipeline.allSatisfy(\.isEdit)
  }

  /// The name of a result alone stands for showing it, and a verb with `?` behind it for its help.
  private func meant(_ text: String) -> String? {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 1 else { return nil }
    let word = words[0]
    if session.result(named: String(word)) != nil { return "show \(word)" }
    guard word.hasSuffix("?"), registry.isTaken(String(word.dropLast())) else { return nil }
    return "help \(word.dropLast())"
  }

  /// The pieces of a script with their commands: everything is checked that can be known without
  /// running them.
  func check(_ script: Script, isDryRun: Bool = false) throws -> [CheckedPiece] {
    do {
      let results = Set(session.resultNames)
      var known = KnownNames(
        variables: Set(session.variables.keys), results: results, others: results)
      let parser = Parser(registry, style: .script)
      let parsed = try script.pieces.map { piece in
        try attempt(piece) { try hinting { try parser.parse(piece.source, known: &known) } }
      }
      var check = try ScriptCheck(session, isDryRun: isDryRun)
      for reference in script.needs { try check.require(reference, by: script.name) }
      return try zip(script.pieces, parsed).map { piece, parsed in
        let result = try attempt(piece) {
          var trial = check
          let statements = try trial.check(parsed.get())
          check = trial
          return statements
        }
        return switch result {
        case .success(let statements):
          CheckedPiece(piece: piece, statements: statements, failure: nil)
        case .failure(let error): CheckedPiece(piece: piece, statements: [], failure: error)
        }
      }
    } catch let error as ParallaxError {
      throw error.beforeRunning
    }
  }

  /// What `body` gives, or why it cannot, where the piece is expected to fail.
  private func attempt<Value>(
    _ piece: Script.Piece, _ body: () throws -> Value
  ) throws -> Result<Value, ParallaxError> {
    do { return .success(try body()) } catch let error as ParallaxError where piece.exitCode != nil
    {
      return .failure(error.beforeRunning)
    }
  }

  private func parse(_ text: String, source: String) throws -> [Statement] {
    let known = KnownNames(
      variables: Set(session.variables.keys), results: nil, others: Set(session.resultNames))
    return try hinting {
      try Parser(registry, style: .interactive).parse(text, source: source, known: known)
    }
  }

  private func hinting<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch var error as ParallaxError {
      if error.code == .unknownResult, error.hint == nil, let name = error.location?.part {
        error.hint = session.hint(forResult: name)
      }
      throw error
    }
  }

  /// - Parameter built: its commands; without them each is made when it runs.
  private func execute(_ statement: Statement, _ built: [BuiltCommand]? = nil) async throws {
    if echoes { try session.console.write(Self.echo(statement.text)) }
    try checkName(of: statement)
    if session.scriptDepth == 0 { session.recording?.begin() }
    var input: NamedResult?
    var pipeline: [ParsedCommand] = []
    for (position, parsed) in statement.pipeline.enumerated() {
      let isLast = position == statement.pipeline.count - 1
      let command =
        try built?[position] ?? BuiltCommand(filled(parsed), variables: session.variables)
      let arguments = command.arguments
      pipeline.append(arguments.command)
      let output = try await command.run(in: session, input: input)
      let kept = keep(output, as: isLast ? statement.name ?? "_" : "_")
      if isLast { try session.show(output, named: kept?.name) }
      try say(output, isLast: isLast, arguments: arguments)
      if let failure = output.failure {
        throw failure.located(
          at: arguments.command.source.location(of: arguments.command.verbRange))
      }
      input = kept
    }
    try remember(statement.replacing(pipeline: pipeline))
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

  /// Objects left out by hand are taken from `use`; a result is the last one.
  private func filled(_ command: ParsedCommand) -> ParsedCommand {
    for object in command.signature.objects where object.arity == .optionalByHand {
      switch (object.type, session.current) {
      case (.collection, let current?):
        return command.filling(object.name, with: SpaceReference(current).collection)
      case (.space, let current?), (.system, let current?):
        return command.filling(object.name, with: current)
      case (.result, _) where !command.isPiped, (.resultOrSpace, _) where !command.isPiped:
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
      name: name, table: table, provenance: provenance, content: output.content,
      remarks: .init(footer: output.footer, notes: output.notes, warnings: output.warnings))
    session.keep(result)
    return result
  }

  private func remember(_ statement: Statement) throws {
    if statement.pipeline.allSatisfy(\.isEdit) { return }
    session.remember(statement)
    guard session.scriptDepth == 0, let recording = session.recording,
      let entered = session.entered.entries.last
    else { return }
    try warn(recording.add(entered, in: session))
  }

  private func say(_ output: CommandOutput, isLast: Bool, arguments: Arguments) throws {
    let console = session.console
    if isLast {
      for note in output.notes { console.note(note) }
    }
    do { try warn(output.warnings) } catch {
      throw arguments.error(error.code, error.message)
    }
  }

  /// - Throws: the last of them where warnings are errors, without a place.
  private func warn(_ warnings: [String]) throws(ParallaxError) {
    try session.refuse(warnings)
    for warning in warnings { session.warn(of: warning) }
  }

  private func report(_ error: any Error) -> Int32 {
    ErrorReport(session: session).report(error)
  }
}

extension ParsedCommand {
  fileprivate var isEdit: Bool { verb == EditCommand.signature.verb }
}

internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxWorkbench

/// A statement of a script with its commands, made before the first one of the script runs.
struct CheckedStatement: Sendable {
  let statement: Statement
  /// Empty after `quit`, where no line runs.
  let commands: [BuiltCommand]
  /// The files it writes.
  let writes: [String]
}

/// A piece of a script with what is known of it before the first line of the script runs.
struct CheckedPiece: Sendable {
  let piece: Script.Piece
  let statements: [CheckedStatement]
  /// Why none of it can run, where it is expected to fail.
  let failure: ParallaxError?
}

/// Goes through the lines of a script before the first one runs, because a mistake in the last line
/// should not cost what the lines before it cost.
@MainActor
struct ScriptCheck {
  private var scope: ScriptScope

  init(_ session: Session, isDryRun: Bool) throws {
    scope = try ScriptScope(session, isDryRun: isDryRun)
  }

  /// - Throws: the first mistake, located.
  mutating func check(_ statements: [Statement]) throws -> [CheckedStatement] {
    try statements.map { statement in
      scope.results.beginStatement()
      scope.writes = []
      var commands: [BuiltCommand] = []
      for parsed in statement.pipeline where !scope.hasEnded {
        let command = try BuiltCommand(parsed, variables: scope.variables)
        try checkNames(in: command.arguments)
        try command.foresee(in: &scope)
        scope.results.endCommand(producesResult: parsed.signature.producesResult)
        commands.append(command)
      }
      scope.results.endStatement(named: statement.name)
      return CheckedStatement(statement: statement, commands: commands, writes: scope.writes)
    }
  }

  /// A collection or space that a script says it needs.
  ///
  /// - Throws: `unknown-name`.
  func require(_ reference: SpaceReference, by name: String) throws {
    do { try scope.require(reference) } catch var error as ParallaxError {
      error.message = "'\(name)' needs '\(reference.text)': \(error.message)"
      throw error
    }
  }

  private func checkNames(in arguments: Arguments) throws {
    for value in arguments.values where value.type == .collection || value.type == .space {
      do { try scope.require(SpaceReference(value.text)) } catch let error as ParallaxError {
        throw error.located(at: value.location)
      }
    }
  }
}

extension ParallaxError {
  /// The same error, found before anything ran, which the exit code says.
  var beforeRunning: ParallaxError {
    var copy = self
    copy.code = Code(code.name, exitCode: 2)
    return copy
  }
}

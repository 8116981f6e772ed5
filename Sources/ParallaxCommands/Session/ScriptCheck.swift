internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxWorkbench

/// Goes through the lines of a script before the first one runs, because a mistake in the last line
/// should not cost what the lines before it cost.
@MainActor
struct ScriptCheck {
  private var scope: ScriptScope

  init(_ session: Session, isDryRun: Bool) throws {
    scope = try ScriptScope(session, isDryRun: isDryRun)
  }

  /// - Throws: the first mistake, located.
  mutating func check(_ statements: [Statement]) throws {
    for command in statements.flatMap(\.pipeline) where !scope.hasEnded { try check(command) }
  }

  private mutating func check(_ command: ParsedCommand) throws {
    guard let variables = scope.variables else { return }
    guard command.usedVariables.allSatisfy({ variables[$0] != nil }) else {
      return scope.forget()
    }
    let arguments = try command.bound { variables[$0] }
    guard let implementation = CommandRegistry.command(for: command.verb) else { return }
    do {
      try implementation.validate(arguments)
      for value in arguments.values { try check(value.type, value.text, at: value.location) }
      try implementation.foresee(arguments, in: &scope)
    } catch let error as ParallaxError {
      throw arguments.located(error)
    }
  }

  /// What the type of a value says of it.
  private func check(
    _ type: ValueType, _ text: String, at location: ParallaxError.Location
  ) throws {
    switch type {
    case .collection, .space: try scope.require(SpaceReference(text), at: location)
    case .setting:
      do { _ = try Setting.named(text) } catch let error as ParallaxError {
        throw error.located(at: location)
      }
    default: return
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

internal import CommandLanguage
internal import ParallaxCore
private import ParallaxHTTP

/// A defect of the program itself; the person is told so, not shown its insides.
package struct InternalError: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    assertionFailure(description)
    self.description = description
  }
}

/// Turns any error into text on the notes stream and an exit code; nothing else does.
@MainActor
package struct ErrorReport {
  private let console: Console
  let formatter: ErrorFormatter

  package init(console: Console, showsCodes: Bool = false) {
    self.console = console
    formatter = ErrorFormatter(
      width: console.noteWidth, folds: console.notes.isTerminal, usesColor: console.notes.usesColor,
      showsCodes: showsCodes)
  }

  init(session: Session) {
    self.init(console: session.console, showsCodes: session.settings[.errorCodes])
  }

  /// Reports a problem that is no reason to stop.
  package func warn(_ error: any Error) {
    let text = (error as? ParallaxError).map(formatter.warning) ?? formatter.warning("\(error)")
    console.noteBlock(text)
  }

  /// Says what went wrong.
  ///
  /// - Returns: the exit code.
  @discardableResult
  package func report(_ error: any Error) -> Int32 {
    if error is Declined {
      console.note("nothing was done")
      return 1
    }
    var known =
      switch error {
      case let error as ParallaxError: error
      case is CancellationError: ParallaxError(.cancelled, "cancelled")
      default: ParallaxError(.internalError, "internal error: \(error)")
      }
    // A password may stand in the line at fault.
    let line = known.location?.text ?? ""
    known.location?.text = Address.masked(in: line)
    console.noteBlock(formatter.error(known))
    return known.code.exitCode
  }
}

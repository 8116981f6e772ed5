package import CommandLanguage
package import ParallaxCore
package import ParallaxWorkbench

/// A verb of the language: one file in `Commands/`, one line in the registry.
///
/// A command is made from its arguments, which checks all that needs no data, and then does its work
/// through the session and returns what there is to show; it never prints. A script makes all its
/// commands before the first one runs.
///
/// Errors name the option or object at fault as their `parameter`; the interpreter finds its place.
package protocol Command: Sendable {
  static var signature: CommandSignature { get }

  /// - Throws: what is wrong with the arguments, whatever the workspace holds.
  init(_ arguments: Arguments) throws

  /// Refuses what would fail for certain when a script comes to it, and notes what it changes, before
  /// the first line of the script runs.
  @MainActor func foresee(in scope: inout ScriptScope) throws

  /// What it would ask of remote providers now; by default nothing. Nothing is asked for, and nothing
  /// changed.
  ///
  /// - Throws: why that is not known before it runs, such as a space that an earlier line makes.
  @MainActor func demand(in scope: PlanScope) async throws -> CallDemand

  /// - Parameter input: the result that came through `|`.
  @MainActor func run(in session: Session, input: NamedResult?) async throws -> CommandOutput
}

extension Command {
  package func foresee(in scope: inout ScriptScope) throws {}

  package func demand(in scope: PlanScope) async throws -> CallDemand { .none }
}

/// What a command has to show and to say.
package struct CommandOutput: Sendable {
  package enum Body: Sendable {
    case none
    /// Text for a person, such as a page of help.
    case text(String)
    /// Rows in the session's format, whole.
    case table(Table)
    /// Rows that become a result and are shown when asked for.
    case kept(Table)
    /// Rows in a format of their own, cut on a terminal to some number.
    case shown(Table, format: (any TableFormat.Type)?, rows: Int?)
  }

  package var body: Body
  /// Makes the table a result with a name.
  package var provenance: Provenance?
  /// Parts of the line under the table, written to the notes stream.
  package var footer: [String]
  package var notes: [String]
  package var warnings: [String]
  /// Why the command has failed although there is something to show: what could not be done while the
  /// rest was, or what a check found. Said last.
  package var failure: ParallaxError?
  /// What the table shows.
  package var content: ResultContent
  /// What a terminal shows in place of the table.
  var pictures: DrawnPictures?

  package init(
    _ body: Body = .none, content: ResultContent = .table, provenance: Provenance? = nil,
    footer: [String] = [], notes: [String] = [], warnings: [String] = []
  ) {
    self.body = body
    self.content = content
    self.provenance = provenance
    self.footer = footer
    self.notes = notes
    self.warnings = warnings
  }

  package static func note(_ text: String) -> CommandOutput { CommandOutput(notes: [text]) }

  /// The table shown, if any.
  package var table: Table? {
    switch body {
    case .table(let table), .kept(let table), .shown(let table, _, _): table
    case .none, .text: nil
    }
  }
}

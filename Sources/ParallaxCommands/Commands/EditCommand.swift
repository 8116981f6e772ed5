package import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders

package struct EditCommand: Command {
  private static let input = ObjectKey<Int?>.optional("INPUT", .integer(1...1_000_000_000))

  package static let signature = CommandSignature(
    verb: "edit", group: "Session", summary: "edit the last input in an editor, and run it",
    discussion: """
      Opens what was typed last, or input 12 with 'edit 12', whole and also where it failed, in the \
      program that $VISUAL or $EDITOR names ('EDITOR=\"code --wait\"'), else in 'editor' or 'vi'. When \
      the editor ends with exit code 0, the text that it saved is shown and runs as if it were typed; \
      the history keeps it in the place of 'edit'.

      Nothing runs where the text is unchanged or empty. Where the editor ends with another exit code \
      nothing runs either, and 'edit' opens what was saved again. Before the first input, 'edit' opens an \
      empty file. The file is a temporary one, which only you can read. 'edit' works at the prompt alone, \
      and is off with --safe.
      """,
    objects: [input], examples: ["edit", "edit 12"])

  private let input: Int?

  package init(_ arguments: Arguments) throws { input = try arguments[Self.input] }

  package func foresee(in scope: inout ScriptScope) throws { throw Self.notHere }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    guard session.isInteractive, session.scriptDepth == 0 else { throw Self.notHere }
    guard !session.isSafe else {
      throw ParallaxError(.unsupported, "'edit' is off: the program was started with --safe")
    }
    let text = try attributing(to: Self.input) { try session.typed(self.input) ?? "" }
    let editor = try TextEditor(environment: session.providers.variables)
    session.console.eraseTransientLine()
    let edited = try editor.edit(text)
    let isChanged = edited.text != text
    if let failure = edited.failure {
      let isKept = isChanged && !edited.text.isEmpty
      if isKept {
        session.keep(typed: edited.text)
        session.inputNumber += 1
      }
      throw ParallaxError(
        .editorFailed, "the editor '\(editor.program)' \(failure): nothing runs",
        hint: isKept ? "what it saved is kept: 'edit' opens that" : "'edit' opens it again")
    }
    guard !edited.text.isEmpty else { return .note("the file is empty: nothing runs") }
    guard isChanged else { return .note("the text is unchanged: nothing runs") }
    session.run(edited: edited.text)
    let lines = edited.text.split(separator: "\n", omittingEmptySubsequences: false)
    return CommandOutput(
      notes: lines.enumerated().map { ($0 == 0 ? session.prompt : ". ") + $1 })
  }

  private static let notHere = ParallaxError(
    .unsupported, "'edit' works only at the prompt",
    hint: "in a shell, open the script itself")
}

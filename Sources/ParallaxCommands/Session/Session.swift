internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
package import ParallaxStorage
package import ParallaxWorkbench

/// What lasts from one command to the next.
@MainActor
package final class Session {
  package let bench: Workbench
  package let console: Console
  let isInteractive: Bool
  let isSafe: Bool
  /// Asks a person yes or no; `nil` where there is nobody to ask.
  package var confirm: ((String) -> Bool)?

  /// Asks a person for a line; `nil` where there is nobody to ask. It gives `nil` for one who has had enough.
  package var ask: ((String) -> String?)?

  /// What answers questions where nobody is at a prompt; `nil` where the input holds the commands themselves.
  package var answers: AnswerLines?

  /// Has a request of the system to end do as Ctrl-C does, while it is `true`; `nil` where it ends the program.
  package var takeTermination: ((Bool) -> Void)?

  /// Asks the terminal what it can draw; `nil` where what a person types meanwhile would be lost.
  package var askTerminal: (() -> TerminalAnswer)?
  /// What it said, once it was asked.
  var terminalAnswer: TerminalAnswer?

  var settings = Settings() {
    didSet { limitImages(from: oldValue) }
  }
  var variables: [String: String] = [:]
  /// What `use` chose: a collection or `collection@space`.
  package internal(set) var current: String?
  package internal(set) var wantsToQuit = false
  /// Statements that succeeded, with the objects that were left out filled in, by the number of their
  /// input; those of scripts run by 'run' are left out, since that is among them.
  private(set) var entered = EnteredLog()
  /// Statements that succeeded, in scripts and at the prompt.
  private(set) var statementCount = 0
  /// The input that gave the last result.
  private(set) var lastResultInput = 0
  /// The number of the next line typed at the prompt.
  package internal(set) var inputNumber = 1

  /// What was typed at the prompt, by the number of its input.
  private var typed: [Int: String] = [:]
  /// What 'edit' gave, to be run in its place.
  private var edited: String?

  private var results = ResultShelf()

  package var workspace: Workspace { bench.workspace }
  var providers: ProviderEnvironment { bench.models.providers }

  /// - Parameter bench: may be shared with others who ask.
  package init(
    bench: Workbench, console: Console, isInteractive: Bool = false, isSafe: Bool = false
  ) {
    self.bench = bench
    self.console = console
    self.isInteractive = isInteractive
    self.isSafe = isSafe
  }

  /// Takes what commands show, in place of the console.
  var witness: ((CommandOutput) throws -> Void)?
  /// Takes what commands warn of, in place of the console.
  var hears: ((String) -> Void)?
  /// The notebook that is written while somebody works.
  package internal(set) var recording: Recording?

  /// Loads, beside what else is done, what the first question would wait for.
  package func warmUp() -> Task<Void, Never> {
    let bench = bench
    return Task.detached(priority: .utility) { await bench.warmUp() }
  }

  /// Shows what a command has to show.
  ///
  /// - Parameter name: of its result.
  func show(_ output: CommandOutput, named name: String?) throws {
    if let witness { return try witness(output) }
    try Renderer(session: self).show(output, named: name)
    try recording?.show(output, settings)
  }

  /// To be removed with the session.
  var temporary: TemporaryWorkspace?
  /// How deep scripts run one another.
  var scriptDepth = 0

  /// Ends the decoder's workers and closes the workspace.
  package func close() {
    bench.close()
    temporary?.remove()
  }

  /// Who works here, as the system says.
  var loginName: String? {
    ["LOGNAME", "USER"].lazy.compactMap { self.providers.variables[$0] }.first { !$0.isEmpty }
  }

  /// Leaves what `use` chose when it was dropped.
  func forget(current name: String) {
    guard let current else { return }
    if current == name || SpaceReference(current).collection == name { self.current = nil }
  }

  func progress() -> ProgressHandler { ProgressReporter(console: console).handler }

  func remember(_ statement: Statement) {
    statementCount += 1
    if scriptDepth == 0 { entered.append(Entered(number: inputNumber, statement: statement)) }
  }

  // MARK: - The prompt

  /// What stands before an input.
  package var prompt: String { "\(current.map { "\($0) " } ?? "")\(inputNumber)> " }

  /// Keeps what was typed, or would have been, as the next input.
  func keep(typed text: String) {
    typed[inputNumber] = text
    typed[inputNumber - EnteredLog.limit] = nil
  }

  /// What was typed as an input, or last; `nil` before the first one.
  ///
  /// - Throws: `unknown-name` for an input that was not.
  func typed(_ input: Int?) throws -> String? {
    guard let input else { return typed[inputNumber - 1] }
    if let text = typed[input] { return text }
    guard !(1..<inputNumber).contains(input) else {
      throw ParallaxError(
        .unknownName, "input \(input) is not kept",
        hint: "a session keeps its newest \(EnteredLog.limit) inputs")
    }
    throw ParallaxError(
      .unknownName, "there is no input \(input) in this session",
      hint: inputNumber > 1 ? "its inputs are 1 to \(inputNumber - 1)" : "this is its first one")
  }

  /// Gives a text to be run in the place of the line that runs.
  func run(edited text: String) { edited = text }

  /// The text to be run now, once.
  package func takeEdited() -> String? {
    defer { edited = nil }
    return edited
  }

  // MARK: - Results

  var resultNames: [String] { results.names }

  func keep(_ result: NamedResult) {
    lastResultInput = inputNumber
    results.keep(
      result, input: isInteractive ? inputNumber : nil, limit: settings[.resultsKept])
  }

  func dropResult(named name: String) -> Bool { results.remove(name) }

  func result(named name: String) -> NamedResult? { results[name] }

  /// The name of the last result, or the number of the input that gave it.
  var lastResultName: String? {
    results["_"].map {
      $0.name == "_" && isInteractive ? "_\(lastResultInput)" : $0.name
    }
  }

  /// What a name means that is not the name of a result.
  func hint(forResult name: String) -> String? {
    if ListCommand.Kind(rawValue: name) != nil { return "'list \(name)' shows them" }
    if name.contains("@") {
      guard (try? bench.space(SpaceReference(name))) != nil else { return nil }
      return "'\(name)' is a space, not a result: 'query \(name) …' gives one"
    }
    guard let collection = try? workspace.collection(named: name) else { return nil }
    let space = (try? bench.usualSpace(of: collection)?.reference) ?? "\(name)@SPACE"
    return "'\(name)' is a collection, not a result: 'query \(space) …' gives one, and "
      + "'export \(space) --to FILE' writes the vectors of its items"
  }

  /// The result a command works on: the one named, the one piped in, or the last one.
  func result(
    _ name: String?, _ input: NamedResult?, for command: any Command.Type
  ) throws -> NamedResult {
    if let name { return try attributing(to: ObjectKey.result) { try result(called: name) } }
    if let input { return input }
    if let last = results.last { return last }
    throw ParallaxError(
      .noResult, "there is no result yet",
      hint: "'\(command.signature.verb)' works on the result of 'query'")
  }

  private func result(called name: String) throws -> NamedResult {
    if let result = results[name] { return result }
    guard !results.hasForgotten(name) else {
      throw ParallaxError(
        .unknownName,
        "the result of input \(name.dropFirst()) is no longer kept: 'results.keep' is "
          + String(settings[.resultsKept]),
        hint: "'set results.keep' keeps more; a name such as 'red = query …' keeps one for good")
    }
    throw ParallaxError(
      .unknownName, "no result is called '\(name)'",
      hint: Suggestion.hint(for: name, among: resultNames) ?? hint(forResult: name)
        ?? "name one with 'red = query …'; 'list results' shows those there are")
  }

  /// Millionths of a US dollar that may be spent in this workspace; `nil` for no limit.
  var budget: Int? { settings[.budget] }
}

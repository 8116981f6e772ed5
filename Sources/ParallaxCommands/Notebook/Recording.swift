internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

/// A notebook that is written while somebody works: canonical commands, canonical output, notes.
///
/// What the commands need that was there before (settings, variables, results) is written above them, so
/// that a check in a fresh session finds it.
@MainActor
package final class Recording {
  private enum Part {
    case note(String)
    case command(Entered, PrintedOutput)
  }

  /// Verbs about the session alone, which are not recorded.
  private static let unrecorded: Set<String> = ["record", "help", "history", "check", "quit"]
  /// Verbs that show the whole workspace.
  private static let ofWorkspace: Set<String> = ["list", "workspace", "cost", "cache"]
  /// Settings that change results, and not only how they look.
  private static let decisive = [
    SettingKey.model.setting, SettingKey.seed.setting, SettingKey.indexFloor.setting,
  ]

  let path: String
  private let files: FileWriter
  /// What was entered before.
  private let earlier: [Entered]
  private let variables: [String: String]
  /// Lines that set what was set before.
  private let settings: [String]
  /// Collections and spaces that were there before.
  private let names: Set<String>
  private let filter: HistoryFilter
  private var parts: [Part] = []
  /// Variables and their values, also those that were defined since.
  private var values: [String: String]
  /// What the command that runs has printed.
  private var printed = PrintedOutput("", values: [:])

  /// - Throws: `file-exists` unless `replace`, and as ``FileWriter/write(_:replace:)``.
  init(to path: String, replace: Bool, in session: Session) throws {
    self.path = path
    files = session.files
    earlier = session.entered.entries
    variables = session.variables
    values = session.variables
    let present = try session.workspace.names()
    names = Set(present.collections + present.spaces)
    filter = HistoryFilter(environment: session.providers.variables)
    let unset = [SettingKey.budget.setting, SettingKey.strict.setting].map(\.name)
    settings = Setting.all.compactMap { setting in
      let (value, origin) = session.settings.text(of: setting)
      let isDecisive = Self.decisive.contains { $0.name == setting.name }
      guard value != setting.initial, !unset.contains(setting.name),
        isDecisive || origin == .session
      else { return nil }
      return "set \(setting.name) \(Quoting.quoted(value))"
    }
    try write(replace: replace)
  }

  // MARK: - While somebody works

  /// A command begins.
  func begin() { printed = PrintedOutput("", values: [:]) }

  /// What a command shows.
  func show(_ output: CommandOutput, _ settings: Settings) throws {
    if let more = try CanonicalOutput.printed(output, settings.ofSession) { printed.append(more) }
  }

  /// Prose between commands; where it cannot be written now, the next command says so.
  package func add(note: String) {
    parts.append(.note(note))
    try? write(replace: true)
  }

  /// A command that succeeded, with what it showed.
  ///
  /// - Returns: what is said of it.
  func add(_ entered: Entered, in session: Session) -> [String] {
    let verbs = entered.statement.pipeline.map(\.verb)
    if let first = verbs.first, Self.unrecorded.contains(first) { return [] }
    if filter.holdsKey(entered.text) { return ["a command with a key in it is not recorded"] }
    values.merge(session.variables) { $1 }
    parts.append(.command(entered, printed))
    do {
      try write(replace: true)
      return []
    } catch let error as ParallaxError {
      if error.code.name == ParallaxError.Code.noResult.name {
        parts.removeLast()
        return ["not recorded: \(error.message)"]
      }
      session.recording = nil
      return ["the recording ends: \(error.message)"]
    } catch {
      return ["\(error)"]
    }
  }

  /// Collections that it makes and that the workspace has now although it needs others: a check would
  /// find them there.
  var remade: [String] {
    guard !needs.isEmpty else { return [] }
    return commands.flatMap { $0.statement.pipeline }
      .filter { $0.verb == CreateCommand.signature.verb }
      .flatMap { $0.objects.filter { $0.spec.type == .name }.compactMap(\.word.literal) }
  }

  var commandCount: Int { commands.count }

  private var commands: [Entered] {
    parts.compactMap { if case .command(let entered, _) = $0 { entered } else { nil } }
  }

  // MARK: - The page

  private func write(replace: Bool) throws {
    try files.write(.init(path, Array(try page().utf8)), replace: replace)
  }

  private func page() throws -> String {
    let before = self.before
    let lines = try (before + commands).scriptLines()
    let used = Set((before + commands).flatMap(\.statement.variablesUsed))
    let definitions = variables.filter { used.contains($0.key) }.sorted { $0.key < $1.key }
      .map { "let \($0.key) = \(Quoting.quoted($0.value))" }
    let head = settings + definitions + lines.prefix(before.count)
    var page = "---\nparallax: 1\n"
    if !needs.isEmpty { page += "needs: [\(needs.joined(separator: ", "))]\n" }
    page += "---\n# \(title)\n"
    if !head.isEmpty { page += "\n```parallax\n\(head.map { $0 + "\n" }.joined())```\n" }
    var rest = lines.dropFirst(before.count)
    var isOpen = false
    for part in parts {
      switch part {
      case .note(let text):
        if isOpen { page += "```\n" }
        isOpen = false
        page += "\n\(text)\n"
      case .command(_, let output):
        if !isOpen { page += "\n```parallax\n" }
        isOpen = true
        let command = (rest.popFirst() ?? "").split(
          separator: "\n", omittingEmptySubsequences: false)
        page += "> \(command.joined(separator: "\n. "))\n"
        page += OutputComparison.written(output).map { $0 + "\n" }.joined()
      }
    }
    return page + (isOpen ? "```\n" : "")
  }

  private var title: String {
    let name = PathText.name(of: path)
    return String(name.lastIndex(of: ".").map { name[..<$0] } ?? name[...])
  }

  /// Commands from before whose results are read.
  private var before: [Entered] {
    var wanted: Set<String> = []
    var made: Set<String> = []
    var hasResult = false
    for entered in commands {
      for name in entered.statement.resultsUsed where !made.contains(name) {
        if name != "_" || !hasResult { wanted.insert(name) }
      }
      if let name = entered.statement.name { made.insert(name) }
      made.insert("_\(entered.number)")
      hasResult = hasResult || entered.givesResult
    }
    var found: [Entered] = []
    for entered in earlier.reversed() where entered.givesResult {
      let names =
        [entered.statement.name ?? "", "_\(entered.number)"] + (found.isEmpty ? ["_"] : [])
      guard names.contains(where: wanted.contains) else { continue }
      wanted.subtract(names)
      wanted.formUnion(entered.statement.resultsUsed)
      found.insert(entered, at: 0)
    }
    return found
  }

  /// What was there before and is used.
  private var needs: [String] {
    let types: [ValueType] = [.collection, .space, .system, .object]
    let used = (before + commands).flatMap { $0.statement.pipeline }.flatMap { command in
      let arguments = try? command.bound { [values] in values[$0] }
      return (arguments?.values ?? []).filter { types.contains($0.type) }.map(\.text)
    }
    let seesAll = commands.flatMap(\.statement.pipeline).contains {
      Self.ofWorkspace.contains($0.verb)
    }
    return Set(used).intersection(names)
      .union(seesAll ? names.filter { !$0.contains("@") } : []).sorted()
  }
}

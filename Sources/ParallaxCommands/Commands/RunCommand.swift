package import CommandLanguage
internal import ParallaxCore

package struct RunCommand: Command {
  private static let file = ObjectKey.required("FILE", .path)
  private static let assignments = ObjectKey.repeated("NAME=VALUE", .assignment, .any)
  private static let isDryRun = OptionKey.flag(
    "dry-run", help: "show the commands and run nothing")

  package static let signature = CommandSignature(
    verb: "run", group: "Session", summary: "run a script in this session",
    discussion: """
      The whole file is parsed and checked before its first line runs; it stops at the first \
      failure. NAME=VALUE defines $NAME for the script.
      """,
    objects: [file, assignments],
    options: [isDryRun],
    examples: ["run night.plx k=20 out=results"], runsScripts: true)

  private let path: String
  private let variables: [String: String]
  private let isDryRun: Bool

  package init(_ arguments: Arguments) throws {
    let path = try arguments[Self.file]
    try attributing(to: Self.file) { try Script.checkEnding(of: path) }
    self.path = path
    isDryRun = try arguments[Self.isDryRun]
    var variables: [String: String] = [:]
    for (index, variable) in try arguments[Self.assignments].enumerated()
    where variables.updateValue(variable.value, forKey: variable.name) != nil {
      throw arguments.error(
        at: Self.assignments, index: index, .usage,
        "'\(variable.name)' is given twice; a variable has one value")
    }
    self.variables = variables
  }

  package func foresee(in scope: inout ScriptScope) throws {
    try attributing(to: Self.file) { try scope.requireFile(path) }
    if !isDryRun { scope.forget() }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    guard session.scriptDepth < 16 else {
      throw ParallaxError(
        .unsupported, "scripts may run one another 16 deep; '\(path)' is deeper",
        parameter: Self.file.parameter())
    }
    let outer = session.variables
    defer { session.variables = outer }
    session.variables.merge(variables) { $1 }
    let text = try attributing(to: Self.file) { try Script.text(at: path) }
    let interpreter = Interpreter(session: session)
    if isDryRun {
      let statements = try interpreter.check(script: text, source: path, isDryRun: true)
        .map(\.statement)
      let table = Table(
        columns: [.init("line", .integer, isKey: true), .init("command", .text, wraps: true)],
        rows: statements.map { [Value($0.line), .text($0.canonical)] })
      // A plan is read whole.
      return CommandOutput(.shown(table, format: nil, rows: max(1, table.rows.count)))
    }
    session.scriptDepth += 1
    defer { session.scriptDepth -= 1 }
    try await interpreter.execute(script: text, source: path)
    return CommandOutput()
  }
}

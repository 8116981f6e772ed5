package import CommandLanguage
internal import ParallaxCore
private import ParallaxSystem

package struct RunCommand: Command {
  private static let file = ObjectKey.required("FILE", .path)
  private static let assignments = ObjectKey.repeated("NAME=VALUE", .assignment, .any)
  private static let isDryRun = OptionKey.flag(
    "dry-run",
    help: "show the commands, their calls to providers and the files they write; run nothing")

  package static let signature = CommandSignature(
    verb: "run", group: "Session", summary: "run a script or notebook in this session",
    discussion: """
      FILE is a script (.plx) or a notebook (.md), of which the commands in blocks of \
      ```parallax run. The whole file is parsed and checked before its first line runs; it stops at \
      the first failure that the notebook does not expect. NAME=VALUE defines $NAME for the \
      script. FILE is never changed: 'check' compares what a notebook prints ('help notebooks').
      """,
    objects: [file, assignments],
    options: [isDryRun],
    examples: ["run night.plx k=20 out=results", "run night.md --dry-run"], runsScripts: true)

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

  package func demand(in scope: PlanScope) async throws -> CallDemand {
    if isDryRun { return .none }
    throw ParallaxError(.unsupported, "'run \(path) --dry-run' shows them")
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    guard session.scriptDepth < 16 else {
      throw ParallaxError(
        .unsupported, "scripts may run one another 16 deep; '\(path)' is deeper",
        parameter: Self.file.parameter())
    }
    let outer = session.variables
    defer { session.variables = outer }
    let script = try attributing(to: Self.file) { try Script(at: PathText.expandingHome(path)) }
    let interpreter = Interpreter(session: session)
    if isDryRun {
      session.variables.merge(script.parameters) { $1 }
      session.variables.merge(variables) { $1 }
      return try await ScriptPlan(
        of: interpreter.check(script, isDryRun: true), in: session
      ).output
    }
    session.scriptDepth += 1
    defer { session.scriptDepth -= 1 }
    try await interpreter.execute(script, variables: variables)
    return CommandOutput()
  }
}

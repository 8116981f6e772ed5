package import CommandLanguage
internal import ParallaxCore

package enum RunCommand: Command {
  package static let signature = CommandSignature(
    verb: "run", group: "Session", summary: "run a script in this session",
    discussion: """
      The whole file is parsed and checked before its first line runs; then it stops at the first \
      failure. NAME=VALUE defines $NAME for it.
      """,
    objects: [ObjectSpec("FILE", .path), ObjectSpec("NAME=VALUE", .assignment, .any)],
    options: [.flag("dry-run", help: "show the commands and run nothing")],
    examples: ["run night.plx k=20 out=results"], runsScripts: true)

  package static func validate(_ arguments: Arguments) throws {
    var names: Set<String> = []
    for (index, assignment) in arguments.assignments("NAME=VALUE").enumerated()
    where !names.insert(assignment.name).inserted {
      throw arguments.error(
        atObject: "NAME=VALUE", index: index, .usage,
        "'\(assignment.name)' is given twice; a variable has one value")
    }
  }

  package static func foresee(_ arguments: Arguments, in scope: inout ScriptScope) throws {
    try scope.requireFile(
      arguments.object("FILE") ?? "", at: arguments.location(ofObject: "FILE"))
    if !arguments.flag("dry-run") { scope.forget() }
  }

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    let path = arguments.object("FILE") ?? ""
    guard session.scriptDepth < 16 else {
      throw arguments.error(
        atObject: "FILE", .unsupported, "scripts may run one another 16 deep; '\(path)' is deeper")
    }
    let outer = session.variables
    defer { session.variables = outer }
    for assignment in arguments.assignments("NAME=VALUE") {
      session.variables[assignment.name] = assignment.value
    }
    let text: String
    do {
      text = try Script.text(at: path)
    } catch let error as ParallaxError {
      throw error.located(at: arguments.location(ofObject: "FILE"))
    }
    let interpreter = Interpreter(session: session)
    if arguments.flag("dry-run") {
      let statements = try interpreter.parse(text, source: path, style: .script, isDryRun: true)
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

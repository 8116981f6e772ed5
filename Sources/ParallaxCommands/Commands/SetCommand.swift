package import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage

package enum SetCommand: Command {
  package static let signature = CommandSignature(
    verb: "set", group: "Session", summary: "change a setting",
    discussion: "'show settings' lists the settings with their values and where each came from.",
    objects: [ObjectSpec("SETTING", .setting), ObjectSpec("VALUE", .settingValue)],
    options: [.flag("workspace", help: "keep it in the workspace, for later sessions too")],
    examples: ["set show.precision 6", "set mode csv --workspace"])

  package static func foresee(_ arguments: Arguments, in scope: inout ScriptScope) throws {
    _ = try checked(arguments)
  }

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    let (name, checked) = try checked(arguments)
    if arguments.flag("workspace") {
      try session.workspace.setSetting(name, to: checked)
      try session.settings.set(name, to: checked, from: .workspace)
      try session.settings.reset(name, from: .session)
    } else {
      try session.settings.set(name, to: checked, from: .session)
    }
    return CommandOutput()
  }

  private static func checked(
    _ arguments: Arguments
  ) throws -> (name: String, value: String) {
    let value = arguments.object("VALUE") ?? ""
    let setting = try located(arguments, "SETTING") {
      try Setting.named(arguments.object("SETTING") ?? "")
    }
    return (setting.name, try located(arguments, "VALUE") { try setting.checked(value) })
  }

  private static func located<Result>(
    _ arguments: Arguments, _ object: String, _ body: () throws -> Result
  ) throws -> Result {
    do { return try body() } catch let error as ParallaxError {
      throw error.located(at: arguments.location(ofObject: object))
    }
  }
}

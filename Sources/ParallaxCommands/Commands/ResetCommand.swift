package import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage

package enum ResetCommand: Command {
  package static let signature = CommandSignature(
    verb: "reset", group: "Session", summary: "take a setting back to what it was before 'set'",
    objects: [ObjectSpec("SETTING", .setting, keywords: ["all"])],
    options: [.flag("workspace", help: "take the workspace's value away, too")],
    examples: ["reset show.precision", "reset all"])

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    let name = arguments.object("SETTING") ?? ""
    let settings = name == "all" ? Setting.all : [try setting(name, arguments)]
    for setting in settings {
      try session.settings.reset(setting.name, from: .session)
      if arguments.flag("workspace") {
        try session.workspace.setSetting(setting.name, to: nil)
        try session.settings.reset(setting.name, from: .workspace)
      }
    }
    return CommandOutput()
  }

  private static func setting(_ name: String, _ arguments: Arguments) throws -> Setting {
    do { return try Setting.named(name) } catch let error as ParallaxError {
      throw error.located(at: arguments.location(ofObject: "SETTING"))
    }
  }
}

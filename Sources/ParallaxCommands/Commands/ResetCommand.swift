package import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage

package struct ResetCommand: Command {
  private static let setting = ObjectKey.required("SETTING", .setting, keywords: ["all"])
  private static let isOfWorkspace = OptionKey.flag(
    "workspace", help: "also remove the workspace's value")

  package static let signature = CommandSignature(
    verb: "reset", group: "Session", summary: "undo 'set' for a setting",
    objects: [setting],
    options: [isOfWorkspace],
    examples: ["reset show.precision", "reset all"])

  private let settings: [Setting]
  private let isOfWorkspace: Bool

  package init(_ arguments: Arguments) throws {
    let name = try arguments[Self.setting]
    settings =
      name == "all"
      ? Setting.all : [try attributing(to: Self.setting) { try Setting.named(name) }]
    isOfWorkspace = try arguments[Self.isOfWorkspace]
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    for setting in settings {
      session.settings.reset(setting, from: .session)
      if isOfWorkspace {
        try session.workspace.setSetting(setting.name, to: nil)
        session.settings.reset(setting, from: .workspace)
      }
    }
    return CommandOutput()
  }
}

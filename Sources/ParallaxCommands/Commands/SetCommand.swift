package import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage

package struct SetCommand: Command {
  private static let setting = ObjectKey.required("SETTING", .setting)
  private static let value = ObjectKey.required("VALUE", .settingValue)
  private static let isForWorkspace = OptionKey.flag(
    "workspace", help: "keep it in the workspace, also for later sessions")

  package static let signature = CommandSignature(
    verb: "set", group: "Session", summary: "change a setting",
    discussion: "'show settings' lists the settings with their values and where each came from.",
    objects: [setting, value],
    options: [isForWorkspace],
    examples: ["set show.precision 6", "set mode csv --workspace"])

  let setting: Setting
  /// In its canonical form.
  let value: String
  private let isForWorkspace: Bool

  package init(_ arguments: Arguments) throws {
    let setting = try attributing(to: Self.setting) {
      try Setting.named(arguments[Self.setting])
    }
    value = try attributing(to: Self.value) { try setting.checked(arguments[Self.value]) }
    self.setting = setting
    isForWorkspace = try arguments[Self.isForWorkspace]
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    if isForWorkspace {
      try session.workspace.setSetting(setting.name, to: value)
      try session.settings.set(setting, to: value, from: .workspace)
      session.settings.reset(setting, from: .session)
    } else {
      try session.settings.set(setting, to: value, from: .session)
    }
    return CommandOutput()
  }
}

import ParallaxCore
import Testing

@testable import ParallaxCommands

@Suite struct SettingsTests {
  @Test func `the session stands above the environment, the workspace and the user`() throws {
    var settings = Settings()
    let setting = SettingKey.showRows.setting
    #expect(settings[.showRows] == 20)
    let origins: [(Settings.Origin, String)] = [
      (.user, "1"), (.workspace, "2"), (.environment, "3"), (.session, "4"),
    ]
    for (origin, value) in origins {
      try settings.set(setting, to: value, from: origin)
      #expect(settings[.showRows] == Int(value))
    }
    for (origin, _) in origins.reversed() {
      #expect(settings.text(of: setting).origin == origin)
      settings.reset(setting, from: origin)
    }
    #expect(settings[.showRows] == 20)
  }

  @Test(arguments: [
    ("show.rows", "0", "'show.rows' takes a whole number from 1 to 1000000; got '0'"),
    ("show.precision", "many", "'show.precision' takes a whole number from 0 to 15; got 'many'"),
    ("strict", "maybe", "'strict' takes 'on' or 'off'; got 'maybe'"),
    ("model", "", "'model' takes a text that is not empty; got ''"),
  ])
  func `a bad value is refused with the rule`(name: String, value: String, message: String) {
    var settings = Settings()
    #expect {
      try settings.set(Setting.named(name), to: value, from: .session)
    } throws: { ($0 as? ParallaxError)?.message == message }
  }

  @Test(arguments: [("on", "on"), ("TRUE", "on"), ("0", "off"), ("no", "off")])
  func `flags have one canonical form`(value: String, canonical: String) throws {
    var settings = Settings()
    try settings.set(SettingKey.strict.setting, to: value, from: .session)
    #expect(settings.text(of: SettingKey.strict.setting).value == canonical)
    #expect(settings[.strict] == (canonical == "on"))
  }

  @Test func `each value has its type`() throws {
    var settings = Settings()
    #expect(settings[.mode].id == "table" && settings[.model] == "mini")
    #expect(settings[.budget] == nil && settings[.indexFloor] == 0.9 && !settings[.errorCodes])
    for (name, value) in [
      ("mode", "csv"), ("model", "big"), ("budget", "0.25"), ("index.floor", "1"),
      ("error.codes", "on"), ("image.max_megabytes", "7"),
    ] { try settings.set(Setting.named(name), to: value, from: .session) }
    #expect(settings[.mode].id == "csv" && settings[.model] == "big")
    #expect(settings[.budget] == 250_000 && settings[.indexFloor] == 1 && settings[.errorCodes])
    #expect(settings[.imageMegabytes] == 7)
    try settings.set(Setting.named("budget"), to: "NONE", from: .session)
    #expect(settings[.budget] == nil)
  }

  @Test func `a mistyped name is answered with the near one`() {
    #expect {
      try Setting.named("show.rosw")
    } throws: { ($0 as? ParallaxError)?.hint == "did you mean 'show.rows'?" }
  }

  @Test func `each setting has an environment variable, and a default that it takes`() throws {
    #expect(Set(Setting.all.map(\.variable)).count == Setting.all.count)
    #expect(Setting.all.map(\.variable).contains("PARALLAX_SHOW_ROWS"))
    for setting in Setting.all { #expect(try setting.checked(setting.initial) == setting.initial) }
  }
}

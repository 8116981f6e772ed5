internal import ParallaxCore
private import ParallaxProviders

/// A named setting with the rule of its values, default and meaning; declared through its ``SettingKey``.
struct Setting: Sendable {
  enum Kind: Sendable {
    case integer(ClosedRange<Int>)
    case choice([String])
    case number(ClosedRange<Double>)
    case flag
    /// The name or path of a model.
    case model
    /// US dollars, or `none`.
    case amount
    /// A place in a bucket of Google Cloud Storage, or `none`.
    case bucket
  }

  let name: String
  let kind: Kind
  let initial: String
  let summary: String

  /// The environment variable that sets it, such as `PARALLAX_SHOW_ROWS`.
  var variable: String {
    "PARALLAX_" + name.uppercased().map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
  }

  /// - Throws: `unknown-setting` with a near name.
  static func named(_ name: String) throws -> Setting {
    if let setting = all.first(where: { $0.name == name }) { return setting }
    throw ParallaxError(
      .unknownSetting, "unknown setting '\(name)'",
      hint: Suggestion.hint(for: name, among: all.map(\.name)) ?? "'show settings' lists them")
  }

  /// The canonical form of a value.
  ///
  /// - Throws: `invalid-value` stating what the setting takes.
  func checked(_ value: String) throws -> String {
    if let canonical = canonical(value) { return canonical }
    let choices: [String] = if case .choice(let choices) = kind { choices } else { [] }
    throw ParallaxError(
      .invalidValue, "'\(name)' takes \(rule); got '\(value)'",
      hint: Suggestion.hint(for: value, among: choices))
  }

  /// What a value must be, as it ends the sentence `'mode' takes …`.
  var rule: String {
    switch kind {
    case .model: "a text that is not empty"
    case .flag: "'on' or 'off'"
    case .choice(let choices): "one of \(choices.joined(separator: ", "))"
    case .bucket: "\(JobBucket.form), or 'none'"
    case .amount: "an amount of US dollars such as 5.00, or 'none'"
    case .number(let range): "a number from \(Int(range.lowerBound)) to \(Int(range.upperBound))"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    }
  }

  private func canonical(_ value: String) -> String? {
    switch kind {
    case .model: return value.isEmpty ? nil : value
    case .flag:
      switch value.lowercased() {
      case "on", "true", "yes", "1": return "on"
      case "off", "false", "no", "0": return "off"
      default: return nil
      }
    case .choice(let choices): return choices.contains(value) ? value : nil
    case .bucket:
      if value.lowercased() == "none" { return "none" }
      return (try? JobBucket(value))?.address
    case .amount:
      if value.lowercased() == "none" { return "none" }
      return Double(value).flatMap { (0...1e9).contains($0) ? value : nil }
    case .number(let range): return Double(value).flatMap { range.contains($0) ? value : nil }
    case .integer(let range):
      return Int(value).flatMap { range.contains($0) ? String($0) : nil }
    }
  }
}

/// The values in force and where each came from: the session, the environment,
/// the workspace, the user's configuration, or the built-in value, in this order.
struct Settings: Sendable {
  enum Origin: String, Sendable, CaseIterable {
    case session, environment, workspace, user = "user configuration", builtIn = "built-in"
  }

  private var values: [Origin: [String: String]] = [:]

  /// - Throws: `invalid-value` stating what the setting takes.
  mutating func set(_ setting: Setting, to text: String, from origin: Origin) throws {
    values[origin, default: [:]][setting.name] = try setting.checked(text)
  }

  /// Goes back to what stands below `origin`.
  mutating func reset(_ setting: Setting, from origin: Origin) {
    values[origin]?[setting.name] = nil
  }

  /// The canonical form of the value in force.
  func text(of setting: Setting) -> (value: String, origin: Origin) {
    for origin in Origin.allCases {
      if let value = values[origin]?[setting.name] { return (value, origin) }
    }
    return (setting.initial, .builtIn)
  }

  /// What the session alone has set.
  var ofSession: Settings {
    var settings = self
    settings.values = values.filter { $0.key == .session }
    return settings
  }

  subscript<Value>(key: SettingKey<Value>) -> Value {
    key.read(text(of: key.setting).value) ?? key.initial
  }
}

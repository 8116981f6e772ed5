internal import ParallaxCore
internal import ParallaxReporting

/// A named setting with its type, default and meaning; one line in `Setting.all`.
struct Setting: Sendable {
  enum Kind: Sendable {
    case integer(ClosedRange<Int>)
    case choice([String])
    case number(ClosedRange<Double>)
    case flag
    case text
    /// The name or path of a model.
    case model
    /// US dollars, or `none`.
    case amount
  }

  let name: String
  let kind: Kind
  let initial: String
  let summary: String

  /// The environment variable that sets it, such as `PARALLAX_SHOW_ROWS`.
  var variable: String {
    "PARALLAX_" + name.uppercased().map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
  }

  static let all: [Setting] = [
    Setting(
      name: "mode", kind: .choice(FormatRegistry.ids), initial: "table",
      summary: "format of results on the standard output"),
    Setting(
      name: "model", kind: .model, initial: "mini", summary: "model of 'embed' without --model"),
    Setting(
      name: "show.rows", kind: .integer(1...1_000_000), initial: "20",
      summary: "rows of a result shown on a terminal"),
    Setting(
      name: "show.precision", kind: .integer(0...15), initial: "4",
      summary: "digits after the point in tables"),
    Setting(
      name: "image.max_megapixels", kind: .integer(1...100_000), initial: "250",
      summary: "millions of pixels an image may have; its worker gets memory for as many"),
    Setting(
      name: "image.max_megabytes", kind: .integer(1...1_000_000), initial: "1000",
      summary: "millions of bytes the file of an image may have"),
    Setting(
      name: "results.keep", kind: .integer(0...1_000_000), initial: "100",
      summary: "results of past inputs kept as _1, _2, …; 0.1 KB a cell"),
    Setting(
      name: "budget", kind: .amount, initial: "none",
      summary: "US dollars that remote providers may be paid in this workspace"),
    Setting(
      name: "index.floor", kind: .number(0...1), initial: "0.9",
      summary: "measured recall of an index below which 'query' compares every row instead"),
    Setting(
      name: "error.codes", kind: .flag, initial: "off",
      summary: "print the stable code of each error"),
    Setting(
      name: "strict", kind: .flag, initial: "off", summary: "treat warnings as errors"),
  ]

  static func isKnown(_ name: String) -> Bool { all.contains { $0.name == name } }

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
    case .text, .model: "a text that is not empty"
    case .flag: "'on' or 'off'"
    case .choice(let choices): "one of \(choices.joined(separator: ", "))"
    case .amount: "an amount of US dollars such as 5.00, or 'none'"
    case .number(let range): "a number from \(Int(range.lowerBound)) to \(Int(range.upperBound))"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    }
  }

  private func canonical(_ value: String) -> String? {
    switch kind {
    case .text, .model: return value.isEmpty ? nil : value
    case .flag:
      switch value.lowercased() {
      case "on", "true", "yes", "1": return "on"
      case "off", "false", "no", "0": return "off"
      default: return nil
      }
    case .choice(let choices): return choices.contains(value) ? value : nil
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

  mutating func set(_ name: String, to value: String, from origin: Origin) throws {
    values[origin, default: [:]][name] = try Setting.named(name).checked(value)
  }

  /// Goes back to what stands below `origin`.
  mutating func reset(_ name: String, from origin: Origin) throws {
    values[origin]?[try Setting.named(name).name] = nil
  }

  mutating func resetAll(from origin: Origin) { values[origin] = nil }

  func value(_ setting: Setting) -> (value: String, origin: Origin) {
    for origin in Origin.allCases {
      if let value = values[origin]?[setting.name] { return (value, origin) }
    }
    return (setting.initial, .builtIn)
  }

  subscript(name: String) -> String {
    Setting.all.first { $0.name == name }.map { value($0).value } ?? ""
  }

  func isOn(_ name: String) -> Bool { self[name] == "on" }

  func integer(_ name: String) -> Int { Int(self[name]) ?? 0 }

  func number(_ name: String) -> Double { Double(self[name]) ?? 0 }

  /// Millionths of a US dollar; `nil` for `none`.
  func micros(_ name: String) -> Int? {
    Double(self[name]).map { Int(($0 * 1e6).rounded()) }
  }
}

/// One option of a command.
package struct OptionSpec: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    /// Present or not; `isNegatable` adds `--no-NAME`.
    case flag
    /// One value, given at most once.
    case single
    /// `a,b,c`, or repeated, or both.
    case list
    /// Repeatable values with an optional weight: `--text "at night"^0.7`.
    case weighted
  }

  /// Without the dashes.
  package var name: String
  package var kind: Kind
  package var type: ValueType
  /// The value's name in help, such as `N`.
  package var placeholder: String
  package var help: String
  /// What counts when it is not written, for help; ``OptionKey`` applies it.
  package var defaultValue: String?
  package var isRequired: Bool
  /// By hand only: `k` for `-k`.
  package var shortName: Character?
  package var isNegatable: Bool

  package init(
    _ name: String, kind: Kind, type: ValueType = .text, placeholder: String = "",
    help: String = "", defaultValue: String? = nil, isRequired: Bool = false,
    shortName: Character? = nil, isNegatable: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.type = type
    self.placeholder = placeholder
    self.help = help
    self.defaultValue = defaultValue
    self.isRequired = isRequired
    self.shortName = shortName
    self.isNegatable = isNegatable
  }

  package static func flag(
    _ name: String, help: String, negatable: Bool = false, short: Character? = nil
  ) -> OptionSpec {
    OptionSpec(name, kind: .flag, help: help, shortName: short, isNegatable: negatable)
  }

  package static func single(
    _ name: String, _ type: ValueType, placeholder: String, help: String,
    default defaultValue: String? = nil, required: Bool = false, short: Character? = nil
  ) -> OptionSpec {
    OptionSpec(
      name, kind: .single, type: type, placeholder: placeholder, help: help,
      defaultValue: defaultValue, isRequired: required, shortName: short)
  }

  package static func list(
    _ name: String, _ type: ValueType, placeholder: String, help: String,
    default defaultValue: String? = nil, required: Bool = false, short: Character? = nil
  ) -> OptionSpec {
    OptionSpec(
      name, kind: .list, type: type, placeholder: placeholder, help: help,
      defaultValue: defaultValue, isRequired: required, shortName: short)
  }

  package static func weighted(
    _ name: String, _ type: ValueType, placeholder: String, help: String
  ) -> OptionSpec {
    OptionSpec(name, kind: .weighted, type: type, placeholder: placeholder, help: help)
  }

  /// The option with its value, such as `--top N`, `--text T[^W]` or `--[no-]images`.
  package var label: String {
    switch kind {
    case .flag: isNegatable ? "--[no-]\(name)" : "--\(name)"
    case .single: "--\(name) \(placeholder)"
    case .list: "--\(name) \(placeholder),…"
    case .weighted: "--\(name) \(placeholder)[^W]"
    }
  }

  /// As it stands in a usage line: in brackets unless required, `…` where it may be repeated.
  package var usage: String {
    let bracketed = isRequired ? label : "[\(label)]"
    return kind == .weighted ? bracketed + "…" : bracketed
  }
}

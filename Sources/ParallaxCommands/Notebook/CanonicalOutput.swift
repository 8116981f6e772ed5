internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting

/// What a command prints where no person's terminal or settings count: in notebooks.
///
/// Plain tables laid out for 100 columns: texts are cut or folded to them, no row or column is left out.
@MainActor
enum CanonicalOutput {
  nonisolated static let width = 100

  /// The settings of a notebook before it sets any.
  static var settings: Settings {
    var settings = Settings()
    // A name of the program's own, which is valid.
    try? settings.set(SettingKey.errorCodes.setting, to: "on", from: .builtIn)
    return settings
  }

  static func printed(_ output: CommandOutput, _ settings: Settings) throws -> PrintedOutput? {
    switch output.body {
    case .none, .kept: return nil
    case .text(let text): return PrintedOutput(text)
    case .table(let table): return try printed(table, nil, rows: nil, settings)
    case .shown(let table, let format, let rows):
      return try printed(table, format, rows: rows, settings)
    }
  }

  /// The block of an error, without the place in a file: the command stands above it.
  nonisolated static func block(of error: ParallaxError) -> String {
    var error = error
    error.location = nil
    return ErrorFormatter(width: width, showsCodes: true).error(error)
  }

  private static func printed(
    _ table: Table, _ format: (any TableFormat.Type)?, rows: Int?, _ settings: Settings
  ) throws -> PrintedOutput {
    let format = format ?? settings[.mode]
    let limit = rows ?? table.rows.count
    let shown =
      table.rows.count > limit ? table.replacing(rows: Array(table.rows.prefix(limit))) : table
    let presentation = Presentation(width: width, fractionDigits: settings[.showPrecision])
    if format is TableTextFormat.Type { return try PrintedOutput(shown, for: presentation) }
    var text = ""
    try FormatRegistry.make(format, for: presentation).write(shown) { text += $0 }
    return PrintedOutput(text)
  }
}

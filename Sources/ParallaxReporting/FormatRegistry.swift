package import ParallaxCore

/// The output formats there are; options, completion and messages read this.
package enum FormatRegistry {
  package static let all: [any TableFormat.Type] = [
    TableTextFormat.self,
    LineFormat.self,
    CSVFormat.self,
    TSVFormat.self,
    JSONFormat.self,
    JSONLinesFormat.self,
    MarkdownFormat.self,
    HTMLFormat.self,
    LaTeXFormat.self,
  ]

  /// The names of the formats.
  package static let ids = all.map { $0.id }

  /// The endings that choose a format, as in `.csv .tsv`.
  package static let endings =
    (all.flatMap { $0.fileExtensions } + [ParquetTable.fileExtension]).map { "." + $0 }
    .joined(separator: " ")

  /// The format with those of the options that it has.
  package static func make(
    _ format: any TableFormat.Type, for presentation: Presentation, isSpreadsheetSafe: Bool = false
  ) -> any TableFormat {
    switch format {
    case let format as any ReadableFormat.Type: format.init(for: presentation)
    case let format as any SpreadsheetFormat.Type:
      format.init(isSpreadsheetSafe: isSpreadsheetSafe)
    default: format.init()
    }
  }

  /// - Throws: `invalid-value` naming the formats.
  package static func format(named id: String) throws -> any TableFormat.Type {
    if let format = all.first(where: { $0.id == id }) { return format }
    throw ParallaxError(
      .invalidValue, "'\(id)' is not a format; the formats are \(ids.joined(separator: ", "))",
      hint: Suggestion.hint(for: id, among: ids))
  }

  /// The format that a file's ending chooses.
  ///
  /// - Throws: `invalid-value` naming the endings.
  package static func format(forPath path: String) throws -> any TableFormat.Type {
    let name = path.split(separator: "/").last ?? ""
    let ending = name.contains(".") ? name.split(separator: ".").last?.lowercased() ?? "" : ""
    if let format = all.first(where: { $0.fileExtensions.contains(ending) }) { return format }
    throw ParallaxError(
      .invalidValue, "the ending of '\(path)' is not that of a format; the endings are \(endings)",
      hint: "--format chooses one, whatever the ending")
  }
}

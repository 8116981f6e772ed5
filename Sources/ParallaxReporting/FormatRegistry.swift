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
  ]

  /// - Throws: `invalid-value` naming the formats.
  package static func format(named id: String) throws -> any TableFormat.Type {
    if let format = all.first(where: { $0.id == id }) { return format }
    let ids = all.map { $0.id }
    throw ParallaxError(
      .invalidValue, "'\(id)' is no format; there are \(ids.joined(separator: ", "))",
      hint: Suggestion.hint(for: id, among: ids))
  }

  /// The format that a file's ending chooses.
  ///
  /// - Throws: `invalid-value` naming the endings.
  package static func format(forPath path: String) throws -> any TableFormat.Type {
    let name = path.split(separator: "/").last ?? ""
    let ending = name.contains(".") ? name.split(separator: ".").last?.lowercased() ?? "" : ""
    if let format = all.first(where: { $0.fileExtensions.contains(ending) }) { return format }
    let endings = all.flatMap { $0.fileExtensions }.map { "." + $0 }.joined(separator: " ")
    throw ParallaxError(
      .invalidValue, "the ending of '\(path)' chooses no format; the endings are \(endings)",
      hint: "--format names one, whatever the ending")
  }
}

package import ParallaxCore

/// A cell as a file holds it, before columns get a kind.
package enum RawCell: Sendable, Hashable {
  case empty
  /// A text whose kind is still to be inferred.
  case untyped(String)
  /// A value whose kind the format states, as JSON does.
  case typed(Value)
  /// An array of JSON whose elements are values, none of them null, and its text.
  case several([Value], String)

  /// The text of the cell; `nil` when it is empty.
  var text: String? {
    switch self {
    case .empty: nil
    case .untyped(let text): text
    case .typed(let value): value == .null ? nil : value.plainText
    case .several(_, let text): text
    }
  }
}

/// Rows under named columns: what CSV and JSON have in common.
package protocol MetadataRecords: Sendable {
  /// Distinct and not empty.
  var columnNames: [String] { get }
  var rowCount: Int { get }
  var issues: [IngestIssue] { get }
  /// Columns that hold several values of an image whatever is asked.
  var listColumns: Set<String> { get }

  func cell(row: Int, column: Int) -> RawCell
  /// The one-based line on which a row begins.
  func line(ofRow row: Int) -> Int
}

extension MetadataRecords {
  package var listColumns: Set<String> { [] }

  /// The column named `name`, or without a name the first of `usual` there is, in any case.
  ///
  /// - Returns: `nil` when no name was given and there is none of the usual ones.
  /// - Throws: `unknown-name`, with the nearest column as a hint.
  func column(named name: String?, or usual: [String], in source: String) throws -> Int? {
    guard let name else {
      return usual.lazy.compactMap { wanted in
        columnNames.firstIndex { $0.lowercased() == wanted }
      }.first
    }
    if let column = columnNames.firstIndex(of: name) { return column }
    throw unknownColumn(name, in: source)
  }

  func unknownColumn(_ name: String, in source: String) -> ParallaxError {
    ParallaxError(
      .unknownName, "'\(source)' has no column '\(name)'; it has \(quotedColumnNames)",
      hint: Suggestion.hint(for: name, among: columnNames))
  }

  /// The names for a message, the first of many.
  var quotedColumnNames: String {
    let shown = columnNames.prefix(12).map { "'\($0)'" }.joined(separator: ", ")
    let rest = columnNames.count - 12
    return rest > 0 ? "\(shown) and \(rest) more" : shown
  }
}

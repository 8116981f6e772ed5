package import ParallaxCore
package enum CSVFormat: TableFormat {
  package static let id = "csv"
  package static let fileExtensions = ["csv"]
  package static let summary = "csv"
  package static func write(_ table: Table, style: TableStyle, to output: (String) throws -> Void) throws {
    try output(table.columns.map(\.name).joined(separator: ",") + "\n")
    for row in table.rows { try output(row.map(\.plainText).joined(separator: ",") + "\n") }
  }
}
package enum FormatRegistry {
  package static let all: [any TableFormat.Type] = [CSVFormat.self]
  package static func format(named: String) throws -> any TableFormat.Type { CSVFormat.self }
  package static func format(forPath: String) throws -> any TableFormat.Type { CSVFormat.self }
}
package enum Wording {
  package static func count(_ value: Int) -> String { String(value) }
  package static func bytes(_ value: Int) -> String { String(value) }
  package static func milliseconds(_ value: Double) -> String { "\(value) ms" }
  package static func score(_ value: Float) -> String { "\(value)" }
}
package enum AtomicFile { package static func write(_ bytes: [UInt8], to: String, replace: Bool) throws {} }
package enum ProvenanceValue: Sendable { case text(String) }
package enum Exporter {
  package static func write(_ table: Table, format: any TableFormat.Type, style: TableStyle, to: String, replace: Bool, provenance: [(String, ProvenanceValue)]) throws {}
}

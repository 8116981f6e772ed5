/// One statement: a pipeline, named or not.
package struct Statement: Sendable {
  /// The name given to the last command's result: `red = …`.
  package let name: String?
  package let nameRange: Range<Int>?
  /// At least one.
  package let pipeline: [ParsedCommand]
  package let source: SourceText
  /// UTF-8 offsets of the whole statement in the source.
  package let range: Range<Int>

  /// As typed.
  package var text: String { source[range] }
  /// One-based; counted from the source's first line.
  package var line: Int { source.line(at: range.lowerBound) }

  /// Full verbs and option names, minimal quoting, variables kept.
  package var canonical: String {
    let commands = pipeline.map(\.canonical).joined(separator: " | ")
    return name.map { "\($0) = \(commands)" } ?? commands
  }
}

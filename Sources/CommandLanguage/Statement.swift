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

  /// The same statement with commands that have been completed.
  package func replacing(pipeline: [ParsedCommand]) -> Statement {
    Statement(name: name, nameRange: nameRange, pipeline: pipeline, source: source, range: range)
  }

  /// The names of results it reads.
  package var resultsUsed: [String] {
    pipeline.flatMap(\.objects).filter {
      $0.spec.type.isResult($0.word.literal) && !$0.spec.isKeyword($0.word)
    }.compactMap(\.word.literal)
  }

  /// The names of variables it reads.
  package var variablesUsed: [String] {
    pipeline.flatMap { $0.objects.map(\.word) + $0.options.compactMap(\.value) }
      .flatMap(\.variables).map(\.name)
  }

  /// The canonical form with some results called otherwise, and under a name where it has none.
  package func canonical(named fallback: String?, renaming names: [String: String]) -> String {
    let renamed = replacing(pipeline: pipeline.map { $0.renaming(results: names) })
    guard name == nil, let fallback else { return renamed.canonical }
    return "\(fallback) = \(renamed.canonical)"
  }

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

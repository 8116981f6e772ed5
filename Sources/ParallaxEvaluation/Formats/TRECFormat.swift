private import ParallaxCore

/// The files of trec_eval: judgements as `question 0 item grade`, runs as
/// `question Q0 item rank score name`, fields between blanks.
///
/// Blank lines and lines that begin with `#` are skipped. Ranks are ignored, as trec_eval does: items are
/// ordered by score. Grades that are no whole numbers and scores that are not finite, which trec_eval
/// silently misreads, are refused. Ids are unescaped as described in ``TRECIdentifier``.
package enum TRECFormat {
  /// - Parameter name: of the file, for errors.
  /// - Throws: `invalid-value` with file and line; `CancellationError`.
  package static func judgements(_ bytes: [UInt8], named name: String) throws -> Judgements {
    let file = SourceFile(bytes, named: name)
    var collector = JudgementCollector(file)
    try file.forEachLine { fields in
      guard fields.count == 4 else {
        throw file.fault(
          fields.line, "a judgement has 4 fields: question, 0, item, grade; got \(fields.count)",
          hint: fields.count > 4 ? "an id has no blanks in this form; CSV takes them" : nil)
      }
      try collector.add(
        TRECIdentifier.unescaped(fields.text(0)), TRECIdentifier.unescaped(fields.text(2)),
        file.grade(fields.text(3), fields.line), line: fields.line)
    }
    return try collector.judgements()
  }

  /// - Parameter name: of the file, for errors.
  /// - Throws: `invalid-value` with file and line; `CancellationError`.
  package static func run(_ bytes: [UInt8], named name: String) throws -> Run {
    let file = SourceFile(bytes, named: name)
    var collector = RunCollector(file)
    try file.forEachLine { fields in
      guard fields.count >= 6 else {
        throw file.fault(
          fields.line,
          "an answer has 6 fields: question, Q0, item, rank, score, name; got \(fields.count)")
      }
      try collector.add(
        TRECIdentifier.unescaped(fields.text(0)), TRECIdentifier.unescaped(fields.text(2)),
        file.score(fields.text(4), fields.line), line: fields.line)
    }
    return try collector.run()
  }

  /// Writes a run; a question with an empty list has no line.
  ///
  /// - Parameter name: of the run, in its last field.
  /// - Returns: the ids that had to be escaped.
  /// - Throws: `invalid-value` for an empty id, and what `output` throws.
  package static func write(
    _ run: Run, name: String, to output: (String) throws -> Void
  ) throws -> [TRECIdentifier] {
    var ids = Identifiers()
    let name = try ids.written(name, of: "a run")
    ids.escaped = []
    for question in run.questions {
      let written = try ids.written(question, of: "a question")
      for (index, item) in (run.lists[question] ?? []).enumerated() {
        let id = try ids.written(item.id.rawValue, of: "an item")
        try output("\(written) Q0 \(id) \(index + 1) \(item.score) \(name)\n")
      }
    }
    return ids.escaped
  }

  /// Writes judgements, the items of a question in the order of their ids.
  ///
  /// - Returns: the ids that had to be escaped.
  /// - Throws: `invalid-value` for an empty id, and what `output` throws.
  package static func write(
    _ judgements: Judgements, to output: (String) throws -> Void
  ) throws -> [TRECIdentifier] {
    var ids = Identifiers()
    for question in judgements.questions {
      let written = try ids.written(question, of: "a question")
      let grades = judgements.grades[question]?.all ?? [:]
      for (item, grade) in grades.sorted(by: { $0.key < $1.key }) {
        let id = try ids.written(item.rawValue, of: "an item")
        try output("\(written) 0 \(id) \(grade)\n")
      }
    }
    return ids.escaped
  }

  /// Remembers each escaped id once.
  private struct Identifiers {
    var escaped: [TRECIdentifier] = []
    private var known: Set<String> = []

    mutating func written(_ id: String, of what: String) throws -> String {
      guard !id.isEmpty else {
        throw ParallaxError(
          .invalidValue, "the id of \(what) is empty, which the TREC form cannot say",
          hint: "export as CSV or JSON")
      }
      let identifier = TRECIdentifier(id)
      if identifier.written != id, known.insert(id).inserted { escaped.append(identifier) }
      return identifier.written
    }
  }
}

internal import ParallaxCore
private import ParallaxDigest
internal import ParallaxEvaluation
private import ParallaxSystem
private import ParallaxText

extension QuestionSet {
  /// More is no file of questions.
  private static let sizeLimit = 1 << 30

  /// Reads the questions of a file (``QuestionTable``). Paths of images are relative to its folder.
  ///
  /// - Throws: `unreadable-file`, also for an image that is not there, and `invalid-value`, with file,
  ///   line and the parameter `queries`; `cancelled`.
  @concurrent package static func reading(
    _ path: String, _ handler: EventHandler
  ) async throws -> QuestionSet {
    do {
      let bytes = try InputFile.contents(of: path, atMost: sizeLimit)
      let table = try QuestionTable(bytes, named: path)
      let names = table.columns.map(\.name)
      let set = QuestionSet(
        table.records.enumerated().map { index, record in
          Question(record, index, columns: names, folder: PathText.folder(of: path))
        },
        columns: table.columns.map { Column($0.name, $0.kind) },
        inputs: [.init(name: path, value: Digest.sha256(bytes).hexadecimal)], path: path)
      try set.checkImages()
      for note in notes(on: table, path) { handler(.note(note)) }
      return set
    } catch let error as ParallaxError {
      throw error.about(.queries)
    }
  }

  private static func notes(on table: QuestionTable, _ path: String) -> [String] {
    var notes: [String] = []
    if table.records[0].id == nil {
      let last = table.records.count
      notes.append(
        "'\(path)' has no column 'id': its questions are "
          + (last == 1 ? "q1" : last == 2 ? "q1 and q2" : "q1, q2, … q\(last)"))
    }
    if let column = table.textColumn, column.lowercased() != "text" {
      notes.append("'\(path)' has no column 'text': '\(column)' says what is looked for")
    }
    return notes
  }

  /// - Throws: `unreadable-file` naming the line of the first image that is not there.
  private func checkImages() throws {
    var known: Set<String> = []
    for question in questions {
      for case .image(let path) in question.terms.map(\.content) where known.insert(path).inserted {
        try Task.checkCancellation()
        let kind: FileStatus.Kind
        do throws(SystemError) { kind = try FileStatus(of: path).kind } catch {
          var unreadable = ParallaxError.unreadable(path, error)
          unreadable.hint = "paths of images are relative to the folder of the questions"
          throw fault(unreadable, in: question)
        }
        guard kind == .file else {
          throw fault(.unreadable(path, "it is a \(kind.rawValue), not a file"), in: question)
        }
      }
    }
  }
}

extension Question {
  fileprivate init(
    _ record: QuestionTable.Record, _ index: Int, columns: [String], folder: String
  ) {
    let terms = QuestionTable.Part.allCases.compactMap { part in
      record.parts[part].map { text in
        Query.Term(
          Self.content(part, text, folder), weight: record.weights[part] ?? 1,
          label: "\(part.rawValue) \(JSON.string(text))", parameter: .queries)
      }
    }
    self.init(
      id: record.id ?? "q\(index + 1)", terms: terms, task: record.task,
      fields: Dictionary(uniqueKeysWithValues: zip(columns, record.fields)), line: record.line)
  }

  private static func content(
    _ part: QuestionTable.Part, _ text: String, _ folder: String
  ) -> Query.Term.Content {
    switch part {
    case .text: .text(text)
    case .image: .image(path: PathText.joined(folder, PathText.expandingHome(text)))
    case .like: .item(ItemID(text))
    }
  }
}

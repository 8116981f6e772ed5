internal import ParallaxCore
private import ParallaxDigest
internal import ParallaxEvaluation
private import ParallaxProviders
internal import ParallaxReporting
package import ParallaxStorage
private import ParallaxSystem

extension Workbench {
  /// More is no file of a run.
  private static let runLimit = 1 << 31

  /// Reads a run that was made elsewhere: TREC's form, or ranx's JSON.
  ///
  /// - Parameters:
  ///   - collection: that its items are of; `nil` where that is not known.
  ///   - questions: that it answers; with the collection they tell which items are the question itself.
  /// - Throws: `unreadable-file`; `invalid-value` with file and line; `unknown-name` for an item that a
  ///   question asks by and that is not there; `cancelled`.
  @concurrent package func importRun(
    at path: String, name: String, of collection: ItemCollection? = nil,
    answering questions: QuestionSet? = nil, _ handler: EventHandler
  ) async throws -> SystemRun {
    let bytes = try InputFile.contents(of: path, atMost: Self.runLimit)
    var run = SystemRun(
      name: name, run: try RecognizedFormat.run(bytes, named: path), questions: questions)
    run.inputs = [.init(name: path, value: Digest.sha256(bytes).hexadecimal)]
    run.method = "read from '\(path)'"
    if let collection {
      run.collection = collection
      try noteStrangers(in: run, path, collection, handler)
      if let questions { run.own = try await own(of: questions, in: collection) }
    }
    if let questions {
      run.inputs += questions.inputs
      Self.noteDifferences(between: run, questions, path, handler)
    }
    return run
  }

  /// The items that are questions.
  private func own(
    of questions: QuestionSet, in collection: ItemCollection
  ) async throws -> [String: Set<ItemID>] {
    let files = try await QuestionInputs.files(
      of: questions.questions, limit: imageLimit)
    let owner = try OwnItems(
      of: questions.questions, files: files.compactMapValues { try? $0.get() },
      contents: try contents(ofItemsAskedBy: questions, in: collection), in: collection, workspace)
    let pairs = questions.questions.map { ($0.id, owner.own($0)) }
    return Dictionary(uniqueKeysWithValues: pairs.filter { !$0.1.isEmpty })
  }

  private func noteStrangers(
    in run: SystemRun, _ path: String, _ collection: ItemCollection, _ handler: EventHandler
  ) throws {
    let ids = Set(run.lists.flatMap { $0.hits.map(\.id) })
    let known = try workspace.items(named: ids, in: collection)
    let strangers = ids.filter { known[$0] == nil }.sorted()
    guard let first = strangers.first else { return }
    handler(
      .warning(
        strangers.count == 1
          ? "'\(path)' ranks an item that is not in '\(collection.name)': '\(first)'"
          : "'\(path)' ranks \(Wording.count(strangers.count)) items that are not in "
            + "'\(collection.name)', such as '\(first)'"))
  }

  private static func noteDifferences(
    between run: SystemRun, _ questions: QuestionSet, _ path: String, _ handler: EventHandler
  ) {
    let asked = Set(questions.questions.map(\.id))
    let file = questions.path ?? "the questions"
    let unknown = run.lists.map(\.question).filter { !asked.contains($0) }
    if let first = unknown.first {
      let count = Wording.count(unknown.count, "question that is", "questions that are")
      handler(.warning("'\(path)' answers \(count) not in '\(file)', such as '\(first)'"))
    }
    let answered = Set(run.lists.map(\.question))
    let missing = questions.questions.map(\.id).filter { !answered.contains($0) }
    if let first = missing.first {
      let count = Wording.count(missing.count, "question")
      handler(.warning("'\(path)' does not answer \(count) of '\(file)', such as '\(first)'"))
    }
  }
}

internal import ParallaxCore
internal import ParallaxPublishing
internal import ParallaxSearch
package import ParallaxStorage
private import ParallaxSystem

extension Workbench {
  /// Answers many questions by what is published of a space; each as ``answer(_:on:in:budget:_:)`` does.
  ///
  /// - Parameters:
  ///   - template: as for ``run(_:_:in:name:among:spares:budget:_:)``, with options that an engine has.
  ///   - spares: as there.
  /// - Throws: as there; `engine`; `unknown-name` where nothing is published.
  @concurrent package func run(
    _ questions: QuestionSet, _ template: Query, on place: EnginePlace, in space: Space,
    name: String, spares: Bool = false, budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> SystemRun {
    try template.checkForEngine()
    let asked = try await asked(questions, template, in: [space], budget: budget, handler)
    let published = try await published(template, in: asked.entries[0], place)
    defer { published.close() }
    // Connecting is done once, and is no part of what a question takes.
    let searched = ContinuousClock.now
    var (outcome, gone) = (RunJob.Outcome(), 0)
    for (number, question) in asked.questions.enumerated() {
      try Task.checkCancellation()
      var query = try template.asking(question, of: asked.set)
      if spares { query.top += asked.own[number].count }
      let omitted = query.excludesOwn ? asked.owners[0].asked(query.terms) : []
      let vector: [Float]
      do {
        vector = try QueryRanking(
          entry: asked.entries[0], place: 0, query: query, terms: asked.terms[number].get()
        ).vector()
      } catch let error as ParallaxError {
        outcome.failures[number] = error
        continue
      }
      let found = try await published.nearest(to: vector, query, without: omitted)
      gone += found.gone
      outcome.note(found.method)
      outcome.answers.append(
        (number, found.hits.map { RunJob.Hit(row: Int32($0.row), space: 0, score: $0.score) }))
      handler(
        .progress(
          Progress(
            "searching", completed: number + 1, total: asked.questions.count, unit: "questions")))
    }
    var run = try system(outcome, of: asked, template, name: name)
    run.isOfEngine = true
    run.candidates = try candidates(template, asked.entries[0], [], published)
    run.costs.searching = Clock.milliseconds(since: searched)
    // What the engine takes for a vector and its index is not known here.
    run.costs.bytesPerVector = nil
    run.costs.indexBytes = nil
    say(
      template, asked.entries,
      asked.warnings + Self.warnings(about: outcome, of: asked.set) + published.gone(gone)
        + published.warnings, [], handler)
    return run
  }

  /// Where a space is published, by a word: an engine's name, what its addresses begin with, or the name of the
  /// table.
  ///
  /// - Throws: `unknown-name`; `usage` where the word means several.
  package func place(of space: Space, named word: String) throws -> EnginePlace {
    let known = try workspace.publications(of: space.collection).filter { $0.space == space.name }
    let meant = try known.map { (publication: $0, address: try EngineAddress($0.url)) }.filter {
      let engine = try $0.address.engine
      return $0.publication.name == word
        || (engine.schemes + [engine.id]).contains { $0.lowercased() == word.lowercased() }
    }
    guard let first = meant.first else {
      throw ParallaxError(
        .unknownName, "'\(space.reference)' is not published as '\(word)'",
        hint: known.isEmpty
          ? "'publish \(space.reference) --to URL' publishes it"
          : "'list publications' shows where it is")
    }
    guard meant.count == 1 else {
      throw ParallaxError(
        .usage,
        "'\(word)' may mean \(meant.map { "'\($0.publication.name)' at \($0.address.text)" }.joined(separator: " or "))",
        hint: "make a run of each: 'query \(space.reference) --queries FILE --on URL --name TABLE'")
    }
    return EnginePlace(address: first.address, name: first.publication.name)
  }
}

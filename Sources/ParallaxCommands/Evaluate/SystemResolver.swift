internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage
internal import ParallaxWorkbench

/// Finds the runs that words stand for, and makes those of spaces.
@MainActor
struct SystemResolver {
  /// What a word stands for.
  enum System {
    case run(SystemRun)
    case space(Space)
    case published(Space, EnginePlace)
    case file(String)
  }

  let session: Session
  /// Those of `--queries`, which spaces are asked.
  var questions: QuestionSet?
  /// What spaces are asked with.
  var template = Query(terms: [])
  /// Whether spaces answer as many hits more as questions have items of their own.
  var spares = true

  init(_ session: Session) { self.session = session }

  /// What a word stands for, before anything is asked. A result hides a collection of its name.
  ///
  /// - Throws: `unknown-name`; `unsupported` for a result that is no run.
  func system(_ reference: SystemReference) throws -> System {
    switch reference.kind {
    case .file(let path): return .file(path)
    case .space(let space): return .space(try session.bench.space(space))
    case .published(let reference, let engine):
      let space = try session.bench.space(reference)
      return .published(space, try session.bench.place(of: space, named: engine))
    case .named(let name):
      if let result = session.result(named: name) {
        guard case .run(var run) = result.content else {
          throw ParallaxError(
            .unsupported, "'\(name)' is a result, but not a run",
            hint: "'query SPACE --queries FILE' gives a run")
        }
        run.name = name
        return .run(run)
      }
      do { return .space(try session.bench.space(SpaceReference(name))) } catch var error
        as ParallaxError
      {
        guard error.code == .unknownName,
          (try? session.workspace.collection(named: name)) == nil
        else { throw error }
        error.message = "there is no run, space or collection '\(name)'"
        error.hint =
          Suggestion.hint(for: name, among: session.resultNames) ?? error.hint
          ?? "'list results' and 'list spaces' show what there is"
        throw error
      }
    }
  }

  /// The run that a word stands for.
  ///
  /// - Parameter collection: that the items of a file are of; `nil` where that is not known.
  /// - Throws: as ``system(_:)``; `missing-option` for a space without questions; what making the run
  ///   throws.
  func run(
    _ reference: SystemReference, of collection: ItemCollection? = nil,
    _ handler: @escaping EventHandler
  ) async throws -> SystemRun {
    switch try system(reference) {
    case .run(let run): return run
    case .file(let path):
      return try await session.bench.importRun(
        at: path, name: reference.text, of: collection, answering: questions, handler)
    case .space(let space):
      return try await session.bench.run(
        try questions(for: space), template, in: [space], name: reference.text, spares: spares,
        budget: session.budget, handler)
    case .published(let space, let place):
      return try await session.bench.run(
        try questions(for: space), template, on: place, in: space, name: reference.text,
        spares: spares, budget: session.budget, handler)
    }
  }

  /// What asking a space would ask for.
  ///
  /// - Throws: as ``questions(for:)``, and what is wrong with the questions.
  func forecast(for space: Space) async throws -> RunForecast {
    try await session.bench.forecast(
      try questions(for: space), template, in: [space], budget: session.budget)
  }

  /// The questions that a space is asked.
  ///
  /// - Throws: `missing-option` when there are none.
  func questions(for space: Space) throws -> QuestionSet {
    if let questions { return questions }
    throw ParallaxError(
      .missingOption, "'\(space.reference)' is a space: --queries FILE says what to ask it",
      hint: "'help questions' describes the file; a run has its answers already")
  }
}

extension SystemResolver.System {
  /// The space that is asked, wherever it is.
  var space: Space? {
    switch self {
    case .space(let space), .published(let space, _): space
    case .run, .file: nil
    }
  }
  var run: SystemRun? { if case .run(let run) = self { run } else { nil } }
}

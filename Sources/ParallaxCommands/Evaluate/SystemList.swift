internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage
internal import ParallaxWorkbench

/// The systems that a command names, or gets through a pipe.
struct SystemList: Sendable {
  let references: [SystemReference]
  private let isPiped: Bool

  /// - Parameter least: how many there must be.
  /// - Throws: `missing-object` for too few, `usage` for one that is named twice.
  init(
    _ arguments: Arguments, _ key: ObjectKey<[SystemReference]>, least: Int
  ) throws {
    try self.init(try arguments[key], arguments) { key.parameter($0) }
    guard count >= least else {
      throw arguments.error(
        .missingObject,
        "'\(arguments.verb)' needs \(least == 1 ? "a system" : "\(least) systems"); got \(count)",
        hint:
          "a system is a run, a space, what is published of it as SPACE@ENGINE, or the file of a run",
        usage: true)
    }
  }

  /// - Parameter place: what names the system of an index in errors.
  /// - Throws: `usage` for one that is named twice.
  init(
    _ references: [SystemReference], _ arguments: Arguments,
    at place: (Int) -> ParallaxError.Parameter
  ) throws {
    self.references = references
    isPiped = arguments.isPiped
    var known: Set<String> = []
    for (index, reference) in references.enumerated() {
      guard known.insert(reference.text).inserted else {
        throw arguments.located(
          ParallaxError(
            .usage, "the system '\(reference.text)' is named twice", parameter: place(index)))
      }
    }
  }

  var count: Int { references.count + (isPiped ? 1 : 0) }

  /// The only system, if there is one and it is named.
  var single: SystemReference? { references.count == 1 && !isPiped ? references[0] : nil }

  @MainActor func foresee(
    in scope: inout ScriptScope, for key: ObjectKey<[SystemReference]>
  ) throws {
    for (index, reference) in references.enumerated() {
      try attributing(to: key, index: index) { try scope.require(reference) }
    }
  }

  /// The collections that the systems are of, as far as that is certain before anything runs.
  @MainActor func collections(in scope: ScriptScope) -> [String] {
    references.flatMap { reference -> [String] in
      switch reference.kind {
      case .space(let space), .published(let space, _): [space.collection]
      case .named(let name):
        scope.results.mayHold(name)
          ? scope.results.shape(of: name)?.collections ?? [] : [SpaceReference(name).collection]
      case .file: []
      }
    }
  }

  /// What asking the spaces among the systems would ask for; runs have their answers.
  @MainActor func demand(_ resolver: SystemResolver, in scope: PlanScope) async throws -> CallDemand
  {
    var demands: [CallDemand] = []
    for space in try spaces(resolver, in: scope) {
      demands.append(CallDemand(try await resolver.forecast(for: space).remote))
    }
    return demands.sum
  }

  /// The spaces that are asked, here or where they are published.
  @MainActor func spaces(_ resolver: SystemResolver, in scope: PlanScope) throws -> [Space] {
    try references.filter { scope.isThere($0) }.compactMap { try resolver.system($0).space }
  }

  /// The runs of the systems, what came through the pipe first; those of files last made, since a
  /// collection is known of the others.
  @MainActor func runs(
    _ resolver: SystemResolver, _ input: NamedResult?, for key: ObjectKey<[SystemReference]>,
    _ handler: @escaping EventHandler
  ) async throws -> [SystemRun] {
    try await runs(resolver, input, at: { key.parameter($0) }, handler)
  }

  /// - Parameter place: what names the system of an index in errors.
  @MainActor func runs(
    _ resolver: SystemResolver, _ input: NamedResult?,
    at place: (Int) -> ParallaxError.Parameter, _ handler: @escaping EventHandler
  ) async throws -> [SystemRun] {
    var runs: [Int: SystemRun] = [:]
    let files = references.indices.filter { references[$0].isFile }
    var collection: ItemCollection?
    let piped = try input.map { try Self.run(of: $0) }
    collection = piped?.collection
    for index in references.indices.filter({ !references[$0].isFile }) + files {
      do {
        let run = try await resolver.run(references[index], of: collection, handler)
        collection = collection ?? run.collection
        runs[index] = run
      } catch let error as ParallaxError {
        throw error.about(place(index))
      }
    }
    return (piped.map { [$0] } ?? []) + references.indices.compactMap { runs[$0] }
  }

  private static func run(of input: NamedResult) throws -> SystemRun {
    guard case .run(var run) = input.content else {
      throw ParallaxError(
        .unsupported, "what comes through '|' is not a run",
        hint: "'query SPACE --queries FILE' gives a run")
    }
    if input.name != "_" { run.name = input.name }
    return run
  }
}

extension SystemReference {
  fileprivate var isFile: Bool { if case .file = kind { true } else { false } }
}

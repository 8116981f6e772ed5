package import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct EmbedCommand: Command {
  static let collection = ObjectKey.byHand("COLLECTION", .collection)
  static let space = OptionKey.single(
    "as", .name, placeholder: "SPACE", help: "name of the space", default: "base")
  static let model = OptionKey.single(
    "model", .model, placeholder: "MODEL", help: "model", defaultNote: "setting 'model'")
  static let task = OptionKey.single(
    "task", .task, placeholder: "TASK",
    help: "task type of the document side, if the model has task types: \(tasks)")
  static let dimension = OptionKey.single(
    "dim", .integer(1...65_536), placeholder: "N", help: "dimension, if the model has shorter ones")
  static let content = OptionKey.single(
    "content", .choice, placeholder: "WHAT", help: "which part of an item is embedded",
    default: EmbeddedContent.image)
  static let resumes = OptionKey.flag("resume", help: "continue an existing space")
  static let isDryRun = OptionKey.flag("dry-run", help: "show what would be done")

  package static let signature = CommandSignature(
    verb: "embed", group: "Spaces", summary: "embed a collection into a space",
    discussion: """
      A space never mixes two identities: if the space exists, only the missing items are \
      embedded, with the same model. Every batch is stored before the next one counts. Nothing \
      that is stored is embedded again, and images whose content already has a vector of the same \
      identity in the workspace are not embedded either. With --resume the space must exist; its \
      model is used, and damaged chunks are dropped first. An image whose file changed since \
      'ingest' fails alone: run 'sync' first.

      --model takes \(ProviderRegistry.modelRule); \
      'describe model NAME' shows what a model can do.

      --content text embeds the items' texts (the column 'text' or 'caption' of their metadata), \
      and joint embeds image and text as one vector, if the model supports it. A blank text counts \
      as none. The command reports how many texts are too long for the model; --dry-run reports it \
      in advance, together with the files of a model folder that would be used.
      """,
    objects: [collection],
    options: [space, model, task, dimension, content, resumes, isDryRun],
    examples: ["embed photos --as base --model mini", "embed photos --as base --dry-run"],
    producesResult: true)

  /// Every task type that a model in the registry knows.
  private static var tasks: String {
    Set(ProviderRegistry.all.flatMap { $0.models }.flatMap(\.tasks)).sorted()
      .joined(separator: ", ")
  }

  private let arguments: Arguments
  private let collection: String
  private let name: String
  private let model: String?
  private let task: String?
  private let dimension: Int?
  private let content: EmbeddedContent
  private let resumes: Bool
  private let isDryRun: Bool
  /// Whether the line says anything of the model.
  private let asksForModel: Bool

  package init(_ arguments: Arguments) throws {
    self.arguments = arguments
    collection = try arguments[Self.collection]
    name = try arguments[Self.space]
    model = try arguments[Self.model]
    task = try arguments[Self.task]
    dimension = try arguments[Self.dimension]
    content = try arguments[Self.content]
    resumes = try arguments[Self.resumes]
    isDryRun = try arguments[Self.isDryRun]
    let ofModel: [any ArgumentKey] = [Self.model, Self.task, Self.dimension, Self.content]
    asksForModel = ofModel.contains { arguments.given($0) }
  }

  package func foresee(in scope: inout ScriptScope) throws {
    if let model {
      try attributing(to: Self.model) { try scope.requireModel(model) }
    }
    guard !isDryRun else { return }
    scope.addSpace(SpaceReference(collection: collection, space: name))
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let collection = try attributing(to: Self.collection) {
      try session.workspace.collection(named: self.collection)
    }
    let existing = try session.workspace.spaces(in: collection).first { $0.name == name }
    let embedder = try await embedder(existing, session, collection)
    var notes: [String] = []
    if resumes, let existing, !isDryRun {
      notes = try Self.discardingDamage(in: existing, session)
    }
    let plan = try await EmbeddingJob.plan(
      collection: collection, space: existing, embedder: embedder, in: session.workspace)
    if isDryRun {
      var output = try await EmbeddingForecast(
        plan: plan, embedder: embedder, session: session,
        reference: "\(collection.name)@\(name)"
      ).output(arguments)
      output.notes += embedder.notes
      output.warnings += embedder.warnings
      return output
    }
    let space =
      try existing
      ?? session.workspace.createSpace(
        named: name, in: collection, spec: embedder.spec)
    defer { session.bench.spaces.unload(space) }
    let job = EmbeddingJob(
      workspace: session.workspace, space: space, embedder: embedder,
      progress: session.progress())
    let outcome: EmbeddingJob.Outcome
    do {
      outcome = try await job.run(plan)
    } catch let error as ParallaxError {
      // Keep a cancelled space: --resume continues it.
      if existing == nil, error.code != .cancelled { try Self.dropIfEmpty(space, session) }
      throw error
    }
    var output = try output(
      outcome, plan, space, session, milliseconds: Clock.milliseconds(since: start))
    output.notes = notes + output.notes + embedder.notes
    output.warnings += embedder.warnings
    return output
  }

  /// The model asked for, which must be that of a space that exists.
  @MainActor private func embedder(
    _ existing: Space?, _ session: Session, _ collection: ItemCollection
  ) async throws -> any Embedder {
    if resumes, existing == nil {
      throw arguments.error(
        at: Self.resumes, .unknownName,
        "there is no space '\(collection.name)@\(name)' to go on with",
        hint: "leave --resume out to make it")
    }
    if let existing, !asksForModel {
      return try await session.embedder(for: existing, isForEstimate: isDryRun)
    }
    let request = EmbedderRequest(
      model: PathText.expandingHome(model ?? session.settings[.model]), dimension: dimension,
      task: task, content: content)
    let embedder = try await session.embedder(
      for: request, subject: "\(collection.name)@\(name)",
      isForEstimate: isDryRun)
    guard embedder.capabilities.embedsImages || request.content == .text else {
      throw arguments.error(
        at: Self.model, .unsupported, "model '\(request.model)' embeds text only",
        hint: "--content text embeds the items' texts")
    }
    if let existing, existing.spec != embedder.spec {
      let differences = existing.spec.differences(from: embedder.spec)
        .map { "\($0.name) is '\($0.own)', asked was '\($0.other)'" }
      throw arguments.error(
        at: Self.space, .alreadyExists,
        "'\(existing.reference)' has another identity: \(differences.joined(separator: "; "))",
        hint: "spaces never mix: choose another name with --as")
    }
    return embedder
  }

  /// If the first request fails, the user should see no space.
  @MainActor private static func dropIfEmpty(_ space: Space, _ session: Session) throws {
    if try session.workspace.isEmpty(space) {
      try session.workspace.dropSpace(named: space.name, in: space.collection)
    }
  }

  /// - Returns: what to say of it.
  @MainActor private static func discardingDamage(
    in space: Space, _ session: Session
  ) throws -> [String] {
    let damaged = try session.workspace.discardDamagedChunks(in: space)
    guard !damaged.isEmpty else { return [] }
    let chunks = Wording.count(damaged.count, "damaged chunk")
    return [
      "\(chunks) of \(space.reference) \(damaged.count == 1 ? "was" : "were") dropped; the images "
        + "are embedded again"
    ]
  }

  @MainActor private func output(
    _ outcome: EmbeddingJob.Outcome, _ plan: EmbeddingJob.Plan, _ space: Space,
    _ session: Session, milliseconds: Double
  ) throws -> CommandOutput {
    let failures = try session.workspace.failures(in: space)
    let table = Table(
      columns: [
        .init("id", .text, isKey: true, wraps: true), .init("path", .text), .init("code", .text),
        .init("reason", .text, isMain: true, wraps: true),
      ],
      rows: failures.map {
        [.text($0.id.rawValue), .text($0.path), .text($0.code), .text($0.message)]
      })
    var parts = ["\(space.reference): \(Wording.count(outcome.embedded)) embedded"]
    if outcome.reused > 0 { parts.append("\(Wording.count(outcome.reused)) known already") }
    if plan.embeddedCount > 0 {
      parts.append("\(Wording.count(plan.embeddedCount)) as before")
    }
    if plan.emptyCount > 0 { parts.append("\(Wording.count(plan.emptyCount)) without a text") }
    if outcome.failed > 0 { parts.append("\(Wording.count(outcome.failed)) failed") }
    parts.append("\(space.spec.model), \(space.spec.dimension) dimensions")
    parts.append(Wording.milliseconds(milliseconds))
    if outcome.embedded > 0, milliseconds > 0 {
      parts.append("\(Int((Double(outcome.embedded) / milliseconds * 1000).rounded()))/s")
    }
    let checked = session.bench.models.drainFindings()
    let failed =
      failures.isEmpty
      ? []
      : ["\(Wording.count(failures.count, "image has", "images have")) no vector (list: show _)"]
    let cut = outcome.cut.sorted { $0.key.tokens < $1.key.tokens }.map {
      $0.warning("\(Wording.count($1)) texts were", of: space.spec.model)
    }
    return CommandOutput(
      failures.isEmpty ? .none : .table(table),
      provenance: Provenance(
        command: arguments.canonical,
        spaces: [.init(name: space.reference, value: space.spec.identity)]),
      footer: parts, notes: checked.notes,
      warnings: failed + cut + checked.warnings)
  }
}

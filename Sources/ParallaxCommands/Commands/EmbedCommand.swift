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
  private static let shard = OptionKey.single(
    "shard", .text, placeholder: "I/N",
    help: "embed only part I of N, for machines that share the work")
  private static let batch = OptionKey.flag(
    "batch", help: "submit jobs that the provider does within a day, for half the price")
  private static let bucket = OptionKey.single(
    "bucket", .text, placeholder: "gs://BUCKET/PREFIX",
    help: "where the files of jobs go that need a bucket, with --batch",
    defaultNote: "setting 'batch.bucket'")
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

      --task COPY, with mini, makes a space of copies: vectors of images in which a picture is near to \
      what was turned, cut, recoloured or framed of it, and in which 'dedupe' and 'gate' then look.

      --shard 3/16 embeds the third of sixteen parts. A content is in the part that the first eight bytes \
      of its SHA-256 say, so copies lie in one part and every machine divides alike. 'export' then writes \
      the vectors of each machine, and 'import' joins them.

      --batch submits the work to the provider as jobs and returns at once; the Gemini API does them \
      within a day for half the price, Vertex AI within three. Jobs of Vertex AI pass through a bucket of \
      Google Cloud Storage, which --bucket names: each has a folder of its own there, which is emptied when \
      its answers are kept. The same command, on the same day or another, stores what is done \
      and submits what is still missing. 'jobs' lists them.
      """,
    objects: [collection],
    options: [space, model, task, dimension, content, shard, batch, bucket, resumes, isDryRun],
    examples: [
      "embed photos --as base --model mini", "embed photos --as base --dry-run",
      "embed photos --as base --model mini --shard 3/16",
      "embed photos --as g2 --model gemini-embedding-2 --batch",
      "embed photos --as v --model vertex:gemini-embedding-2 --batch --bucket gs://mine/jobs",
      "embed photos --as copies --content image --task COPY",
    ],
    producesResult: true)

  /// Every task type that a model in the registry knows.
  private static var tasks: String {
    Set(ProviderRegistry.all.flatMap { $0.models }.flatMap(\.tasks)).sorted()
      .joined(separator: ", ")
  }

  private let collection: String
  private let name: String
  /// `nil` for the setting.
  private let model: String?
  private let task: String?
  private let dimension: Int?
  private let content: EmbeddedContent
  private let part: EmbeddingShard?
  private let isBatch: Bool
  private let bucketName: String?
  private let resumes: Bool
  private let isDryRun: Bool
  /// Whether the line says anything of the model.
  private let asksForModel: Bool
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    collection = try arguments[Self.collection]
    name = try arguments[Self.space]
    model = try arguments[Self.model]
    task = try arguments[Self.task]
    dimension = try arguments[Self.dimension]
    content = try arguments[Self.content]
    part = try arguments[Self.shard].map { text in
      guard let shard = EmbeddingShard(text) else {
        throw arguments.error(
          at: Self.shard, .invalidValue,
          "'shard' takes a part of at most \(EmbeddingShard.largestCount) such as 3/16; got '\(text)'"
        )
      }
      return shard
    }
    isBatch = try arguments[Self.batch]
    bucketName = try arguments[Self.bucket]
    if let bucketName {
      guard isBatch else {
        throw arguments.error(
          at: Self.bucket, .invalidValue,
          "'bucket' is for the files of jobs, and none are submitted",
          hint: "add --batch, or leave --bucket out")
      }
      do { _ = try JobBucket(bucketName) } catch let error as ParallaxError {
        throw arguments.error(at: Self.bucket, error.code, error.message, hint: error.hint)
      }
    }
    resumes = try arguments[Self.resumes]
    isDryRun = try arguments[Self.isDryRun]
    let ofModel: [any ArgumentKey] = [Self.model, Self.task, Self.dimension, Self.content]
    asksForModel = ofModel.contains { arguments.given($0) }
    canonical = arguments.canonical
  }

  package func foresee(in scope: inout ScriptScope) throws {
    if let model {
      try attributing(to: Self.model) { try scope.requireModel(model) }
    }
    guard !isDryRun else { return }
    scope.addSpace(SpaceReference(collection: collection, space: name))
  }

  package func demand(in scope: PlanScope) async throws -> CallDemand {
    if isDryRun { return .none }
    let session = scope.session
    let collection = try session.workspace.collection(named: self.collection)
    return CallDemand(
      try await session.bench.forecast(request(session), of: collection, budget: session.budget)
        .remote)
  }

  @MainActor private func request(_ session: Session) -> EmbedRequest {
    var request = EmbedRequest(
      name: name,
      model: EmbedderRequest(
        model: PathText.expandingHome(model ?? session.settings[.model]), dimension: dimension,
        task: task, content: content))
    request.insistsOnModel = asksForModel
    request.resumes = resumes
    request.shard = part
    request.asksInJobs = isBatch
    request.bucket = bucketName
    request.usualBucket = session.settings[.batchBucket]
    return request
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let collection = try attributing(to: Self.collection) {
      try session.workspace.collection(named: self.collection)
    }
    let request = self.request(session)
    if isDryRun {
      let forecast = try await session.bench.forecast(
        request, of: collection, budget: session.budget)
      return CommandOutput(
        .table(forecast.table), provenance: Provenance(command: canonical), notes: forecast.remarks,
        warnings: forecast.warnings)
    }
    let events = EventCollector(session.console)
    if isBatch { return try await submit(request, of: collection, events, session, since: start) }
    let outcome = try await session.bench.embed(
      request, of: collection, budget: session.budget, events.handler)
    var output = CommandOutput(
      outcome.failures.isEmpty ? .none : .table(outcome.failureTable),
      provenance: Provenance(
        command: canonical,
        spaces: [.init(name: outcome.space.reference, value: outcome.space.spec.identity)]),
      footer: outcome.footer(milliseconds: Clock.milliseconds(since: start)),
      notes: events.notes, warnings: outcome.warnings + events.warnings)
    try await output.addWatchNews(in: collection, session)
    return output
  }

  @MainActor private func submit(
    _ request: EmbedRequest, of collection: ItemCollection, _ events: EventCollector,
    _ session: Session, since start: ContinuousClock.Instant
  ) async throws -> CommandOutput {
    let outcome = try await session.bench.submitJobs(
      request, of: collection, budget: session.budget, events.handler)
    var notes = events.notes
    if outcome.submittedJobs > 0 {
      notes.append(
        "submitted \(Wording.count(outcome.submittedItems, outcome.stored.space.spec.content.noun)) in "
          + "\(Wording.count(outcome.submittedJobs, "job"))")
    }
    if outcome.underWay > 0 {
      notes.append(
        "\(Wording.count(outcome.underWay, "item")) wait for jobs that were submitted before")
    }
    if outcome.underWay > 0 || outcome.submittedJobs > 0 {
      notes.append("the same command stores what is done; 'jobs --fetch' asks for it")
    }
    var output = CommandOutput(
      outcome.stored.failures.isEmpty ? .none : .table(outcome.stored.failureTable),
      provenance: Provenance(
        command: canonical,
        spaces: [
          .init(name: outcome.stored.space.reference, value: outcome.stored.space.spec.identity)
        ]),
      footer: outcome.stored.footer(milliseconds: Clock.milliseconds(since: start)), notes: notes,
      warnings: outcome.stored.warnings + events.warnings)
    try await output.addWatchNews(in: collection, session)
    return output
  }
}

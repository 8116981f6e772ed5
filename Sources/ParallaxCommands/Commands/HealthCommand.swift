package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct HealthCommand: Command {
  /// What counts where an option is not written.
  private static let usual = HealthRequest(seed: 0)

  private static let space = ObjectKey.byHand("COLLECTION[@SPACE]", .space)
  private static let sample = OptionKey.single(
    "sample", .integer(3...100_000), placeholder: "N",
    help: "compare at most N items with one another; more are drawn at random",
    default: usual.sample)
  private static let hubs = OptionKey.single(
    "hubs", .integer(0...100), placeholder: "N", help: "name the N items that are near to most",
    default: usual.hubs)
  private static let texts = OptionKey.single(
    "texts", .integer(0...10_000), placeholder: "N",
    help: "embed at most N texts of items, to compare them with the images",
    defaultNote: "\(HealthRequest.usualTexts) with a local model, 0 with a remote one")

  package static let signature = CommandSignature(
    verb: "health", group: "Experiments",
    summary: "show what of a space's vectors may harm searches",
    discussion: """
      One row for each measure: its value, what is usual, and what an unusual value harms. "Usual" is \
      a rule of thumb for image models on mixed photographs, not a test. It needs no judgements, so it \
      cannot say how good a space is: use it to find a reason, not to choose a space.

      hubness: how unevenly items are neighbours of others. N_10 of an item is the number of lists of \
      10 nearest neighbours that it is in; its mean is 10. The measure is the skewness of N_10. Hubs \
      are items with an N_10 of 20 or more; antihubs are in no list.

      mean cosine: of two items taken at random. effective dimension: (sum of eigenvalues)² / (sum of \
      their squares) of the covariance of the unit vectors. variance in first N: how much of the \
      spread a vector cut to N numbers keeps. dead dimensions: numbers whose variance is below a \
      thousandth of the mean.

      modality gap: the distance between the mean of images and the mean of their own texts, as unit \
      vectors. It embeds texts of items (the column 'text' or 'caption'). With a remote model that \
      costs, so there you ask for it with --texts; 'set budget' limits it, and texts that were asked \
      before cost nothing.

      near copies: items that have another with a cosine of 0.999 or more.
      """,
    objects: [space], options: [sample, hubs, texts],
    examples: ["health photos@base", "health photos@base --sample 20000 --hubs 20"],
    producesResult: true)

  private let space: SpaceReference
  private let sample: Int
  private let hubs: Int
  private let texts: Int?
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    space = try arguments[Self.space]
    sample = try arguments[Self.sample]
    hubs = try arguments[Self.hubs]
    texts = try arguments[Self.texts]
    canonical = arguments.canonical
  }

  package func foresee(in scope: inout ScriptScope) throws {
    scope.results.make(.init(collections: []))
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let space = try attributing(to: Self.space) { try session.bench.space(self.space) }
    let seed = session.settings[.seed]
    var request = HealthRequest(seed: UInt64(seed))
    (request.sample, request.hubs, request.texts) = (sample, hubs, texts)
    let events = EventCollector(session.console)
    let health: SpaceHealth
    do {
      health = try await session.bench.health(
        of: space, request, budget: session.budget, events.handler)
    } catch let error as ParallaxError where error.code == .unsupported {
      throw error.about(Self.space.parameter())
    }
    let table = health.table
    return CommandOutput(
      // A report is read whole.
      .shown(table, format: nil, rows: table.rows.count),
      provenance: Provenance(
        command: canonical, spaces: [.init(name: space.reference, value: space.spec.identity)],
        timings: [.init(step: "measure", milliseconds: Clock.milliseconds(since: start))],
        seed: seed),
      footer: health.footer + [Wording.milliseconds(Clock.milliseconds(since: start))],
      notes: health.remarks + events.notes, warnings: events.warnings)
  }
}

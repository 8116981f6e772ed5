package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStatistics
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct AlignCommand: Command {
  private static let old = ObjectKey<SpaceReference>.required("OLD", .space)
  private static let new = ObjectKey<SpaceReference>.required("NEW", .space)
  private static let sample = OptionKey.single(
    "sample", .integer(1...20_000), placeholder: "N", help: "images to fit the map to",
    defaultNote: "three quarters of those in both spaces, at most \(AlignRequest.usualSample)")
  private static let name = OptionKey.single(
    "as", .name, placeholder: "SPACE", help: "make a space of this name; without it, only measure")

  package static let signature = CommandSignature(
    verb: "align", group: "Spaces",
    summary: "map a space onto another model's, without embedding its images again",
    discussion: """
      Embed some images with the new model; align finds the linear map that takes their old vectors \
      to the new ones. With --as, it maps the vector of every image in OLD into a new space. A query \
      against that space is embedded by the new model. No provider is asked.

      Two kinds of map are fitted to a sample of the images that both spaces hold: orthogonal (a \
      rotation) and linear (ridge regression of full or lower rank). Cross-validation within the \
      sample chooses between them. The rest of the images measures what the map loses: overlap@10 is \
      the share of the 10 nearest images in NEW that the mapped vectors also give. The table compares \
      that with OLD as it is, on the same images; if the map is worse, a warning says so. A rest of \
      at least 30 images must remain.

      Images stand for queries here; texts may do better or worse. With questions and judgements, \
      compare the spaces themselves: the aligned one is a space like any other. It has an identity of \
      its own, which names the map. Images added later are not mapped: drop the space and align again.
      """,
    objects: [old, new], options: [sample, name],
    examples: [
      "align photos@base photos@v2 --sample 500",
      "align photos@base photos@v2 --sample 500 --as v2-aligned",
    ], producesResult: true)

  private let old: SpaceReference
  private let new: SpaceReference
  private let sample: Int?
  private let name: String?
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    old = try arguments[Self.old]
    new = try arguments[Self.new]
    sample = try arguments[Self.sample]
    name = try arguments[Self.name]
    canonical = arguments.canonical
    if old == new {
      throw arguments.error(
        at: Self.new, .invalidValue, "'\(old.text)' cannot be mapped onto itself",
        hint: "name the space of the new model second")
    }
  }

  package func foresee(in scope: inout ScriptScope) throws {
    scope.results.make(.init(collections: []))
    guard let name else { return }
    scope.addSpace(SpaceReference(collection: old.collection, space: name))
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let old = try attributing(to: Self.old) { try session.bench.space(self.old) }
    let new = try attributing(to: Self.new) { try session.bench.space(self.new) }
    let seed = session.settings[.seed]
    var request = AlignRequest(seed: UInt64(seed))
    (request.sample, request.name) = (sample, name)
    let events = EventCollector(session.console)
    let alignment: Alignment
    do {
      alignment = try await session.bench.align(old, to: new, request, events.handler)
    } catch let error as ParallaxError where error.code == .unsupported {
      throw error.about(Self.new.parameter())
    }
    return CommandOutput(
      .table(alignment.table),
      provenance: Provenance(
        command: canonical,
        spaces: [old, new].map { .init(name: $0.reference, value: $0.spec.identity) }
          + (alignment.made.map {
            [.init(name: $0.space.reference, value: $0.space.spec.identity)]
          } ?? []), search: "exact", seed: seed),
      footer: alignment.footer + [Wording.milliseconds(Clock.milliseconds(since: start))],
      notes: alignment.notes + events.notes, warnings: alignment.warnings + events.warnings)
  }
}

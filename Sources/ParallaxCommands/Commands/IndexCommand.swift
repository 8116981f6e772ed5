package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxSearch
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct IndexCommand: Command {
  private enum Kind: String, CaseIterable, Sendable { case hnsw }

  private static let space = ObjectKey.byHand("COLLECTION[@SPACE]", .space)
  private static let kind = OptionKey.single(
    "type", .choice, placeholder: "TYPE", help: "kind", default: Kind.hnsw)
  private static let connectivity = OptionKey.single(
    "m", .integer(4...64), placeholder: "N", help: "neighbours of a node", default: 16)
  private static let construction = OptionKey.single(
    "ef-construction", .integer(8...1_000), placeholder: "N",
    help: "candidates kept while building", default: 128)
  private static let expansion = OptionKey.single(
    "ef", .integer(1...10_000), placeholder: "N", help: "candidates kept while measuring recall",
    default: GraphIndex.usualExpansion)
  private static let storage = OptionKey.single(
    "storage", .choice, placeholder: "TYPE", help: "how it stores the vectors",
    default: GraphStorage.f16)
  private static let rebuilds = OptionKey.flag("rebuild", help: "rebuild an existing index")
  private static let drops = OptionKey.flag("drop", help: "remove it")

  package static let signature = CommandSignature(
    verb: "index", group: "Search", summary: "make searches in a space faster, but approximate",
    discussion: """
      Builds a graph (HNSW) over the vectors of a space. Queries then search the graph instead of \
      reading every row, unless you give --exact. Hits have exact scores, and a filter never costs \
      hits. The recall is measured on samples of the space and shown with every answer; if it is \
      below 'index.floor' (0.9), queries compare every row instead, with a warning. The same \
      vectors give the same index, and equal vectors are one node.

      The index is a cache in a folder beside the workspace. New images are compared one by one \
      until you run 'index' again, which adds them; a damaged file is reported and ignored.
      """,
    objects: [space],
    options: [kind, connectivity, construction, expansion, storage, rebuilds, drops],
    examples: ["index photos@base --type hnsw", "index photos@base --drop"], producesResult: true)

  private let space: SpaceReference
  private let request: IndexRequest
  private let drops: Bool
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    drops = try arguments[Self.drops]
    request = IndexRequest(
      options: GraphOptions(
        connectivity: try arguments[Self.connectivity],
        expansionAdd: try arguments[Self.construction], storage: try arguments[Self.storage]),
      expansion: try arguments[Self.expansion], rebuilds: try arguments[Self.rebuilds])
    canonical = arguments.canonical
    let ofBuilding: [any ArgumentKey] = [
      Self.rebuilds, Self.kind, Self.connectivity, Self.construction, Self.expansion, Self.storage,
    ]
    for other in ofBuilding where drops && arguments.given(other) {
      throw arguments.error(
        at: other, .usage, "'--drop' removes the index; --\(other.name) cannot be combined with it")
    }
    space = try arguments[Self.space]
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let space = try attributing(to: Self.space) { try session.bench.space(self.space) }
    if drops {
      session.bench.dropIndex(of: space)
      return .note("\(space.reference) is searched exactly")
    }
    let (graph, added) = try await session.bench.index(
      space, request, EventCollector(session.console).handler)
    return CommandOutput(
      .table(Self.table(graph)),
      provenance: Provenance(
        command: canonical,
        spaces: [.init(name: space.reference, value: space.spec.identity)]),
      footer: [
        "\(space.reference): \(Wording.count(added)) added, "
          + Wording.count(graph.graph.count, "node"),
        Wording.bytes(graph.graph.byteCount),
        Wording.milliseconds(Clock.milliseconds(since: start)),
      ])
  }

  private static func table(_ graph: GraphIndex) -> Table {
    Table(
      columns: [
        .init("filter passes", .real, fractionDigits: 2, isKey: true),
        .init("queries", .integer), .init("recall@\(IndexRequest.top)", .real, fractionDigits: 4),
        .init("at least (95 %)", .real, fractionDigits: 4),
      ],
      rows: (graph.certificate?.entries ?? []).map {
        [
          .real($0.selectivity), Value(graph.certificate?.queries ?? 0), .real($0.recall),
          .real($0.lowerBound),
        ]
      })
  }
}

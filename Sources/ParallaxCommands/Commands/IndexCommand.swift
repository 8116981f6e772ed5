package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxSearch
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package enum IndexCommand: Command {
  package static let signature = CommandSignature(
    verb: "index", group: "Search", summary: "make searches of a space faster and approximate",
    discussion: """
      Builds a graph (HNSW) over the vectors of a space. Queries then walk it instead of reading \
      every row, unless they say --exact; hits carry exact scores, and a filter never costs hits. \
      How much of the exact answer is found is measured on samples of the space and shown with \
      every answer; below 'index.floor' (0.9) queries compare every row after all, and say so. The \
      same vectors give the same index, and equal ones are one node of it.

      The index is a cache in a folder beside the workspace. New images are compared one by one \
      until 'index' is run again, which adds them; a damaged file is noticed and not used.
      """,
    objects: [ObjectSpec("COLLECTION[@SPACE]", .space, .optionalByHand)],
    options: [
      .single("type", .choice(["hnsw"]), placeholder: "TYPE", help: "kind", default: "hnsw"),
      .single("m", .integer(4...64), placeholder: "N", help: "neighbours a node", default: "16"),
      .single(
        "ef-construction", .integer(8...1_000), placeholder: "N",
        help: "candidates held while building", default: "128"),
      .single(
        "ef", .integer(1...10_000), placeholder: "N",
        help: "candidates held while measuring recall",
        default: String(GraphIndex.usualExpansion)),
      .single(
        "storage", .choice(GraphStorage.allCases.map(\.rawValue)), placeholder: "TYPE",
        help: "how vectors lie in it", default: "f16"),
      .flag("rebuild", help: "build anew what is there"), .flag("drop", help: "remove it"),
    ],
    examples: ["index photos@base --type hnsw", "index photos@base --drop"], producesResult: true)

  package static func validate(_ arguments: Arguments) throws {
    guard arguments.flag("drop") else { return }
    for other in ["rebuild", "type", "m", "ef-construction", "ef", "storage"]
    where arguments.given(other) {
      throw arguments.error(
        atOption: other, .usage, "'--drop' removes the index; --\(other) is no part of that")
    }
  }

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let space = try session.space(arguments, object: "COLLECTION[@SPACE]")
    if arguments.flag("drop") {
      session.bench.dropIndex(of: space)
      return .note("\(space.reference) is searched exactly")
    }
    let request = IndexRequest(
      options: GraphOptions(
        connectivity: arguments.integer("m") ?? 16,
        expansionAdd: arguments.integer("ef-construction") ?? 128,
        storage: arguments.string("storage").flatMap(GraphStorage.init(rawValue:)) ?? .f16),
      expansion: arguments.integer("ef") ?? GraphIndex.usualExpansion,
      rebuilds: arguments.flag("rebuild"))
    let (graph, added) = try await session.bench.index(
      space, request, EventCollector(session.console).handler)
    return CommandOutput(
      .table(table(graph)),
      provenance: Provenance(
        command: arguments.canonical,
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

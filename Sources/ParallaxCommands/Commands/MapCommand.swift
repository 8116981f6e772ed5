package import CommandLanguage
internal import ParallaxConditions
internal import ParallaxCore
internal import ParallaxLayout
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct MapCommand: Command {
  private static let usual = MapRequest(seed: 0)

  private static let space = ObjectKey.byHand("COLLECTION[@SPACE]", .space)
  private static let method = OptionKey.single(
    "method", .choice, placeholder: "HOW", help: "how items get their places",
    default: usual.method)
  private static let neighbours = OptionKey<Int?>.single(
    "neighbours", .integer(2...200), placeholder: "N",
    help: "nearest items of each that stay near it", defaultNote: "\(usual.neighbours)")
  private static let distance = OptionKey<Double?>.single(
    "min-dist", .number(0...1), placeholder: "X",
    help: "how close items may lie, against a spread of 1",
    defaultNote: Wording.number(usual.minimumDistance))
  private static let epochs = OptionKey<Int?>.single(
    "epochs", .integer(1...10_000), placeholder: "N", help: "turns of the layout",
    defaultNote: "500 for up to 10 000 items, fewer for more")
  private static let sample = OptionKey<Int?>.single(
    "sample", .integer(3...200_000), placeholder: "N",
    help: "lay out at most N items, drawn at random", defaultNote: "\(usual.sample)")
  private static let condition = OptionKey.single(
    "where", .condition, placeholder: "EXPR", help: "which items are on the map")
  private static let part = OptionKey<String?>.single(
    "inside", .text, placeholder: "CORNERS",
    help: "show the items inside a polygon alone, such as \"0,0 4,0 4,3\"")
  private static let columns = OptionKey.list(
    "columns", .column, placeholder: "NAME", help: "fields of the items to show beside x and y")

  package static let signature = CommandSignature(
    verb: "map", group: "Search", summary: "lay the items of a space out on a plane",
    discussion: """
      One row for each item, with x and y. --method umap keeps neighbours near one another (UMAP: McInnes, Healy \
      and Melville, 2018, by the library umappp, which scripts/setup --map sets up), and starts from pca: \
      the two directions in which the vectors differ most. Neighbours are by cosine, compared exactly.

      No map of a plane keeps all neighbours. The line below says which share of the 10 nearest of an item, on \
      average of 1 000, are among its 10 nearest on the map, and of pca for comparison. What lies together is \
      worth a look; distances between groups, and their sizes, say nothing.

      --inside takes the corners of a polygon. The page of 'serve' has the same map: draw a line around some \
      items there, and it shows the command that makes a result of them here. The corners belong to \
      the same map: the same space, options and setting 'seed'.

      The same vectors and seed give the same map on one machine. On another kind of processor coordinates may differ. \
      The metric that is called map, too, is another thing: 'help ap' explains it.
      """,
    objects: [space],
    options: [method, neighbours, distance, epochs, sample, condition, part, columns],
    examples: [
      "m = map photos@base --columns kind",
      "plot m --x x --y y --group kind --to map.svg",
      "few = map photos@base --inside \"0,0 4,0 4,3\"",
    ], producesResult: true)

  private let space: SpaceReference
  private let method: MapRequest.Method
  private let neighbours: Int?
  private let distance: Double?
  private let epochs: Int?
  /// `nil` for as many as are usual.
  private let sample: Int?
  private let condition: WhereExpression?
  private let part: PlanePolygon?
  private let columns: [String]
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    space = try arguments[Self.space]
    method = try arguments[Self.method]
    neighbours = try arguments[Self.neighbours]
    distance = try arguments[Self.distance]
    epochs = try arguments[Self.epochs]
    sample = try arguments[Self.sample]
    condition = try arguments[Self.condition]
    part = try arguments[Self.part].map { text in
      try attributing(to: Self.part) { try PlanePolygon(parsing: text) }
    }
    columns = try arguments[Self.columns]
    canonical = arguments.canonical
    let ofUmap: [any ArgumentKey] = [Self.neighbours, Self.distance, Self.epochs]
    for other in ofUmap where method == .pca && arguments.given(other) {
      throw arguments.error(
        at: other, .usage, "--\(other.name) is about --method umap, and pca has nothing like it")
    }
  }

  package func foresee(in scope: inout ScriptScope) throws {
    scope.results.make(.init(collections: [space.collection]))
    guard let collection = scope.settledCollection(space.collection) else { return }
    let workspace = scope.session.workspace
    if let condition { try condition.attributed { try workspace.check(condition, in: collection) } }
    try ResultColumns(workspace: workspace, collection: collection).check(columns, ofHits: false)
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let space = try attributing(to: Self.space) { try session.bench.space(self.space) }
    let table = ResultColumns(workspace: session.workspace, collection: space.collection)
    try table.check(columns, ofHits: false)
    let seed = session.settings[.seed]
    var request = MapRequest(seed: UInt64(seed))
    (request.method, request.condition) = (method, condition)
    if let sample { request.sample = sample }
    if let neighbours { request.neighbours = neighbours }
    if let distance { request.minimumDistance = distance }
    request.epochs = epochs
    let events = EventCollector(session.console)
    let map: PlaneMap
    do { map = try await session.bench.map(of: space, request, events.handler) } catch let error
      as ParallaxError where error.code == .unsupported
    {
      throw error.about(Self.space.parameter())
    }
    let places = map.places(in: part)
    let fields = try table.values(of: Set(places.map { map.ids[$0] }), columns)
    let milliseconds = Clock.milliseconds(since: start)
    let counted = Wording.count(map.ids.count, space.spec.content.noun)
    return CommandOutput(
      .table(
        Table(
          columns: [.init("id", .text, isKey: true), Self.axis("x"), Self.axis("y")]
            + fields.columns,
          rows: places.map { place in
            [
              .text(map.ids[place].rawValue), .real(map.x(of: place)), .real(map.y(of: place)),
            ] + (fields.values[map.ids[place]] ?? fields.columns.map { _ in .null })
          })),
      provenance: Provenance(
        command: canonical,
        spaces: [.init(name: space.reference, value: space.spec.identity)],
        timings: [.init(step: "map", milliseconds: milliseconds)],
        collection: space.collection.name, search: "exact", seed: seed),
      footer: [part == nil ? counted : "\(Wording.count(places.count)) of \(counted) inside"]
        + map.facts + [Wording.milliseconds(milliseconds)],
      notes: (sample == nil ? [] : [map.sampling].compactMap(\.self)) + events.notes,
      // What nobody asked to leave out is more than a note.
      warnings: [sample == nil ? map.sampling : nil, map.omission, map.approximation]
        .compactMap(\.self) + events.warnings)
  }

  private static func axis(_ name: String) -> Table.Column {
    .init(name, .real, fractionDigits: 4, isMain: true)
  }
}

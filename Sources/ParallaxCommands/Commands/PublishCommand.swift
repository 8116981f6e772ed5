package import CommandLanguage
internal import ParallaxCore
internal import ParallaxPublishing
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct PublishCommand: Command {
  private static let space = ObjectKey.byHand("COLLECTION[@SPACE]", .space)
  private static let address = OptionKey.required(
    "to", .text, placeholder: "URL", help: "where the engine is ('help engines')")
  private static let name = OptionKey.single(
    "name", .text, placeholder: "TABLE", help: "name of the table there",
    defaultNote: "both names, such as photos_base")
  private static let similarity = OptionKey<Similarity?>.single(
    "similarity", .choice, placeholder: "HOW", help: "what the index there compares by",
    defaultNote: "cosine")
  private static let type = OptionKey.single(
    "type", .text, placeholder: "TYPE", help: "how vectors are stored", defaultNote: "the engine's")
  private static let index = OptionKey.single(
    "index", .text, placeholder: "KIND", help: "kind of index, or none", defaultNote: "the engine's"
  )
  private static let connectivity = OptionKey<Int?>.single(
    "m", .integer(2...100), placeholder: "N", help: "neighbours of a node of the index",
    defaultNote: "16")
  private static let construction = OptionKey<Int?>.single(
    "ef-construction", .integer(4...1_000), placeholder: "N",
    help: "candidates kept while the index is built", defaultNote: "the engine's")
  private static let lists = OptionKey<Int?>.single(
    "lists", .integer(1...32_768), placeholder: "N", help: "lists of an inverted file",
    defaultNote: "100")
  private static let shards = OptionKey<Int?>.single(
    "shards", .integer(1...1_000), placeholder: "N", help: "parts of the collection there",
    defaultNote: "1")
  private static let replicas = OptionKey<Int?>.single(
    "replicas", .integer(1...100), placeholder: "N", help: "copies of each part", defaultNote: "1")
  private static let quantization = OptionKey.single(
    "quantization", .text, placeholder: "KIND", help: "short codes that are searched first",
    defaultNote: "none")
  private static let onDisk = OptionKey.flag("on-disk", help: "vectors stay on the disk there")
  private static let partition = OptionKey.single(
    "partition", .text, placeholder: "TABLE",
    help: "a table of several collections there, of which this becomes a partition")
  private static let sample = OptionKey.single(
    "certify", .integer(0...100_000), placeholder: "N",
    help: "items that recall is measured with afterwards; 0 for none",
    default: PublishRequest.usualSample)
  private static let isDryRun = OptionKey.flag("dry-run", help: "show what would be done")
  private static let takesOver = OptionKey.flag(
    "take-over", help: "what another workspace published under the name becomes this one's")

  package static let signature = CommandSignature(
    verb: "publish", group: "Spaces",
    summary: "keep a space's vectors and metadata in an engine beyond this machine",
    discussion: """
      Moves to the engine what is new or changed since the last time, and deletes there what is gone: \
      each row carries a checksum of its vector and its metadata. The same command goes on after an \
      interruption; nothing is lost or doubled. At the end ids and checksums of all rows and the vectors \
      of some are read back and compared, and the recall@10 of the engine's ordinary search is measured \
      with items of the space against the exact search here. 'describe COLLECTION@SPACE' shows it.

      'query COLLECTION@SPACE --on URL' asks the engine, and 'drop publication' removes what is there. The \
      identity of the space and an id of the workspace are kept in the engine; what is of another identity \
      or another workspace, or not made by Parallax, is refused and left alone; --take-over takes what \
      another workspace published. The address holds no password: 'help engines' says where it is read from.
      """,
    objects: [space],
    options: [
      address, name, similarity, type, index, connectivity, construction, lists, shards, replicas,
      quantization, onDisk, partition, sample, isDryRun, takesOver,
    ],
    examples: [
      "publish photos@base --to postgres://me@127.0.0.1/photos",
      "publish photos@base --to postgres://db.example/photos?sslmode=verify-full --type halfvec",
      "publish photos@base --to postgres://127.0.0.1/photos --partition everything",
      "publish photos@base --to qdrant://127.0.0.1 --quantization scalar",
      "publish photos@base --to postgres://127.0.0.1/photos --dry-run",
    ], producesResult: true)

  private let space: SpaceReference
  private let request: PublishRequest
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    let address = try attributing(to: Self.address) {
      try EngineAddress(arguments[Self.address])
    }
    let name = try arguments[Self.name]
    if let name { try attributing(to: Self.name) { try EngineSchema.check(name: name) } }
    var options = EngineOptions()
    options[.type] = try arguments[Self.type]
    options[.index] = try arguments[Self.index]
    options[.connectivity] = try arguments[Self.connectivity].map(String.init)
    options[.construction] = try arguments[Self.construction].map(String.init)
    options[.lists] = try arguments[Self.lists].map(String.init)
    options[.shards] = try arguments[Self.shards].map(String.init)
    options[.replicas] = try arguments[Self.replicas].map(String.init)
    options[.quantization] = try arguments[Self.quantization]
    options[.partition] = try arguments[Self.partition]
    if try arguments[Self.onDisk] { options[.onDisk] = "yes" }
    try address.engine.check(options)
    let sample = try arguments[Self.sample]
    let isDryRun = try arguments[Self.isDryRun]
    if isDryRun, arguments.given(Self.sample) {
      throw arguments.error(
        at: Self.sample, .usage, "--dry-run writes nothing; --certify cannot be combined with it")
    }
    request = PublishRequest(
      address: address, name: name, similarity: try arguments[Self.similarity], options: options,
      isDryRun: isDryRun, takesOver: try arguments[Self.takesOver], sample: sample)
    canonical = arguments.canonical
    space = try arguments[Self.space]
  }

  package func foresee(in scope: inout ScriptScope) throws {
    try attributing(to: Self.space) { try scope.require(space) }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let space = try attributing(to: Self.space) { try session.bench.space(self.space) }
    let events = EventCollector(session.console)
    let outcome = try await session.bench.publish(space, request, events.handler)
    let publication = outcome.publication
    var footer = [
      "\(space.reference) in '\(publication.name)'", "\(publication.engine)",
    ]
    if outcome.isDryRun {
      footer.append("nothing was written")
    } else {
      footer += [
        "verified: \(Wording.count(publication.count, "checksum")), "
          + Wording.count(outcome.compared, "vector") + " read back",
        Wording.milliseconds(Clock.milliseconds(since: start)),
      ]
    }
    return CommandOutput(
      .table(outcome.table),
      provenance: Provenance(
        command: canonical,
        spaces: [.init(name: space.reference, value: space.spec.identity)],
        search: outcome.isDryRun ? nil : "\(publication.engine), \(publication.options)"),
      footer: footer,
      notes: events.notes + (publication.certificate.map { ["\($0.words)"] } ?? []),
      warnings: events.warnings)
  }
}

extension PublishOutcome {
  fileprivate var table: Table {
    let certificate = publication.certificate
    return Table(
      columns: [
        .init("space", .text, isKey: true), .init("table", .text, isKey: true),
        .init("inserted", .integer), .init("updated", .integer), .init("deleted", .integer),
        .init("unchanged", .integer), .init("rows", .integer),
        .init("recall@\(certificate?.depth ?? 10)", .real, fractionDigits: 4),
        .init("low", .real, fractionDigits: 4), .init("high", .real, fractionDigits: 4),
      ],
      rows: [
        [
          .text(publication.reference), .text(publication.name), Value(inserted), Value(updated),
          Value(deleted), Value(unchanged), Value(publication.count),
          certificate.map { .real($0.recall) } ?? .null,
          certificate.map { .real($0.low) } ?? .null, certificate.map { .real($0.high) } ?? .null,
        ]
      ])
  }
}

package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct AuditCommand: Command {
  private static let space = ObjectKey.byHand("COLLECTION[@SPACE]", .space)
  private static let field = OptionKey.single(
    "field", .text, placeholder: "NAME",
    help: "a field whose values should share no picture, such as 'split'")
  private static let minimumScore = OptionKey.single(
    "min-score", .number(-1...1), placeholder: "X",
    help: "two images are near-duplicates from this cosine on", default: 0.97)
  private static let bits = OptionKey<Int?>.single(
    "hash-bits", .integer(0...64), placeholder: "N",
    help: "near-duplicates by perceptual hashes of which so many bits may differ, not by a space",
    defaultNote: "\(HashRule.usualBits) where there is no space")
  private static let kind = OptionKey<CollectionAudit.Kind?>.single(
    "list", .choice, placeholder: "WHAT",
    help: "in place of the counts, a row for each case of one kind")

  package static let signature = CommandSignature(
    verb: "audit", group: "Duplicates",
    summary: "say what of a collection to mend before measuring anything",
    discussion: """
      One row for each thing that was looked for: how many, the first of them, and the command that shows or mends them. \
      Each picture is decoded once, and what is found of it is kept.

      missing: the file is gone or has changed. broken: it cannot be decoded. blank: the colours vary by less than \
      \(Wording.number(Fingerprint.blankSpread)) of 255 levels. borders: two opposite edges, each of one \
      colour, take \(Wording.percent(AuditRequest.border)) of the side or more. small and large: a quarter of the median's pixels or \
      fewer, four times as many or more. narrow: one side is \(Wording.number(AuditRequest.narrow)) times the other. copies: the same bytes. \
      pixels: other bytes that decode to the same pixels. near: near-duplicates of a space from --min-score on; \
      without a space, or with --hash-bits, pictures whose perceptual hashes differ in at most so many of 64 bits. leaks: pictures of the \
      three kinds before that have different values of --field. vectors: pictures without a vector of their \
      present bytes. values: pictures without a value of a field.

      What it finds is no error: the exit code is 0.
      """,
    objects: [space], options: [field, minimumScore, bits, kind],
    examples: [
      "audit photos@base --field split", "audit photos --list borders | export --to borders.csv",
    ], producesResult: true)

  private let space: SpaceReference
  private let request: AuditRequest
  private let kind: CollectionAudit.Kind?
  /// Whether a cosine was asked for.
  private let needsSpace: Bool
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    space = try arguments[Self.space]
    var request = AuditRequest()
    request.field = try arguments[Self.field]
    request.minimumScore = try arguments[Self.minimumScore]
    request.hashRule = try arguments[Self.bits].map { HashRule(bits: $0) }
    self.request = request
    needsSpace = arguments.given(Self.minimumScore)
    if request.hashRule != nil, arguments.given(Self.minimumScore) {
      throw arguments.error(
        at: Self.minimumScore, .usage,
        "--min-score is a cosine, and --hash-bits compares no vectors: leave one out")
    }
    kind = try arguments[Self.kind]
    canonical = arguments.canonical
    if kind == .leaks, request.field == nil {
      throw arguments.error(
        at: Self.kind, .usage, "'leaks' needs --field: the field whose values share no picture")
    }
  }

  package func foresee(in scope: inout ScriptScope) throws {
    scope.results.make(.init(collections: kind == nil ? [] : [space.collection]))
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let (collection, space) = try attributing(to: Self.space) {
      let collection = try session.workspace.collection(named: self.space.collection)
      let space =
        self.space.space == nil
        ? try session.bench.usualSpace(of: collection) : try session.bench.space(self.space)
      return (collection, space)
    }
    if space == nil, needsSpace {
      throw ParallaxError(
        .usage, "--min-score is a cosine, and '\(collection.name)' has no default space",
        hint: "name one as \(collection.name)@SPACE, or compare hashes with --hash-bits",
        parameter: Self.minimumScore.parameter())
    }
    let events = EventCollector(session.console)
    let audit = try await session.bench.audit(collection, space, request, events.handler)
    let milliseconds = Clock.milliseconds(since: start)
    let table = kind.map { audit.cases(of: $0) } ?? audit.table(request)
    return CommandOutput(
      kind == nil ? .shown(table, format: nil, rows: table.rows.count) : .table(table),
      provenance: Provenance(
        command: canonical,
        spaces: space.map { [.init(name: $0.reference, value: $0.spec.identity)] } ?? [],
        timings: [.init(step: "look", milliseconds: milliseconds)],
        collection: kind == nil ? nil : collection.name),
      footer: audit.footer + [Wording.milliseconds(milliseconds)],
      notes: events.notes
        + (space == nil && request.hashRule == nil
          && audit.findings.contains { $0.kind == .near }
          ? [
            "'\(collection.name)' has no default space (name one as \(collection.name)@SPACE): "
              + "near-duplicates were looked for by perceptual hashes"
          ]
          : []),
      warnings: events.warnings)
  }
}

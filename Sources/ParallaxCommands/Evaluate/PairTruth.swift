internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxStatistics
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

/// What `eval` does where pairs are labelled in place of answers: how well spaces and groups tell duplicates.
struct PairTruth: Sendable {
  static let truth = OptionKey.single(
    "truth", .path, placeholder: "FILE",
    help: "pairs that are known to be duplicates, or 'verdicts'")
  static let floor = OptionKey.single(
    "min-score", .number(-1...1), placeholder: "X",
    help: "with --truth: look at pairs of a space from this cosine on",
    defaultNote: "the lowest one of a duplicate")
  static let isCurve = OptionKey.flag(
    "curve", help: "with --truth: a row for each threshold")

  static var declarations: [any OptionDeclaration] { [truth, floor, isCurve] }

  static let discussion = """
    --truth is about pairs of pictures in place of answers: a SYSTEM is then a space, or a result of 'dedupe' or \
    'cluster'. FILE is CSV or TSV with the columns left, right and same ('help import-verdicts'). Without the third \
    column its pairs are duplicates, what follows from them too, and all other pairs of the collection distinct; \
    otherwise only labelled pairs count. 'verdicts' takes those that are kept. Of a space: micro-ap (equal \
    scores pessimistically), recall@P90 and the best F1 with their thresholds, or with --curve a row for each threshold. \
    Of groups: pairwise and B-cubed precision, recall and F1, and how many are over-merged or split. Intervals come \
    from drawing true groups again, since pairs that share a picture are not independent.
    """

  private static let verdicts = "verdicts"

  let source: PairLabelSource
  let floor: Double?
  let isCurve: Bool

  /// - Returns: `nil` where no pairs are labelled.
  /// - Throws: about options that do not go together.
  init?(_ arguments: Arguments, without others: [any OptionDeclaration]) throws {
    floor = try arguments[Self.floor]
    isCurve = try arguments[Self.isCurve]
    guard let text = try arguments[Self.truth] else {
      for key in [Self.floor, Self.isCurve] as [any ArgumentKey] where arguments.given(key) {
        throw arguments.error(at: key, .usage, "--\(key.name) goes with --truth")
      }
      return nil
    }
    for key in others.compactMap({ $0 as? any ArgumentKey }) where arguments.given(key) {
      throw arguments.error(
        at: key, .usage,
        "--\(key.name) is for answers to questions; --truth is about pairs of pictures")
    }
    source = text == Self.verdicts ? .verdicts : .file(PathText.expandingHome(text))
  }

  @MainActor func foresee(in scope: inout ScriptScope) throws {
    guard case .file(let path) = source else { return }
    try attributing(to: Self.truth) { try scope.requireFile(path) }
  }

  /// A space, or groups.
  enum System {
    case space(Space)
    case groups(ItemGroups, name: String)

    var collection: ItemCollection {
      switch self {
      case .space(let space): space.collection
      case .groups(let found, _): found.collection
      }
    }

    /// `nil` for groups of pictures that were compared without one.
    var space: Space? {
      switch self {
      case .space(let space): space
      case .groups(let found, _): found.space
      }
    }
  }

  @MainActor func output(
    of systems: [System], in session: Session, command: String
  ) async throws -> CommandOutput {
    let hasSpace = systems.contains { if case .space = $0 { true } else { false } }
    if isCurve || floor != nil, !hasSpace {
      let key = isCurve ? Self.isCurve.parameter() : Self.floor.parameter()
      throw ParallaxError(
        .usage, "--\(key.name) is about the scores of a space: groups have one threshold",
        hint: "name a space, too", parameter: key)
    }
    let events = EventCollector(session.console)
    var request = PairEvaluationRequest(seed: UInt64(session.settings[.seed]))
    request.floor = floor
    var labels: [ItemCollection: LabelledPairs] = [:]
    var inputs: [Provenance.Name] = []
    var found: [PairEvaluation] = []
    for system in systems {
      let collection = system.collection
      let own: LabelledPairs
      do {
        own =
          if let known = labels[collection] { known } else {
            try await session.bench.labelledPairs(from: source, in: collection, events.handler)
          }
      } catch let error as ParallaxError {
        throw error.about(Self.truth.parameter())
      }
      if labels.updateValue(own, forKey: collection) == nil { inputs += own.inputs }
      switch system {
      case .space(let space):
        found.append(
          try await session.bench.evaluation(of: space, by: own, request, events.handler))
      case .groups(let groups, let name):
        found.append(
          try await session.bench.evaluation(
            of: groups, named: name, by: own, request, events.handler))
      }
    }
    return CommandOutput(
      .table(isCurve ? Self.curve(found) : Self.table(found)),
      provenance: Provenance(
        command: command,
        spaces: systems.compactMap(\.space).map {
          .init(name: $0.reference, value: $0.spec.identity)
        },
        inputs: inputs, seed: session.settings[.seed]),
      footer: isCurve ? [] : Self.footer(found), notes: events.notes + Self.remarks(found, floor),
      warnings: events.warnings)
  }

  private static func table(_ found: [PairEvaluation]) -> Table {
    Table(
      columns: [
        .init("system", .text, isKey: true), .init("metric", .text, isKey: true, isMain: true),
        .init("value", .real, isKey: true), .init("low", .real), .init("high", .real),
        .init("threshold", .real), .init("duplicates", .integer), .init("missed", .integer),
        .init("distinct", .integer),
      ],
      rows: found.flatMap { system in
        system.measures.map { measure -> [Value] in
          [
            .text(system.system), .text(measure.name), real(measure.value),
            real(measure.interval?.low), real(measure.interval?.high),
            GroupListing.cosine(measure.threshold),
            Value(system.duplicates), Value(system.missing),
            system.distinct.map { Value($0) } ?? .null,
          ]
        }
      })
  }

  private static func curve(_ found: [PairEvaluation]) -> Table {
    Table(
      columns: [
        .init("system", .text, isKey: true), .init("threshold", .real, isKey: true),
        .init("precision", .real, isKey: true), .init("recall", .real, isKey: true),
        .init("f1", .real, isKey: true),
      ],
      rows: found.flatMap { system in
        system.curve.map { point -> [Value] in
          [
            .text(system.system), GroupListing.cosine(point.threshold), .real(point.precision),
            .real(point.recall), .real(point.f1),
          ]
        }
      })
  }

  private static func real(_ value: Double?) -> Value { value.map { .real($0) } ?? .null }

  /// Systems of other collections have counts of their own.
  private static func footer(_ found: [PairEvaluation]) -> [String] {
    func each(_ count: (PairEvaluation) -> String) -> String {
      let counts = found.map(count)
      return Set(counts).count == 1
        ? counts[0]
        : zip(found, counts).map { "'\($0.system)' \($1)" }.joined(separator: "; ")
    }
    return [
      each { system in
        "\(Wording.count(system.duplicates, "duplicate")), "
          + (system.distinct.map { "\(Wording.count($0)) distinct" } ?? "all others distinct")
      },
      "intervals of 95 % from \(Wording.count(PairEvaluationRequest.draws)) draws of "
        + each { Wording.count($0.trueGroups, "true group") },
    ]
  }

  private static func remarks(_ found: [PairEvaluation], _ floor: Double?) -> [String] {
    found.compactMap { system -> String? in
      guard !system.isOfGroups, system.missing > 0 else { return nil }
      return "\(Wording.count(system.missing, "duplicate")) of '\(system.system)' "
        + "\(system.missing == 1 ? "has" : "have") no score"
        + (floor.map { " from \(Wording.number($0)) on" } ?? "") + ": counted as not found"
    }
      + (found.contains { !$0.isOfGroups }
        ? ["thresholds are the best for these pairs; on others they do worse"] : [])
  }
}

package import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxSearch
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct DescribeCommand: Command {
  private static let object = ObjectKey<String?>.optional(
    "OBJECT", .object, .optionalByHand, keywords: ["model"])
  private static let model = ObjectKey<String?>.optional("MODEL", .model)

  package static let signature = CommandSignature(
    verb: "describe", aliases: ["info"], group: "Objects",
    summary: "show what a collection, space, result or model is and where it came from",
    discussion: "'describe model NAME' shows what a model can do and what it costs.",
    objects: [object, model],
    examples: ["describe photos", "describe photos@base", "describe model mini"],
    acceptsResult: true,
    producesResult: true)

  private enum Subject {
    case model(String)
    /// A collection, space or result; `nil` for what the pipe brings or 'use' chose.
    case object(String?)
  }

  private let subject: Subject
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    canonical = arguments.canonical
    let object = try arguments[Self.object]
    guard let model = try arguments[Self.model] else {
      subject = .object(object)
      return
    }
    guard object == "model" else {
      throw arguments.error(
        at: Self.model, .unexpectedObject, "'describe' takes one object, or 'model' and a name")
    }
    subject = .model(model)
  }

  package func foresee(in scope: inout ScriptScope) throws {
    guard case .model(let model) = subject, RerankSystem.described(model) == nil else { return }
    try attributing(to: Self.model) { try scope.requireModel(model) }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let facts =
      switch subject {
      case .model(let name): try Self.describe(model: name, session)
      case .object(let name): try Self.describe(object: name, input, session)
      }
    let table = Table(
      columns: [.init("what", .text, isKey: true), .init("value", .text, wraps: true)],
      rows: facts.map { [.text($0.0), .text($0.1)] })
    return CommandOutput(.table(table), provenance: Provenance(command: canonical))
  }

  @MainActor private static func describe(
    object name: String?, _ input: NamedResult?, _ session: Session
  ) throws -> [(String, String)] {
    if let result = input ?? name.flatMap({ session.result(named: $0) }) {
      return describe(result)
    }
    guard let name = name ?? session.current else {
      throw ParallaxError(
        .missingObject, "'describe' takes a collection, a space or a result",
        usage: signature.usage)
    }
    return try attributing(to: object) {
      do {
        return try describe(SpaceReference(name), session)
      } catch let error as ParallaxError where error.code == .unknownName {
        var error = error
        error.hint =
          (try? ProviderRegistry.provider(ofModel: name)).map { _ in "describe model \(name)" }
          ?? error.hint ?? Suggestion.hint(for: name, among: session.resultNames)
          ?? "'list collections' and 'list results' show what there is"
        throw error
      }
    }
  }

  @MainActor private static func describe(
    model name: String, _ session: Session
  ) throws -> [(String, String)] {
    if let reranker = RerankSystem.described(name) {
      return Self.describe(reranker.description, of: reranker.provider, session)
    }
    return try attributing(to: model) {
      let provider = try ProviderRegistry.provider(ofModel: name)
      let known = provider.models.first { $0.name == name }
      let price = session.providers.prices.price(of: name, provider: provider).map { price in
        let image = price.dollarsPerImage.map { "$\($0) an image, " } ?? ""
        return [
          (
            "price",
            "\(image)$\(price.dollarsPerMillionTokens) a million tokens (as of \(price.date))"
          )
        ]
      }
      return [
        ("model", name), ("provider", provider.id), ("summary", known?.summary ?? provider.summary),
      ] + (known?.facts ?? []).map { ($0.name, $0.value) } + (price ?? [])
    }
  }

  @MainActor private static func describe(
    _ reranker: ModelDescription, of provider: String, _ session: Session
  ) -> [(String, String)] {
    let parameters = reranker.parameters.map { parameter in
      (
        "parameter",
        "\(parameter.name): \(parameter.summary); \(parameter.rule)"
          + (parameter.usual.map { ", \($0) where it is not written" } ?? "")
      )
    }
    let price = (try? ProviderRegistry.provider(withID: provider)).flatMap { provider in
      session.providers.prices.price(of: reranker.name, provider: provider)
    }.map { price -> [(String, String)] in
      let image = price.dollarsPerImage.map { "$\($0) an image, " } ?? ""
      let answer = price.dollarsPerMillionAnswerTokens
      let written = answer > 0 ? " read, $\(answer) a million written" : ""
      return [
        (
          "price",
          "\(image)$\(price.dollarsPerMillionTokens) a million tokens\(written) (as of \(price.date))"
        )
      ]
    }
    return [
      ("model", reranker.name), ("provider", provider), ("for", "'rerank'"),
      ("summary", reranker.summary),
    ] + reranker.facts.map { ($0.name, $0.value) } + parameters + (price ?? [])
  }

  /// Names in a row, the first of very many.
  private static func listed(_ names: [String]) -> String {
    let most = 40
    let rest = names.count - most
    let list = names.prefix(most).joined(separator: ", ")
    return rest > 0 ? "\(list) and \(Wording.count(rest)) more" : list
  }

  private static func describe(_ result: NamedResult) -> [(String, String)] {
    var facts = [
      ("result", result.name), ("rows", String(result.table.rows.count)),
      ("columns", listed(result.table.columns.map(\.name))),
    ]
    if case .run(let run) = result.content { facts += run.facts }
    return facts + result.provenance.facts
  }

  @MainActor private static func describe(
    _ reference: SpaceReference, _ session: Session
  ) throws -> [(String, String)] {
    let collection = try session.workspace.collection(named: reference.collection)
    guard reference.space != nil else { return try describe(collection, session) }
    let space = try session.bench.space(reference)
    let summary = try session.workspace.summaries(of: [space]).first
    let facts: [(String, String)] =
      [("space", space.reference)]
      + space.spec.fields.map { ($0.name, $0.value) }
    return try facts
      + [
        ("created", space.created),
        ("promoted", try promotion(of: space, session)),
        ("calibrated", try calibration(of: space, session)),
        ("vectors", "\(summary?.vectorCount ?? 0) of \(summary?.itemCount ?? 0) items"),
        ("failed", String(summary?.failureCount ?? 0)),
        ("stored", Wording.bytes(Int(summary?.bytes ?? 0))),
        ("loaded", session.bench.spaces.entry(for: space) == nil ? "no" : "yes"),
        ("in memory", Wording.bytes(session.bench.spaces.byteCount(of: space))),
      ]
      + session.workspace.publications(of: space.collection).filter { $0.space == space.name }
      .map { ("published", $0.words) } + search(session.bench.spaces.entry(for: space))
  }

  @MainActor private static func describe(
    _ collection: ItemCollection, _ session: Session
  ) throws -> [(String, String)] {
    let summary = try session.workspace.summary(of: collection)
    let fields = try session.workspace.fieldKinds(in: collection)
    var facts: [(String, String)] = [
      ("collection", collection.name), ("description", collection.description ?? "none"),
      ("items", String(summary.itemCount)), ("created", collection.created),
      (
        "fields",
        fields.isEmpty ? "none" : listed(fields.map { "\($0.name) (\($0.kind.rawValue))" })
      ),
    ]
    for source in try session.workspace.sources(of: collection) {
      facts.append(("source", source.command(for: collection)))
    }
    for space in try session.workspace.summaries(of: summary.spaces) {
      facts.append(
        ("space", "\(space.space.name): \(space.vectorCount) of \(space.itemCount) embedded"))
    }
    if !summary.spaces.isEmpty {
      facts.append(("default space", try usualSpace(of: collection, session)))
    }
    return facts
  }

  /// What the name of a collection that has spaces stands for, and since when.
  @MainActor private static func usualSpace(
    of collection: ItemCollection, _ session: Session
  ) throws -> String {
    if let last = try session.workspace.promotions(in: collection).last {
      return "\(last.space.name), promoted \(last.at)"
    }
    return try session.bench.usualSpace(of: collection)?.name
      ?? "none: there are several ('promote' chooses one)"
  }

  /// Whether the name of the collection stands for a space by a promotion, now or before.
  @MainActor private static func promotion(of space: Space, _ session: Session) throws -> String {
    let promotions = try session.workspace.promotions(in: space.collection)
    guard let own = promotions.last(where: { $0.space == space }) else { return "no" }
    guard let last = promotions.last, last.space != space else { return own.at }
    return "\(own.at), replaced by \(last.space.reference) \(last.at)"
  }

  /// The thresholds of gates that fit a space.
  @MainActor private static func calibration(
    of space: Space, _ session: Session
  ) throws -> String {
    let known = try session.workspace.calibrations(of: space.collection)
    let own = known.filter { $0.fits(space, bits: $0.bits) }.map { calibration in
      "\(calibration.created): rejects from \(Wording.number(calibration.reject)), review from "
        + Wording.number(calibration.review)
        + (calibration.bits.map { ", with hashes of \($0) bits" } ?? "")
    }
    return own.isEmpty ? "no" : own.joined(separator: "; ")
  }

  /// How queries are answered, as far as it is known before the space is loaded.
  @MainActor private static func search(_ entry: SearchableSpace?) -> [(String, String)] {
    guard let entry else { return [("search", "known when it is loaded")] }
    if let problem = entry.graphProblem { return [("search", "exact: \(problem.message)")] }
    guard let graph = entry.graph else { return [("search", "exact, cosine")] }
    let options = graph.graph.options
    return [
      (
        "search",
        "hnsw, m \(options.connectivity), ef-construction \(options.expansionAdd), "
          + "\(options.storage.rawValue); scores are exact"
      ),
      (
        "index",
        "\(graph.graph.count) nodes, \(graph.deadCount) of items that went, "
          + "\(graph.unindexed.count) images compared one by one"
      ),
    ]
      + (graph.certificate?.entries ?? []).map { entry in
        (
          "recall@\(graph.certificate?.count ?? 0), filter \(entry.selectivity)",
          "\(Wording.thousandths(entry.recall)), at least "
            + "\(Wording.thousandths(entry.lowerBound)) (95 %, "
            + "\(graph.certificate?.queries ?? 0) samples, ef \(graph.certificate?.expansion ?? 0))"
        )
      }
  }
}

package import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxStorage
private import ParallaxText
internal import ParallaxWorkbench

package struct ListCommand: Command {
  /// What 'list' lists.
  enum Kind: String, CaseIterable, Sendable {
    case collections, spaces, fields, results, models, verdicts, publications
  }

  private static let kind = ObjectKey.optional("KIND", .choice, default: Kind.collections)
  private static let collection = ObjectKey<String?>.optional("COLLECTION", .collection)

  package static let signature = CommandSignature(
    verb: "list", aliases: ["ls"], group: "Objects",
    summary: "show collections, spaces, fields, results, models, verdicts or publications",
    discussion: """
      'list verdicts' shows what people said of pairs of pictures ('judge'), of all collections or of one; exported as \
      CSV, 'import-verdicts' reads them back.

      'list publications' shows what was published where ('publish'), of all collections or of one.
      """,
    objects: [kind, collection],
    examples: [
      "list collections", "list spaces", "list fields photos",
      "list verdicts photos | export --to verdicts.csv",
    ], producesResult: true)

  private let kind: Kind
  private let collection: String?
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    kind = try arguments[Self.kind]
    collection = try arguments[Self.collection]
    canonical = arguments.canonical
    guard collection != nil, ![.spaces, .fields, .verdicts, .publications].contains(kind) else {
      return
    }
    throw arguments.error(
      at: Self.collection, .unexpectedObject, "'list \(kind)' takes no collection",
      hint: "'list fields', 'list spaces', 'list verdicts' and 'list publications' do")
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let table =
      switch kind {
      case .collections: try Self.collections(session)
      case .spaces: try spaces(session)
      case .fields: try Self.fields(of: itsCollection(session), session)
      case .results: Self.results(session)
      case .models: Self.models(session)
      case .verdicts: try verdicts(session)
      case .publications: try publications(session)
      }
    return CommandOutput(
      .table(table), provenance: Provenance(command: canonical),
      footer: table.rows.isEmpty ? ["no \(kind) yet"] : [])
  }

  /// The collection named, or the one in use.
  @MainActor private func itsCollection(_ session: Session) throws -> ItemCollection {
    guard let name = collection ?? session.current.map({ SpaceReference($0).collection }) else {
      throw ParallaxError(
        .missingObject, "'list \(kind)' needs a collection",
        hint: "name one, or choose with 'use'", usage: Self.signature.usage)
    }
    return try attributing(to: Self.collection) { try session.workspace.collection(named: name) }
  }

  @MainActor private func verdicts(_ session: Session) throws -> Table {
    let collections =
      collection == nil ? try session.workspace.collections() : [try itsCollection(session)]
    return try VerdictTable(session.workspace, collections, isWhole: collection == nil).table
  }

  @MainActor private func publications(_ session: Session) throws -> Table {
    let collections =
      collection == nil ? try session.workspace.collections() : [try itsCollection(session)]
    return PublicationTable(
      publications: try collections.flatMap { try session.workspace.publications(of: $0) }
    ).table
  }

  @MainActor private static func collections(_ session: Session) throws -> Table {
    let rows: [[Value]] = try session.workspace.collectionSummaries().map { summary in
      let loaded =
        summary.spaces.map { session.bench.spaces.byteCount(of: $0) }
        + [session.workspace.columnBytes(of: summary.collection)]
      let names = summary.spaces.map(\.name).joined(separator: " ")
      return [
        .text(summary.collection.name), Value(summary.itemCount),
        names.isEmpty ? .null : .text(names), .integer(summary.bytes),
        Value(loaded.reduce(0, +)), Value(summary.collection.description),
      ]
    }
    return Table(
      columns: [
        .init("collection", .text, isKey: true), .init("items", .integer),
        .init("spaces", .text), .init("bytes", .integer), .init("bytes in memory", .integer),
        .init("description", .text),
      ], rows: rows)
  }

  @MainActor private func spaces(_ session: Session) throws -> Table {
    let collections =
      collection == nil
      ? try session.workspace.collections() : [try itsCollection(session)]
    let spaces = try collections.flatMap { try session.workspace.spaces(in: $0) }
    let usual = try collections.compactMap { try session.bench.usualSpace(of: $0)?.rowID }
    let rows: [[Value]] = try session.workspace.summaries(of: spaces).map { summary in
      let spec = summary.space.spec
      return [
        .text(summary.space.reference), .text(spec.provider),
        .text(spec.isMapped ? "\(spec.model) (mapped)" : spec.model),
        .text(spec.version), Value(spec.task), Value(spec.dimension),
        Value(summary.vectorCount), Value(summary.itemCount), Value(summary.failureCount),
        .integer(summary.bytes), .boolean(usual.contains(summary.space.rowID)),
      ]
    }
    return Table(
      columns: [
        .init("space", .text, isKey: true), .init("provider", .text), .init("model", .text),
        .init("version", .text), .init("task", .text), .init("dimension", .integer),
        .init("vectors", .integer), .init("items", .integer), .init("failed", .integer),
        .init("bytes", .integer), .init("default", .boolean),
      ], rows: rows)
  }

  @MainActor private static func fields(
    of collection: ItemCollection, _ session: Session
  ) throws -> Table {
    let rows: [[Value]] = try session.workspace.fields(in: collection).map { field in
      [
        .text(field.name), .text(field.kind.rawValue + (field.isList ? " list" : "")),
        Value(field.count), Value(field.nulls), field.distinct.map { Value($0) } ?? .null,
        sample(field.minimum), sample(field.maximum),
      ]
    }
    return Table(
      columns: [
        .init("field", .text, isKey: true), .init("kind", .text), .init("values", .integer),
        .init("nulls", .integer), .init("distinct", .integer), .init("minimum", .text),
        .init("maximum", .text),
      ], rows: rows)
  }

  /// A value to look at: a long text is cut.
  private static func sample(_ value: Value) -> Value {
    value == .null ? .null : .text(TerminalText.truncated(value.plainText, to: 60))
  }

  @MainActor private static func results(_ session: Session) -> Table {
    let rows: [[Value]] = session.resultNames.compactMap { session.result(named: $0) }.map {
      [.text($0.name), Value($0.table.rows.count), .text($0.provenance.command)]
    }
    return Table(
      columns: [
        .init("result", .text, isKey: true), .init("rows", .integer), .init("command", .text),
      ], rows: rows)
  }

  @MainActor private static func models(_ session: Session) -> Table {
    let rows: [[Value]] = ProviderRegistry.all.flatMap { provider -> [[Value]] in
      let named = provider.models.map { model in
        let price = session.providers.prices.price(of: model.name, provider: provider)
        return [
          Value.text(provider.id), .text(model.name), .text("vectors"),
          price?.dollarsPerImage.map { .real($0) } ?? .null,
          price.map { .real($0.dollarsPerMillionTokens) } ?? .null, .text(model.summary),
        ]
      }
      let other = provider.modelForm.map { form -> [Value] in
        [
          .text(provider.id), .text(form.label), .text("vectors"), .null, .null,
          .text(provider.summary),
        ]
      }
      return named + [other].compactMap(\.self)
    }
    let rerankers: [[Value]] = RerankSystem.known.map { provider, model in
      let price = (try? ProviderRegistry.provider(withID: provider)).flatMap {
        session.providers.prices.price(of: model.name, provider: $0)
      }
      return [
        .text(provider), .text(model.name), .text("reranking"),
        price?.dollarsPerImage.map { .real($0) } ?? .null,
        price.map { .real($0.dollarsPerMillionTokens) } ?? .null, .text(model.summary),
      ]
    }
    return Table(
      columns: [
        .init("provider", .text, isKey: true), .init("model", .text, isKey: true),
        .init("for", .text),
        .init("$ an image", .real, fractionDigits: 6),
        .init("$ a million tokens", .real, fractionDigits: 2),
        .init("summary", .text, isMain: true, wraps: true),
      ], rows: rows + rerankers)
  }
}

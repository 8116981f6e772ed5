internal import ParallaxCore
internal import ParallaxStorage
internal import ParallaxWorkbench

/// The columns of a search result: rank, id, score, and fields of the items.
struct ResultColumns {
  /// How far a score lies above those of unrelated questions; shown only where it is asked for.
  static let standing = "standing"

  let workspace: Workspace
  let collection: ItemCollection

  /// A table of hits, best first; without `--columns` of rank, id, score, every metadata field, and
  /// the items' texts where no field `caption` holds them.
  ///
  /// - Parameters:
  ///   - rerankings: how the list was looked at again.
  ///   - names: what `--columns` asks for; empty for the usual ones.
  /// - Throws: `unknown-field` with a near name, about the parameter `columns`.
  func table(
    of hits: [Answer.Hit], after rerankings: [RerankRecord], _ names: [String]
  ) throws -> Table {
    let built = try built(
      names, ofHits: true, RerankColumn.usual(for: hits.map(\.stage), hits.map(\.score)), rerankings
    )
    let metadata = try workspace.metadata(
      of: hits.map(\.item), in: collection, named: Set(built.map(\.column.name)))
    let needsRecords = built.contains { $0.builtIn != nil }
    let records =
      needsRecords ? try workspace.items(named: hits.map(\.id), in: collection) : [:]
    let rows = hits.enumerated().map { place, hit in
      built.map { $0.value(hit, metadata[place], records[hit.id]) }
    }
    return Table(columns: built.map(\.column), rows: rows)
  }

  /// The values that some items have in columns that say nothing of a hit.
  ///
  /// - Throws: `unknown-field`, about the parameter `columns`.
  func values(
    of ids: Set<ItemID>, _ names: [String]
  ) throws -> (columns: [Table.Column], values: [ItemID: [Value]]) {
    let built = names.isEmpty ? [] : try built(names)
    guard !built.isEmpty else { return ([], [:]) }
    let records = try workspace.items(named: ids, in: collection).values.map(\.self)
    let metadata = try workspace.metadata(
      of: records.map(\.rowID), in: collection, named: Set(built.map(\.column.name)))
    var values: [ItemID: [Value]] = [:]
    for (record, metadata) in zip(records, metadata) {
      let hit = Answer.Hit(space: 0, item: record.rowID, id: record.id, score: 0)
      values[record.id] = built.map { $0.value(hit, metadata, record) }
    }
    return (built.map(\.column), values)
  }

  /// - Parameter ofHits: whether the columns are of an answer's hits, and not of items alone.
  /// - Throws: `unknown-field` for a column there is not, about the parameter `columns`.
  func check(_ names: [String], ofHits: Bool) throws {
    if !names.isEmpty { _ = try built(names, ofHits: ofHits) }
  }

  /// The columns asked for that are of items, and not of hits.
  static func ofItems(_ names: [String]) -> [String] {
    names.filter { RerankColumn(rawValue: $0) == nil }
  }

  private func built(
    _ asked: [String], ofHits: Bool = false, _ stages: [RerankColumn] = [],
    _ rerankings: [RerankRecord] = []
  ) throws -> [Column] {
    let kinds = try workspace.fieldKinds(in: collection)
    let names = asked.isEmpty ? try usualNames(kinds.map(\.name), stages) : asked
    return try names.enumerated().map { index, name in
      if let column = Column(name, kinds: kinds, rerankings) { return column }
      if let stage = RerankColumn(rawValue: name), !stages.isEmpty {
        return Column(stage, rerankings)
      }
      if name == Self.standing, ofHits { return Column(ofStandings: rerankings) }
      throw ParallaxError(
        .unknownField, "unknown column '\(name)' for '\(collection.name)'",
        hint: Suggestion.hint(
          for: name,
          among: ["rank", "id", "score"] + (ofHits ? [Self.standing] : []) + stages.map(\.rawValue)
            + kinds.map(\.name)
            + BuiltInField.allCases.map(\.rawValue)),
        parameter: .init(name: "columns", index: index))
    }
  }

  /// The columns of items that are shown where none are asked for.
  func usualNamesOfItems() throws -> [String] {
    let fields = try workspace.fieldKinds(in: collection).map(\.name)
    return try Self.ofItems(usualNames(fields, [])).filter { $0 != "rank" && $0 != "score" }
  }

  private func usualNames(_ fields: [String], _ stages: [RerankColumn]) throws -> [String] {
    let names = ["rank", "id", "score"] + stages.map(\.rawValue) + fields
    if fields.contains("caption") || fields.contains("text") { return names }
    return try workspace.hasTexts(in: collection) ? names + ["text"] : names
  }
}

private struct Column {
  var column: Table.Column
  var builtIn: BuiltInField?
  var stage: RerankColumn?
  var rerankings: [RerankRecord]
  private var isStanding = false

  init(ofStandings rerankings: [RerankRecord]) {
    column = .init(ResultColumns.standing, .real)
    isStanding = true
    self.rerankings = rerankings
  }

  init(_ stage: RerankColumn, _ rerankings: [RerankRecord]) {
    column = stage.column(after: rerankings)
    self.stage = stage
    self.rerankings = rerankings
  }

  init?(
    _ name: String, kinds: [(name: String, kind: ValueKind)], _ rerankings: [RerankRecord]
  ) {
    self.rerankings = rerankings
    if name == "rank" {
      column = .init("rank", .integer, isKey: true)
    } else if name == "score" {
      column = .init("score", rerankings.scoreKind, isKey: true)
    } else if name == "id" {
      column = .init("id", .text, isKey: true)
    } else if let field = kinds.first(where: { $0.name == name }) {
      column = .init(name, field.kind)
    } else if let field = BuiltInField(rawValue: name) {
      column = .init(name, field.kind)
      builtIn = field
    } else {
      return nil
    }
  }

  func value(
    _ hit: Answer.Hit, _ metadata: [String: Value], _ record: ItemRecord?
  ) -> Value {
    if let stage { return stage.value(hit.stage, after: rerankings) }
    if isStanding { return hit.standing.map { .real(($0 * 100).rounded() / 100) } ?? .null }
    switch column.name {
    case "rank": return Value(hit.rank)
    case "score": return Value(score: hit.shownScore, column.kind)
    case "id": return .text(hit.id.rawValue)
    default: break
    }
    guard let builtIn else { return metadata[column.name] ?? .null }
    switch builtIn {
    case .id: return .text(hit.id.rawValue)
    case .path: return Value(record?.path)
    case .width: return record?.width.map { Value($0) } ?? .null
    case .height: return record?.height.map { Value($0) } ?? .null
    case .format: return Value(record?.format)
    case .size: return record.map { .integer($0.size) } ?? .null
    case .text: return Value(record?.text)
    }
  }
}

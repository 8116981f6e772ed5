internal import ParallaxCore
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

/// A run as a table: a row a hit, the questions one under another. Rows are made when they are asked for,
/// since there may be a million of them.
struct RunTable {
  /// What stands before the name of a question's own column.
  private static let ofQuestion = "query."
  private static let usual = ["query", "rank", "id", "score"]

  private let workspace: Workspace

  init(_ workspace: Workspace) { self.workspace = workspace }

  /// The columns asked for that are of items.
  static func ofItems(_ names: [String]) -> [String] {
    ResultColumns.ofItems(names).filter {
      !usual.contains($0) && $0 != "collection" && !$0.hasPrefix(ofQuestion)
    }
  }

  /// - Parameter names: what `--columns` asks for; empty for query, rank, id and score.
  /// - Throws: `unknown-field`, about the parameter `columns`.
  func table(of run: SystemRun, _ names: [String]) async throws -> Table {
    let isMixed = run.collection == nil && !run.spaces.isEmpty
    let stages = run.rerankColumns
    let asked =
      names.isEmpty
      ? (isMixed ? ["collection"] : []) + Self.usual + stages.map(\.rawValue) : names
    let fields = try await offMainActor { try self.values(of: run, Self.ofItems(asked)) }
    let columns = try asked.enumerated().map { index, name in
      try self.column(name, index, of: run, fields.columns)
    }
    let (lists, cells, values) = (run.lists, columns.map(\.1), fields.values)
    var starts: [Int] = []
    var count = 0
    for list in lists {
      starts.append(count)
      count += list.hits.count
    }
    let questions = Dictionary(
      uniqueKeysWithValues: (run.questions?.questions ?? []).map { ($0.id, $0) })
    let (rerankings, kind) = (run.rerankings, run.rerankings.scoreKind)
    let collections = run.spaces.map { Value.text($0.collection.name) }
    let rows = TableRows(count: count) { [starts] row in
      let place = starts.partitionPoint { $0 > row } - 1
      let list = lists[place]
      let hit = list.hits[row - starts[place]]
      return cells.map { cell in
        switch cell {
        case .question: .text(list.question)
        case .rank: Value(hit.rank)
        case .id: .text(hit.id.rawValue)
        case .score: Value(score: hit.shownScore, kind)
        case .stage(let column): column.value(hit.stage, after: rerankings)
        case .collection: collections[hit.space]
        case .text: Value(questions[list.question]?.text)
        case .field(let name): questions[list.question]?.fields[name] ?? .null
        case .item(let index): values[hit.space][hit.id]?[index] ?? .null
        }
      }
    }
    return Table(columns: columns.map(\.0), rows: rows)
  }

  private enum Cell {
    case question, rank, id, score, collection, text
    case field(String)
    case item(Int)
    case stage(RerankColumn)
  }

  private func column(
    _ name: String, _ index: Int, of run: SystemRun, _ ofItems: [Table.Column]
  ) throws -> (Table.Column, Cell) {
    switch name {
    case "query": return (.init("query", .text, isKey: true), .question)
    case "rank": return (.init("rank", .integer, isKey: true), .rank)
    case "id": return (.init("id", .text, isKey: true), .id)
    case "score": return (.init("score", run.rerankings.scoreKind, isKey: true), .score)
    case "collection" where !run.spaces.isEmpty:
      return (.init("collection", .text, isKey: true), .collection)
    default: break
    }
    if let stage = RerankColumn(rawValue: name), !run.rerankings.isEmpty {
      return (stage.column(after: run.rerankings), .stage(stage))
    }
    if let place = ofItems.firstIndex(where: { $0.name == name }) {
      return (ofItems[place], .item(place))
    }
    let fields = run.questions?.columns ?? []
    if name.hasPrefix(Self.ofQuestion), run.questions != nil {
      let own = String(name.dropFirst(Self.ofQuestion.count))
      if let field = fields.first(where: { $0.name == own }) {
        return (.init(name, field.kind), .field(own))
      }
      if own == "text" { return (.init(name, .text, isMain: true), .text) }
    }
    let known =
      Self.usual + run.rerankColumns.map(\.rawValue)
      + (run.questions == nil ? [] : ["text"] + fields.map(\.name))
      .map { Self.ofQuestion + $0 }
    throw ParallaxError(
      .unknownField, "unknown column '\(name)' for a run",
      hint: Suggestion.hint(for: name, among: known)
        ?? "of its own it has \(known.joined(separator: ", "))",
      parameter: .init(name: "columns", index: index))
  }

  /// The fields of the items that were found: their columns, and by space the values of each item.
  private func values(
    of run: SystemRun, _ names: [String]
  ) throws -> (columns: [Table.Column], values: [[ItemID: [Value]]]) {
    let collections = run.collection.map { [$0] } ?? run.spaces.map(\.collection)
    if names.isEmpty || collections.isEmpty { return ([], []) }
    var ids = [Set<ItemID>](repeating: [], count: max(run.spaces.count, 1))
    for list in run.lists {
      for hit in list.hits { ids[hit.space].insert(hit.id) }
    }
    var (columns, values) = ([Table.Column](), [[ItemID: [Value]]]())
    for (place, ids) in ids.enumerated() {
      let collection = run.spaces.isEmpty ? collections[0] : run.spaces[place].collection
      let found = try ResultColumns(workspace: workspace, collection: collection)
        .values(of: ids, names)
      columns = found.columns
      values.append(found.values)
    }
    return (columns, values)
  }
}

extension SystemRun {
  /// The columns that a run has beside its own when it was looked at again.
  fileprivate var rerankColumns: [RerankColumn] {
    guard let last = rerankings.last else { return [] }
    return last.blend == nil ? [.firstRank, .firstScore] : RerankColumn.allCases
  }
}

internal import ParallaxCore
internal import ParallaxStorage
internal import ParallaxWorkbench

/// Verdicts as a table, whose form 'import-verdicts' reads.
struct VerdictTable {
  private let verdicts: [Verdict]
  /// By content, the first item that has it.
  private let items: [ItemCollection: [ContentHash: ItemID]]

  /// - Parameter collections: that items are looked for in, in this order.
  /// - Parameter isWhole: whether verdicts of other contents are shown, too.
  init(_ workspace: Workspace, _ collections: [ItemCollection], isWhole: Bool) throws {
    verdicts =
      isWhole
      ? try workspace.verdicts() : try collections.flatMap { try workspace.verdicts(in: $0) }
    items = Dictionary(
      uniqueKeysWithValues: try collections.map { collection in
        let records = try workspace.items(in: collection).sorted { $0.id < $1.id }
        return (
          collection,
          Dictionary(records.map { ($0.hash, $0.id) }, uniquingKeysWith: { first, _ in first })
        )
      })
  }

  static let columns: [Table.Column] = [
    .init("collection", .text), .init("left", .text, isKey: true),
    .init("right", .text, isKey: true), .init("verdict", .text, isKey: true, isMain: true),
    .init("score", .real), .init("judge", .text), .init("at", .text),
    .init("identity", .text), .init("left_hash", .text), .init("right_hash", .text),
  ]

  /// By collection and ids; those of contents that no collection has come last.
  var table: Table {
    let names = items.keys.sorted { $0.name < $1.name }
    let rows = verdicts.map { verdict -> (key: [String], values: [Value]) in
      let owner = names.first {
        items[$0]?[verdict.pair.one] != nil && items[$0]?[verdict.pair.other] != nil
      }
      func id(_ hash: ContentHash) -> String? { owner.flatMap { items[$0]?[hash]?.rawValue } }
      var ends = [verdict.pair.one, verdict.pair.other]
      if let one = id(ends[0]), let other = id(ends[1]), ItemID(other) < ItemID(one) {
        ends.reverse()
      }
      let key =
        [owner == nil ? "1" : "0", owner?.name ?? ""]
        + ends.map { id($0) ?? $0.hexadecimal }
      return (
        key,
        [
          Value(owner?.name), Value(id(ends[0])), Value(id(ends[1])),
          .text(verdict.answer.rawValue), verdict.score.map { .real(Float($0).shown) } ?? .null,
          Value(verdict.judge), .text(verdict.at), Value(verdict.identity),
          .text(ends[0].hexadecimal), .text(ends[1].hexadecimal),
        ]
      )
    }
    return Table(
      columns: Self.columns,
      rows: rows.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.values))
  }
}

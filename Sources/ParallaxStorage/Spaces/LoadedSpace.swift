package import ParallaxCore

/// The vectors of a space in memory, one row an item.
///
/// Rows are in ascending order of item id (by UTF-8 bytes), so breaking ties by
/// row number breaks them by item id. Search relies on it.
package struct LoadedSpace: Sendable {
  package let space: Space
  package let matrix: VectorMatrix
  /// The item of each row.
  package let items: [ItemRecord.RowID]
  /// The item id of each row, ascending.
  package let ids: [ItemID]
  /// What the files were when it was loaded, and that state of the items; `nil` where no seals are kept.
  let state: State?
  private let rowsByItem: RowIDIndex

  /// What is known of the items' files.
  struct State: Sendable {
    let contents: ContentBeginnings
    let items: SealSum
  }

  init(
    space: Space, matrix: VectorMatrix, items: [ItemRecord.RowID], ids: [ItemID], state: State?
  ) {
    self.space = space
    self.matrix = matrix
    self.items = items
    self.ids = ids
    self.state = state
    rowsByItem = RowIDIndex(items)
  }

  /// The row of an item, or `nil` when it has no vector here.
  package func row(of item: ItemRecord.RowID) -> Int? { rowsByItem[item] }

  /// The row of an item, or `nil` when it has no vector here. O(log n).
  package func row(of id: ItemID) -> Int? {
    let row = ids.partitionPoint { $0 >= id }
    return row < ids.count && ids[row] == id ? row : nil
  }
}

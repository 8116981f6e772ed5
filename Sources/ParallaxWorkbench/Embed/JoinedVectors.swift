internal import ParallaxCore
internal import ParallaxStorage

/// The rows of several files that a space does not hold yet, each item once.
struct JoinedVectors {
  struct Row: Sendable {
    var rows: VectorRows
    var row: Int
    var item: VectorPlaces.Item
  }

  /// In the order of the files and of their rows.
  private(set) var fresh: [Row] = []
  /// Rows that the space holds, or an earlier file.
  private(set) var knownCount = 0
  private let space: LoadedSpace?
  private var places: [ItemRecord.RowID: Int] = [:]

  init(_ space: LoadedSpace?) { self.space = space }

  /// - Throws: `already-exists` where the space, or an earlier file, holds another vector of an item.
  mutating func add(_ part: VectorPart, _ places: VectorPlaces) throws {
    for (count, row) in places.rows.enumerated() {
      if count % 1_024 == 0 { try Task.checkCancellation() }
      guard let item = places.items[row] else { continue }
      if try part.rows.isKnown(row, of: places, in: space) {
        knownCount += 1
      } else if let place = self.places[item.rowID] {
        guard fresh[place].rows.unit(fresh[place].row) == part.rows.unit(row) else {
          throw ParallaxError(
            .alreadyExists,
            "row \(row + 1) of '\(part.file.vectors)' is another vector of '\(part.rows.id(row))' "
              + "than an earlier file holds",
            hint: "an item has one vector; leave one of them out", parameter: "vectors")
        }
        knownCount += 1
      } else {
        self.places[item.rowID] = fresh.count
        fresh.append(Row(rows: part.rows, row: row, item: item))
      }
    }
  }

  /// Whether an item has a vector now.
  func holds(_ item: ItemRecord.RowID) -> Bool {
    places[item] != nil || space?.row(of: item) != nil
  }
}

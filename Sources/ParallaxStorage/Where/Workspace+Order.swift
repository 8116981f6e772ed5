package import ParallaxConditions
internal import ParallaxCore

extension Workspace {
  /// The place of each item in an order: 0 for those that come first, the same for equal ones.
  ///
  /// Numbers and dates compare by their values, texts by their UTF-8 bytes, true comes before false.
  ///
  /// - Throws: `unknown-field`, `type-mismatch`, pointing into the expression; `CancellationError`.
  package func places(
    in collection: ItemCollection, by order: WhereOrder
  ) throws -> [ItemRecord.RowID: Int] {
    let (condition, read) = try readColumns(of: order.expression, in: collection) { catalog, _ in
      try order.checked(against: catalog.field(of: order.expression))
    }
    let places: [Int]
    if let condition {
      let verdict = try read.verdict(on: condition)
      places = (0..<read.items.count).map {
        verdict.isTrue(at: $0) ? 0 : verdict.isFalse(at: $0) ? 1 : 2
      }
    } else {
      places =
        order.field.flatMap { read.columns[$0.name] }?.places(isAscending: order.isAscending) ?? []
    }
    let everything = WhereVerdict.everything(read.items.count)
    return Dictionary(
      uniqueKeysWithValues: zip(read.items.keys(where: everything), places).map {
        (ItemRecord.RowID(rawValue: $0), $1)
      })
  }

  /// Checks an order against the fields that a collection has.
  ///
  /// - Throws: `unknown-field`, `type-mismatch`, pointing into the expression.
  package func check(_ order: WhereOrder, in collection: ItemCollection) throws {
    try read { connection in
      let catalog = try FieldCatalog(collection, connection)
      _ = try order.checked(against: catalog.field(of: order.expression))
    }
  }
}

extension WhereColumn {
  /// The place of each cell, the largest value first, or the smallest; what is not known comes last.
  fileprivate func places(isAscending: Bool) -> [Int] {
    switch cells {
    case .integers(let values): places(values.count, isAscending) { values[$0] < values[$1] }
    case .reals(let values): places(values.count, isAscending) { values[$0] < values[$1] }
    case .texts(let texts):
      texts.withCells { cell in
        places(texts.count, isAscending) {
          WhereComparison.order(cell($0), cell($1)) < 0
        }
      }
    }
  }

  private func places(
    _ count: Int, _ isAscending: Bool, isLess: (Int, Int) -> Bool
  ) -> [Int] {
    let isBefore = isAscending ? isLess : { isLess($1, $0) }
    let sorted = (0..<count).filter { known[$0 >> 6] & 1 << UInt64($0 & 63) != 0 }
      .sorted(by: isBefore)
    var places = Array(repeating: count, count: count)
    var place = 0
    for (index, cell) in sorted.enumerated() {
      if index > 0, isBefore(sorted[index - 1], cell) { place += 1 }
      places[cell] = place
    }
    return places
  }
}

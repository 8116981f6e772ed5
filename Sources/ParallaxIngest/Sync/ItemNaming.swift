package import ParallaxCore

/// How items get their ids.
///
/// An id is the path relative to the root without its ending: `birds/wren.jpg` is `birds/wren`.
/// When several files share that, or an item that stays already has it, each new one gets its
/// full relative path: `wren.jpg` and `wren.png` keep their endings. When even that is taken,
/// `#2`, `#3` and so on follow it. A file already known under an id keeps it. The outcome
/// depends on the set of paths and of ids taken, not on their order.
package enum ItemNaming {
  /// Ids for new files, in the order of `relativePaths`, which are distinct.
  package static func ids(
    for relativePaths: [String], taken: Set<ItemID> = []
  ) -> [ItemID] {
    let short = relativePaths.map { ItemID(String(FilePath.withoutEnding($0))) }
    var uses: [ItemID: Int] = [:]
    for id in short { uses[id, default: 0] += 1 }
    var needsEnding = short.map { taken.contains($0) || uses[$0, default: 0] > 1 }
    settle(short, relativePaths, &needsEnding)

    var used = taken
    for index in short.indices where !needsEnding[index] { used.insert(short[index]) }
    var ids = short
    let order = short.indices.filter { needsEnding[$0] }.sorted {
      relativePaths[$0].utf8.lexicographicallyPrecedes(relativePaths[$1].utf8)
    }
    for index in order {
      ids[index] = firstFree(relativePaths[index], used)
      used.insert(ids[index])
    }
    return ids
  }

  /// A full path may be what another file is called without its ending: that one keeps its
  /// ending too, until nothing more changes.
  private static func settle(
    _ short: [ItemID], _ relativePaths: [String], _ needsEnding: inout [Bool]
  ) {
    let positions = Dictionary(
      zip(short, short.indices), uniquingKeysWith: { first, _ in first })
    var pending = short.indices.filter { needsEnding[$0] }
    while let index = pending.popLast() {
      guard let other = positions[ItemID(relativePaths[index])], !needsEnding[other] else {
        continue
      }
      needsEnding[other] = true
      pending.append(other)
    }
  }

  private static func firstFree(_ path: String, _ used: Set<ItemID>) -> ItemID {
    var id = ItemID(path)
    var number = 1
    while used.contains(id) {
      number += 1
      id = ItemID("\(path)#\(number)")
    }
    return id
  }
}

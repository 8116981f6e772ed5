import ParallaxCore

/// Works out a plan: first who is who, then, with the hashes, what became of whom.
struct SyncPlanner {
  private var source: SourceListing
  /// The items of the source, then those that are lost elsewhere.
  private let known: [KnownItem]
  private let lostStart: Int
  private let taken: Set<ItemID>
  /// For each item of the source, the known item it continues.
  private var matches: [Int?] = []
  private var isMatched: [Bool]

  init(source: SourceListing, known: [KnownItem], lost: [KnownItem], taken: Set<ItemID>) {
    self.source = source
    self.known = known + lost
    lostStart = known.count
    self.taken = taken
    isMatched = Array(repeating: false, count: self.known.count)
    let byID = Dictionary(
      zip(known.map(\.id), known.indices), uniquingKeysWith: { first, _ in first })
    let byPath = Dictionary(
      zip(known.map(\.path), known.indices), uniquingKeysWith: { first, _ in first })
    // Given ids first: a file without one must not take the item that an id names.
    matches = source.items.map { item in item.id.flatMap { byID[$0] } }
    for match in matches { match.map { isMatched[$0] = true } }
    for (position, item) in source.items.enumerated() where item.id == nil {
      guard let match = byPath[item.file.path], !isMatched[match] else { continue }
      matches[position] = match
      isMatched[match] = true
    }
  }

  /// The positions of the items whose content is not known for certain.
  func positionsToRead(rehash: Bool) -> [Int] {
    source.items.indices.filter { position in
      guard !rehash, let match = matches[position] else { return true }
      let file = source.items[position].file
      let item = known[match]
      return item.path != file.path || item.size != file.size || item.modified != file.modified
        || item.changed.map { $0 != file.changed } ?? false
    }
  }

  /// - Parameter read: by position in the source; an error for a file that cannot be read.
  mutating func plan(with read: [Int: Result<ReadPicture, ParallaxError>]) -> SyncPlan {
    for (position, outcome) in read {
      if case .success(let picture) = outcome { source.items[position].file = picture.file }
    }
    let hashes = read.mapValues { $0.map(\.hash) }
    var plan = SyncPlan()
    plan.issues = source.issues
    var fresh: [(position: Int, hash: ContentHash)] = []
    for (position, item) in source.items.enumerated() {
      let match = matches[position].map { known[$0] }
      switch hashes[position] ?? match.map({ .success($0.hash) }) {
      case .success(let hash):
        if let match {
          plan.add(match, becoming: item, hash)
        } else {
          fresh.append((position, hash))
        }
      case .failure(let error):
        match.map { plan.unreadable.append($0) }
        plan.issues.append(
          IngestIssue(
            .unreadableFile, .error, subject: item.file.relativePath, reason: error.message))
      case nil: continue
      }
    }
    keepUnseen(&plan)
    takeRenames(from: &fresh, into: &plan)
    addNew(fresh, to: &plan)
    plan.removed = (0..<lostStart).filter { !isMatched[$0] }.map { known[$0] }
      .sorted { $0.id < $1.id }
    return plan
  }

  /// Items at or below a path that could not be looked at are not gone as far as anyone knows.
  private mutating func keepUnseen(_ plan: inout SyncPlan) {
    guard !source.unreadablePaths.isEmpty else { return }
    for index in 0..<lostStart where !isMatched[index] {
      let path = known[index].path + "/"
      guard source.unreadablePaths.contains(where: { path.hasPrefix($0 + "/") }) else { continue }
      isMatched[index] = true
      plan.unreadable.append(known[index])
    }
  }

  /// A new file with the content of an item that is gone is that item under another name.
  private mutating func takeRenames(
    from fresh: inout [(position: Int, hash: ContentHash)], into plan: inout SyncPlan
  ) {
    var gone: [ContentHash: [Int]] = [:]
    // Taken from the end: those of the source first, then by path.
    let order = known.indices.filter { !isMatched[$0] }.sorted { left, right in
      let isLost = (left >= lostStart, right >= lostStart)
      return isLost.0 != isLost.1
        ? isLost.0 : known[right].path.utf8.lexicographicallyPrecedes(known[left].path.utf8)
    }
    for index in order { gone[known[index].hash, default: []].append(index) }
    var rest: [(position: Int, hash: ContentHash)] = []
    for candidate in fresh {
      let item = source.items[candidate.position]
      guard item.id == nil, let index = gone[candidate.hash]?.popLast() else {
        rest.append(candidate)
        continue
      }
      isMatched[index] = true
      plan.add(known[index], becoming: item, candidate.hash)
    }
    fresh = rest
  }

  private func addNew(
    _ fresh: [(position: Int, hash: ContentHash)], to plan: inout SyncPlan
  ) {
    let staying = known.indices.filter { isMatched[$0] }.map { known[$0].id }
    let given = source.items.compactMap(\.id)
    let used = taken.union(staying).union(given)
    let unnamed = fresh.filter { source.items[$0.position].id == nil }
    let ids = ItemNaming.ids(
      for: unnamed.map { source.items[$0.position].file.relativePath }, taken: used)
    let idsByPosition = Dictionary(uniqueKeysWithValues: zip(unnamed.map(\.position), ids))
    for candidate in fresh {
      let item = source.items[candidate.position]
      guard let id = item.id ?? idsByPosition[candidate.position] else { continue }
      if item.id != nil, taken.contains(id) || staying.contains(id) {
        plan.issues.append(
          IngestIssue(
            .duplicateID, .error, subject: item.file.relativePath,
            reason: "the id '\(id)' is already used by another image of the collection"))
      } else {
        plan.new.append(
          IngestItem(id: id, file: item.file, hash: candidate.hash, text: item.text))
      }
    }
  }
}

extension SyncPlan {
  /// Files a known item under what became of it.
  fileprivate mutating func add(
    _ item: KnownItem, becoming source: SourceItem, _ hash: ContentHash
  ) {
    let change = Change(
      from: item,
      to: IngestItem(id: item.id, file: source.file, hash: hash, text: source.text))
    if hash != item.hash {
      changed.append(change)
    } else if source.file.path != item.path {
      renamed.append(change)
    } else {
      unchanged.append(change)
    }
  }
}

internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxStorage

/// Finds the contents that rows of a table of pairs are about.
struct PairResolver {
  private let name: String
  private let path: String
  private let hashes: [ItemID: ContentHash]
  private let contents: Set<ContentHash>

  init(_ name: String, _ items: [ItemRecord], path: String) {
    (self.name, self.path) = (name, path)
    hashes = Dictionary(items.map { ($0.id, $0.hash) }, uniquingKeysWith: { first, _ in first })
    contents = Set(items.map(\.hash))
  }

  /// Whether items have both contents.
  func isThere(_ pair: ContentPair) -> Bool {
    contents.contains(pair.one) && contents.contains(pair.other)
  }

  /// What rows came to that are no labels.
  private struct Rest {
    var unknown: Set<String> = []
    var unknownRows = 0
    var copies = 0
    var changed: Set<ItemID> = []
    var absent: [PairTable.Row] = []
    /// The same bytes, said to be distinct.
    var impossible: [PairTable.Row] = []
  }

  func labels(of table: PairTable, _ handler: EventHandler) throws -> LabelledPairs {
    var labels = LabelledPairs(isClosed: !table.hasLabels)
    var rest = Rest()
    var lines: [ContentPair: Int] = [:]
    for row in table.rows {
      let ends = [(row.left, row.leftHash), (row.right, row.rightHash)].map { id, hash in
        if let hash, let own = hashes[id], own != hash { rest.changed.insert(id) }
        return (id: id, hash: hash ?? hashes[id])
      }
      for end in ends where end.hash == nil { rest.unknown.insert(end.id.rawValue) }
      guard let one = ends[0].hash, let other = ends[1].hash else {
        rest.unknownRows += 1
        continue
      }
      guard let pair = ContentPair(one, other) else {
        if row.isDuplicate { rest.copies += 1 } else { rest.impossible.append(row) }
        continue
      }
      if (row.isDuplicate ? labels.distinct : labels.duplicates).contains(pair) {
        throw ParallaxError(
          .invalidValue,
          "'\(path)', line \(row.line): \(Self.names(of: row)) have the same bytes as a pair that line "
            + "\(lines[pair] ?? 0) labels otherwise", hint: "keep the line that is right")
      }
      lines[pair] = row.line
      if !isThere(pair) { rest.absent.append(row) }
      if row.isDuplicate { labels.duplicates.insert(pair) } else { labels.distinct.insert(pair) }
    }
    say(table, rest, handler)
    return labels
  }

  private static func names(of row: PairTable.Row) -> String {
    "'\(row.name(left: true))' and '\(row.name(left: false))'"
  }

  /// `2 pairs of 'p.csv' are`
  private func pairs(_ count: Int) -> String {
    Wording.count(count, "pair of '\(path)' is", "pairs of '\(path)' are")
  }

  private func say(_ table: PairTable, _ rest: Rest, _ handler: EventHandler) {
    if table.repeated > 0 {
      handler(
        .note("\(Wording.count(table.repeated, "row repeats", "rows repeat")) a pair of '\(path)'"))
    }
    if rest.copies > 0 {
      handler(
        .note(
          "\(Wording.count(rest.copies, "pair is", "pairs are")) of files with the same bytes, which need no label"
        ))
    }
    func warn(_ sentence: String) { handler(.warning(sentence)) }
    if let row = table.ofOne.first {
      warn(
        "\(Wording.count(table.ofOne.count, "row of '\(path)' names", "rows of '\(path)' name")) one picture "
          + "twice, and no pair: left out, such as line \(row.line), '\(row.name(left: true))'")
    }
    if let row = rest.impossible.first {
      warn(
        "\(pairs(rest.impossible.count)) of files with the same bytes, and said to be distinct: left out, such as line "
          + "\(row.line), \(Self.names(of: row))")
    }
    if !rest.changed.isEmpty {
      warn(
        "\(Wording.count(rest.changed.count, "id has", "ids have")) other bytes now than '\(path)' says: its hashes count"
      )
    }
    if let row = rest.absent.first {
      warn(
        "\(pairs(rest.absent.count)) of files that '\(name)' does not have, which cannot be compared: such as "
          + "line \(row.line), \(Self.names(of: row))")
    }
    if rest.unknownRows > 0 {
      warn(
        "\(pairs(rest.unknownRows)) left out: '\(name)' has no \(Workbench.listed(rest.unknown.sorted()))"
      )
    }
  }
}

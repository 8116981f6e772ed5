internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxWorkbench

extension SideBySide {
  /// A row an item: what became of it, its grade, and its rank and score in each list.
  ///
  /// - Parameters:
  ///   - names: of the two systems, or of one.
  ///   - kinds: of the scores of their hits. Where scores alone do not tell the order, a list has
  ///     1 / rank instead.
  func table(_ names: [String], _ kinds: [ValueKind]) -> Table {
    var columns: [Table.Column] = [
      .init("id", .text, isKey: true), .init("grade", .integer, isKey: true),
    ]
    if names.count > 1 { columns.insert(.init("change", .text, isKey: true), at: 0) }
    let isLookedAt = !neighboursKept.isEmpty
    if isLookedAt { columns.append(.init("kept", .real, fractionDigits: 2, isKey: true)) }
    let places = entries.map { names.count > 1 ? [$0.first, $0.second] : [$0.second] }
    let kinds = kinds.enumerated().map { system, kind in
      let scores = places.compactMap { $0[system]?.score }
      return scores.allSatisfy { Int64(exactly: $0) != nil } ? kind : .real
    }
    for (name, kind) in zip(names, kinds) {
      columns.append(.init("\(name) rank", .integer, isKey: true))
      columns.append(.init("\(name) score", kind, isKey: true))
    }
    let rows = zip(entries, places).map { entry, places in
      var row: [Value] = names.count > 1 ? [.text(entry.change.rawValue)] : []
      row += [.text(entry.id.rawValue), entry.grade.map { Value($0) } ?? .null]
      if isLookedAt { row.append(neighboursKept[entry.id].map { .real($0) } ?? .null) }
      for (place, kind) in zip(places, kinds) {
        row += [place.map { Value($0.rank) } ?? .null, Value(score: place?.score, kind)]
      }
      return row
    }
    return Table(columns: columns, rows: rows)
  }

  /// What is asked, what became of the items, and what nobody found.
  func remarks(_ names: [String]) -> [String] {
    var remarks = [text.map { "'\(question)': \($0)" } ?? "'\(question)'"]
    if names.count > 1 {
      let counts: [(Change, String)] = [
        (.entered, "entered"), (.left, "left"), (.up, "moved up"), (.down, "moved down"),
        (.kept, "stayed"),
      ]
      let parts = counts.compactMap { change, words -> String? in
        let count = entries.count { $0.change == change }
        return count > 0 ? "\(count) \(words)" : nil
      }
      remarks.append("from '\(names[0])' to '\(names[1])': \(parts.joined(separator: ", "))")
    }
    remarks += movers
    if !missing.isEmpty {
      let found = relevantCount - missing.count
      remarks.append(
        "\(Wording.count(found)) of \(Wording.count(relevantCount, "relevant item")) in the lists; not "
          + "there: " + Evaluation.listed(missing.map(\.rawValue)))
    }
    return remarks
  }

  /// Whether what changed places has other neighbours than before.
  private var movers: [String] {
    let changed = entries.filter { $0.change == .entered || $0.change == .left }
      .compactMap { neighboursKept[$0.id] }
    guard !changed.isEmpty else { return [] }
    let moved = changed.count { $0 < SpaceComparison.fewest }
    return [
      moved * 2 > changed.count
        ? "\(Wording.count(moved)) of the \(Wording.count(changed.count)) that entered or left have "
          + "mostly other neighbours than before: these items have moved"
        : "\(Wording.count(changed.count - moved)) of the \(Wording.count(changed.count)) that entered "
          + "or left keep most of their own neighbours: rather the question has moved, or close "
          + "scores have changed order"
    ]
  }
}

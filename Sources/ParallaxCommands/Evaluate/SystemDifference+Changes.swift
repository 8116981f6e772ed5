internal import ParallaxCore
internal import ParallaxEvaluation
private import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

extension SystemDifference {
  /// Rows of each kind.
  private static let most = 20

  /// The questions whose lists differ most, with what each list has alone; the items whose neighbours
  /// differ most, likewise; and the items that most lists gained or lost.
  func changedTable(in workspace: Workspace) async throws -> Table {
    let texts = try await offMainActor { try knownTexts(in: workspace) }
    let rows = questionRows(texts) + neighbourRows(texts) + presenceRows(texts)
    return Table(
      columns: [
        .init("kind", .text, isKey: true), .init("id", .text, isKey: true),
        .init("kept", .real, fractionDigits: 2, isKey: true),
        .init("only \(first.name)", .text, isMain: true, wraps: true),
        .init("only \(second.name)", .text, isMain: true, wraps: true),
        .init("text", .text, wraps: true),
      ], rows: rows)
  }

  /// The least kept first; of equal ones the one that differs more by rank-biased overlap.
  private var changed: [RunDifference.Lists] {
    lists.lists.filter { $0.overlap.overlap < 1 || ($0.rankBiased?.extrapolated ?? 1) < 1 }
      .sorted { left, right in
        let (one, other) = (left.overlap.overlap, right.overlap.overlap)
        if one != other { return one < other }
        let ranks = [left, right].map { $0.rankBiased?.extrapolated ?? 0 }
        return ranks[0] != ranks[1] ? ranks[0] < ranks[1] : left.question < right.question
      }
  }

  private func questionRows(_ texts: Texts) -> [[Value]] {
    // Where items ask, their neighbours are the lists.
    if spaces != nil, areItems { return [] }
    return changed.prefix(Self.most).map { list in
      let own = leftOutItems(of: list.question)
      let ids = [first, second].map { system in
        (system.run.lists[list.question] ?? []).map(\.id).filter { !own.contains($0) }.prefix(top)
      }
      return [
        .text("question"), .text(list.question), .real(list.overlap.overlap),
        Self.rest(of: ids[0], ids[1]), Self.rest(of: ids[1], ids[0]),
        Value(texts.questions[list.question]),
      ]
    }
  }

  private func neighbourRows(_ texts: Texts) -> [[Value]] {
    (spaces?.churn ?? []).prefix(Self.most).filter { $0.kept < 1 }.map { churn in
      [
        .text("neighbours"), .text(churn.item.rawValue), .real(churn.kept),
        Self.rest(of: churn.first[...], churn.second[...]),
        Self.rest(of: churn.second[...], churn.first[...]),
        Value(texts.items[churn.item] ?? churn.path),
      ]
    }
  }

  private func presenceRows(_ texts: Texts) -> [[Value]] {
    lists.items.prefix(Self.most).filter { $0.change != 0 }.map { presence in
      [
        .text("item"), .text(presence.item.rawValue),
        .real(
          Double(min(presence.first, presence.second))
            / Double(max(presence.first, presence.second))),
        .text("in \(Wording.count(presence.first, "list"))"),
        .text("in \(Wording.count(presence.second, "list"))"), Value(texts.items[presence.item]),
      ]
    }
  }

  /// What one list has and another has not, in its order.
  private static func rest(of list: ArraySlice<ItemID>, _ other: ArraySlice<ItemID>) -> Value {
    let known = Set(other)
    let rest = list.filter { !known.contains($0) }
    return .text(
      rest.isEmpty && known.count == list.count
        ? "(other order)" : rest.map(\.rawValue).joined(separator: " "))
  }

  // MARK: Texts

  private struct Texts {
    var questions: [String: String] = [:]
    /// Of the items that are shown: the text, or the path.
    var items: [ItemID: String] = [:]
  }

  private func knownTexts(in workspace: Workspace) throws -> Texts {
    var texts = Texts()
    for question in (first.questions ?? second.questions)?.questions ?? [] {
      texts.questions[question.id] = question.text
    }
    guard let collection = first.collection ?? second.collection else { return texts }
    let shown =
      (spaces?.churn ?? []).prefix(Self.most).map(\.item)
      + lists.items.prefix(Self.most).map(\.item)
    for (id, item) in try workspace.items(named: shown, in: collection) {
      texts.items[id] = item.text ?? item.path
    }
    return texts
  }
}

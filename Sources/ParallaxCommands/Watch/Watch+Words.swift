internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

extension Query.Term {
  /// The option that asks so.
  var asTyped: String {
    let typed = label.hasPrefix("not-") ? -weight : weight
    return "--\(label)" + (typed == 1 ? "" : "^\(Wording.number(typed))")
  }
}

extension Watch {
  /// The line that adds it.
  var again: String {
    let condition = condition.map { " --where \(Quoting.quoted($0))" } ?? ""
    return "watch add \(name) \(reference) \(question)\(condition) --min-score "
      + Wording.number(minimumScore.shown)
  }
}

extension WatchFindings {
  /// Hits that a line names.
  private static let most = 3

  /// A line for each watch that found something.
  var notes: [String] {
    news.map { news in
      let named = news.hits.prefix(Self.most).map { "\($0.id) (\(Wording.score($0.score)))" }
      let rest = news.hits.count - named.count
      let all = named.joined(separator: ", ") + (rest > 0 ? " and \(Wording.count(rest)) more" : "")
      return
        "watch '\(news.watch.name)': \(Wording.count(news.hits.count, "new match", "new matches")): "
        + "\(all); all: watch show \(news.watch.name) --since \(news.found)"
    }
  }
}

extension CommandOutput {
  /// Adds what the watches of a collection have found since they were last asked.
  @MainActor mutating func addWatchNews(
    in collection: ItemCollection, _ session: Session
  ) async throws {
    guard session.workspace.mode == .readWrite else { return }
    let events = EventCollector(session.console)
    let findings = try await session.bench.watchNews(in: collection, events.handler)
    notes += findings.notes + events.notes
    warnings += findings.paused + events.warnings
  }
}

extension Session {
  /// A line for each space that watches look at and that lacks vectors.
  func watchesWaiting(in collection: ItemCollection) throws -> [String] {
    let watches = try workspace.watches(in: collection)
    let names = Set(watches.map(\.space))
    guard !names.isEmpty else { return [] }
    let spaces = try workspace.spaces(in: collection).filter { names.contains($0.name) }
    return try workspace.summaries(of: spaces).compactMap { summary in
      let (space, missing) = (summary.space, summary.itemCount - summary.vectorCount)
      guard missing > summary.failureCount else { return nil }
      let noun = space.spec.content.noun
      let count = watches.count { $0.space == space.name }
      return
        "\(Wording.count(missing, "\(noun) has", "\(noun)s have")) no vector in '\(space.reference)', which "
        + "\(Wording.count(count, "watch looks", "watches look")) at: \(space.remedyForMissing)"
    }
  }
}

extension [WatchSummary] {
  /// A row for each watch.
  func table(in bench: Workbench) throws -> Table {
    Table(
      columns: [
        .init("watch", .text, isKey: true), .init("space", .text, isKey: true),
        .init("min_score", .real), .init("found", .integer, isMain: true),
        .init("last_found", .date, isMain: true),
        .init("question", .text, isMain: true, wraps: true),
        .init("where", .text, wraps: true), .init("state", .text, wraps: true),
      ],
      rows: map { summary in
        let watch = summary.watch
        var state = "active"
        do { _ = try bench.space(of: watch) } catch let error as ParallaxError {
          state = error.message
        } catch {
          state = "\(error)"
        }
        return [
          .text(watch.name), .text(watch.reference), .real(watch.minimumScore.shown),
          Value(summary.found), summary.lastFound.map { .date($0) } ?? .null,
          .text(watch.question), Value(watch.condition), .text(state),
        ]
      })
  }
}

extension Table {
  /// Matches of a watch with the time at which each was found, after the score.
  func inserting(_ found: [String?]) -> Table {
    let place = (index(of: "score") ?? 1) + 1
    return Table(
      columns: Array(columns.prefix(place)) + [Column("watch.found", .date, isMain: true)]
        + Array(columns.dropFirst(place)),
      rows: zip(rows, found).map { row, time -> [Value] in
        var row = row
        row.insert(time.map { .date($0) } ?? .null, at: place)
        return row
      })
  }
}

internal import ParallaxCore
private import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxWorkbench

extension Evaluation {
  /// Names in a sentence.
  private static let named = 5

  /// Parts of the line under the table.
  var footer: [String] {
    var parts = [Wording.count(questions.count, "judged question")]
    if let clusterBy, let clusterCount {
      parts[0] += " in \(Wording.count(clusterCount, "cluster")) by \(clusterBy)"
    }
    if !withoutRelevant.isEmpty {
      let count = Wording.count(withoutRelevant.count)
      parts.append(
        dropsEmpty
          ? "\(count) without a relevant item left out"
          : "\(count) without a relevant item (\(withoutRelevant.count == 1 ? "counts" : "count") 0)"
      )
    }
    parts += counts(of: \.unanswered.count) {
      "\($0) unanswered (\($0 == "1" ? "counts" : "count") 0)"
    }
    parts += counts(of: \.unjudged.count) { "\($0) not judged, not counted" }
    parts += counts(of: \.leftOut) {
      "\($0) \($0 == "1" ? "hit" : "hits") left out: the question itself"
    }
    if familySize > 0 {
      let tests = Wording.count(familySize, "test")
      parts.append(
        comparison?.isExploratory == true
          ? "exploratory: p not corrected for \(tests)" : "one family of \(tests) (Holm)")
    }
    parts.append("intervals of 95 %, seed \(seed)")
    return parts
  }

  /// How many of something the systems have: once where all have as many.
  private func counts(
    of path: KeyPath<System, Int>, _ words: (String) -> String
  ) -> [String] {
    let counts = systems.map { $0[keyPath: path] }
    if Set(counts).count == 1 { return counts[0] == 0 ? [] : [words(Wording.count(counts[0]))] }
    return zip(systems, counts).filter { $0.1 > 0 }.map {
      "'\($0.name)': " + words(Wording.count($1))
    }
  }

  /// What does not match, with the first names; and what makes values lower than they need be.
  var remarks: [String] {
    var remarks: [String] = []
    if !withoutRelevant.isEmpty {
      remarks.append("no relevant item: " + Self.listed(withoutRelevant))
    }
    remarks += names(\.unanswered) { "no answer of \($0)" }
    remarks += names(\.unjudged) { "answered by \($0), but not judged" }
    remarks += judgedShares
    remarks += shallow
    let small = slices.filter { !$0.isTested }
    if !small.isEmpty {
      remarks.append(
        "\(small.count == 1 ? "slice" : "slices") with fewer than \(Self.smallestSlice) questions, not "
          + "tested: " + Self.listed(small.compactMap(\.label)))
    }
    if let fewerResamples {
      remarks.append(
        "metrics of whole runs: intervals from \(Wording.count(fewerResamples)) resamples instead of "
          + "10 000, because there are so many answers")
    }
    return remarks
  }

  /// Which metric the table of questions is about, where there are several.
  var perQuestionRemarks: [String] {
    measures.count > 1 ? ["the rows are about \(measures[0]), the first metric"] : []
  }

  /// How much of the first answers is judged, where that is little.
  private var judgedShares: [String] {
    guard judgements.itemCount == nil else { return [] }
    let shares = systems.compactMap { system in
      system.judgedShare.map { (name: system.name, share: $0) }
    }
    guard shares.contains(where: { $0.share < 0.9 }) else { return [] }
    let all = shares.map(\.share)
    func percent(_ share: Double) -> String { Wording.percent(share, digits: 0) }
    let range = [all.min(), all.max()].compactMap(\.self).map(percent)
    let words =
      Set(range).count == 1
      ? range[0]
      : shares.count > 2
        ? range.joined(separator: " to ")
        : shares.map { "'\($0.name)' \(percent($0.share))" }.joined(separator: ", ")
    return [
      "judged of the first \(judgedDepth) answers: \(words); the others count as not relevant"
    ]
  }

  /// The questions of each system that a list holds; once where they are the same for all.
  private func names(
    _ path: KeyPath<System, [String]>, _ words: (String) -> String
  ) -> [String] {
    let all = systems.map { $0[keyPath: path] }
    guard let first = all.first, all.contains(where: { !$0.isEmpty }) else { return [] }
    if systems.count > 1, Set(all).count == 1 {
      return ["\(words("any system")): \(Self.listed(first))"]
    }
    return zip(systems, all).filter { !$0.1.isEmpty }.map {
      "\(words("'\($0.name)'")): \(Self.listed($1))"
    }
  }

  /// Metrics that look deeper than lists are.
  private var shallow: [String] {
    let depths = measures.compactMap { measure in
      (try? NamedMetric(measure))?.cutoff.map { (measure, $0) }
    }
    guard let deepest = depths.max(by: { $0.1 < $1.1 }) else { return [] }
    return systems.compactMap { system in
      let longest = system.run.lists.lazy.map(\.hits.count).max() ?? 0
      // A collection may be that small.
      guard longest < deepest.1, longest > 0, longest != system.run.candidates else { return nil }
      return
        "'\(deepest.0)' looks at \(deepest.1) answers; the longest list of '\(system.name)' has "
        + Wording.count(longest)
    }
  }

  /// That a metric looks at lists of different lengths, of which the longer ones find more.
  var unevenness: [String] {
    // One more or less is what leaving out the question itself makes.
    guard let shortest = systems.min(by: { $0.depth < $1.depth }),
      let longest = systems.max(by: { $0.depth < $1.depth }), longest.depth > shortest.depth + 1
    else { return [] }
    let deep = measures.filter { measure in
      ((try? NamedMetric(measure))?.cutoff ?? .max) > shortest.depth
    }
    guard !deep.isEmpty else { return [] }
    let cut = deep.lazy.map { "\($0.split(separator: "@")[0])@\(shortest.depth)" }
      .first { (try? NamedMetric($0)) != nil }
    return [
      "\(deep.joined(separator: ", ")) \(deep.count == 1 ? "looks" : "look") at lists of different "
        + "lengths: '\(shortest.name)' has at most \(Wording.count(shortest.depth)), "
        + "'\(longest.name)' \(Wording.count(longest.depth)), and longer ones find more; ask all with "
        + "the same --top" + (cut.map { ", or take a depth such as \($0)" } ?? "")
    ]
  }

  static func listed(_ names: [String]) -> String {
    let rest = names.count - named
    let first = names.prefix(named).joined(separator: ", ")
    return rest > 0 ? "\(first) and \(Wording.count(rest)) more" : first
  }
}

private import ParallaxCore
private import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxStatistics
private import ParallaxStorage
internal import ParallaxWorkbench

extension Evaluation {
  /// What the comparison says in plain words, by the first metric over all questions.
  var conclusion: [String] {
    guard comparison != nil, systems.count > 1 else { return [] }
    let candidates = systems.indices.dropFirst().compactMap { system in
      row(measure: 0, system: system).difference.map { Candidate(system: system, difference: $0) }
    }
    guard !candidates.isEmpty else {
      return ["'\(measures[0])' is not defined for these systems: there is nothing to compare"]
    }
    let values = systems.indices.map { row(measure: 0, system: $0).score.value }
    guard values.contains(where: { $0 != 0 }) else {
      return [
        "\(metric) is 0 for all systems: nothing relevant was found, so nothing can be compared"
      ]
    }
    var sentences =
      rerankingSentences
      ?? (isOfDimensions ? [ofDimensions(candidates)] : ofSystems(candidates))
    sentences += unreachable
    if candidates.allSatisfy({ $0.difference.verdict == .notDistinguishable }),
      !candidates.allSatisfy(\.difference.isNone),
      let nearest = candidates.max(by: { $0.size < $1.size }), clusterBy == nil,
      let power = Power(of: self, measure: 0, system: nearest.system)
    {
      sentences.append(power.sentence)
    }
    return sentences
  }

  private struct Candidate {
    var system: Int
    var difference: Difference

    var size: Double { abs(difference.value) }
    var isGoodEnough: Bool {
      difference.verdict == .better || difference.verdict == .notWorseThanMargin
    }
  }

  private var metric: String { measures[0] }

  private func name(_ candidate: Candidate) -> String { "'\(systems[candidate.system].name)'" }

  // MARK: - Dimensions

  /// Whether the systems differ in nothing but their dimension, the first having the most.
  private var isOfDimensions: Bool {
    let dimensions = systems.compactMap(\.run.costs.dimension)
    guard dimensions.count == systems.count, Set(dimensions).count == systems.count,
      dimensions[0] == dimensions.max()
    else { return false }
    let models = Set(
      systems.map { system in
        system.run.spaces.map { [$0.spec.provider, $0.spec.model, $0.spec.version] }
      })
    return models.count == 1
  }

  private func dimension(_ system: Int) -> Int { systems[system].run.costs.dimension ?? 0 }

  private func ofDimensions(_ candidates: [Candidate]) -> String {
    let full = Wording.count(dimension(0))
    let good = candidates.filter(\.isGoodEnough).min { dimension($0.system) < dimension($1.system) }
    guard let margin = comparison?.margin else {
      if let better = good {
        return
          "\(Wording.count(dimension(better.system))) numbers are better than \(full): \(metric) "
          + "differs by \(Self.estimate(better.difference))"
      }
      let open = candidates.filter { $0.difference.verdict != .worse }
        .min { dimension($0.system) < dimension($1.system) }
      guard let open else {
        return "fewer numbers are worse: all \(full) are needed, as far as \(metric) tells"
      }
      return
        "\(Wording.count(dimension(open.system))) numbers are not distinguishable from \(full): "
        + "\(metric) differs by \(Self.estimate(open.difference)); that does not mean equal: --margin "
        + "says which loss does not matter"
    }
    let allowed = Wording.number(margin)
    if let good {
      let within =
        good.difference.verdict == .better ? "which is better" : "within the margin of \(allowed)"
      return "\(Wording.count(dimension(good.system))) numbers are enough: \(metric) differs from "
        + "\(full) by \(Self.estimate(good.difference)), \(within)\(bytes(of: good))"
    }
    guard let nearest = candidates.max(by: { $0.difference.value < $1.difference.value }) else {
      return ""
    }
    return
      "no smaller dimension is shown to be enough: \(Wording.count(dimension(nearest.system))) "
      + "numbers differ from \(full) by \(Self.estimate(nearest.difference)) in \(metric), and a loss "
      + "of more than \(allowed) is not ruled out"
  }

  // MARK: - Systems

  private func ofSystems(_ candidates: [Candidate]) -> [String] {
    let baseline = "'\(systems[0].name)'"
    func with(_ verdict: ComparisonVerdict) -> [Candidate] {
      candidates.filter { $0.difference.verdict == verdict }
        .sorted { $0.difference.value > $1.difference.value }
    }
    if let best = with(.better).first {
      let others = with(.better).dropFirst().map(name)
      let more =
        others.isEmpty ? "" : "; so \(others.count == 1 ? "is" : "are") \(Self.joined(others))"
      return [
        "\(name(best)) is better than \(baseline): \(metric) is higher by "
          + "\(Self.estimate(best.difference))\(more)"
      ]
    }
    if let good = with(.notWorseThanMargin).first, let margin = comparison?.margin {
      return [
        "\(name(good)) is not worse than \(baseline) by more than \(Wording.number(margin)): \(metric) "
          + "differs by \(Self.estimate(good.difference))\(bytes(of: good))"
      ]
    }
    let same = candidates.filter(\.difference.isNone)
    let open = with(.notDistinguishable).filter { !$0.difference.isNone }
    if let nearest = open.first {
      let count = Wording.count(questions.count, "question")
      return [
        open.count == 1
          ? "\(name(nearest)) is not distinguishable from \(baseline) with \(count): \(metric) differs "
            + "by \(Self.estimate(nearest.difference)); that does not mean equal"
          : "none of \(Self.joined(open.map(name))) is distinguishable from \(baseline) with \(count) "
            + "in \(metric); that does not mean equal"
      ]
    }
    if let worst = with(.worse).first {
      return [
        with(.worse).count == 1
          ? "\(name(worst)) is worse than \(baseline): \(metric) is lower by "
            + Self.estimate(worst.difference, isLoss: true)
          : "\(baseline) is better than \(Self.joined(with(.worse).map(name))) in \(metric)"
      ]
    }
    if !same.isEmpty {
      return [
        "\(Self.joined(same.map(name))) \(same.count == 1 ? "has" : "have") the same \(metric) as "
          + "\(baseline) for \(questions.count == 1 ? "the question" : "each of the \(Wording.count(questions.count)) questions")"
      ]
    }
    return []
  }

  /// What stands in the place of a p that no result could bring below the level.
  private var unreachable: [String] {
    var sentences: [String] = []
    for row in rows {
      guard case .outOfReach(let count, _)? = row.difference?.evidence, count > 0 else { continue }
      let place = slices[row.slice].label.map { ", \(by ?? "") \($0)" } ?? ""
      sentences.append(
        "'\(systems[row.system].name)', \(measures[row.measure])\(place): cannot reach .05 with "
          + Wording.count(count, "difference"))
    }
    return sentences
  }

  // MARK: - Words

  /// `, for a third of the bytes`, where a system needs fewer.
  private func bytes(of candidate: Candidate) -> String {
    guard let own = systems[candidate.system].run.costs.bytesPerVector,
      let full = systems[0].run.costs.bytesPerVector, own < full, own > 0
    else { return "" }
    let share = Double(own) / Double(full)
    let fractions = [
      (0.5, "half"), (1.0 / 3, "a third"), (0.25, "a quarter"), (0.125, "an eighth"),
      (0.0625, "a sixteenth"),
    ]
    for (fraction, words) in fractions where abs(share - fraction) < 0.005 {
      return ", for \(words) of the bytes"
    }
    return ", for \(Wording.percent(share, digits: share < 0.1 ? 1 : 0)) of the bytes"
  }

  /// `−0.002 [−0.006, 0.002]`.
  static func estimate(_ difference: Difference, isLoss: Bool = false) -> String {
    let sign = isLoss ? -1.0 : 1
    let value = Wording.signed(sign * difference.value)
    guard let interval = difference.interval else { return value }
    let ends = [interval.low, interval.high].map { sign * $0 }.sorted().map(Wording.signed)
    return "\(value) [\(ends.joined(separator: ", "))]"
  }

  private static func joined(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.joined() }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }
}

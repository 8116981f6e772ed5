internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

extension NoiseFloor {
  /// What could not be asked again.
  var leftOutWords: [String] {
    leftOut == 0
      ? []
      : [
        "\(Wording.count(leftOut, "question")) of several terms or another task could not be asked "
          + "again"
      ]
  }

  /// What the noise means for the differences of a comparison, by its first metric.
  func remarks(on evaluation: Evaluation, _ measure: NamedMetric) -> [String] {
    let count = evaluation.questions.count
    let noises = noise(
      of: measure, evaluation.judgements, relevanceLevel: evaluation.relevanceLevel)
    let known = Dictionary(noises.map { ($0.system, $0) }, uniquingKeysWith: { first, _ in first })
    let own =
      noises.map { noise in
        let asked = "\(Wording.count(noise.questions, "question")) asked again: '\(noise.system)' "
        return noise.deviation == 0
          ? asked + "has the same \(noise.measure)"
          : asked + "moves by about \(Wording.fixed(noise.reach(questions: count), digits: 4)) in "
            + noise.measure
      } + leftOutWords
    guard let baseline = known[evaluation.systems[0].name] else { return own }
    return own
      + evaluation.systems.indices.dropFirst().compactMap { system in
        guard let noise = known[evaluation.systems[system].name],
          let difference = evaluation.row(measure: 0, system: system).difference
        else { return nil }
        let reach = MetricNoise.reach(baseline, noise, questions: count)
        let isWithin = abs(difference.value) <= reach
        return "the difference of '\(noise.system)', "
          + "\(Wording.fixed(difference.value, digits: 4)), lies "
          + (isWithin ? "within" : "beyond") + " that noise"
      }
  }
}

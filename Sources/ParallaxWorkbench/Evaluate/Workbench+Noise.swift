internal import ParallaxCore
internal import ParallaxEvaluation
package import ParallaxStorage

extension Workbench {
  /// What measuring the noise of spaces would ask for, without asking; a remote model needs no key.
  @concurrent package func noiseCost(
    of spaces: [Space], asked questions: [Question], share: Double, seed: UInt64, budget: Int?
  ) async throws -> RepeatedCost {
    var cost = RepeatedCost(inputs: 0, micros: 0)
    for space in spaces {
      let probe = try await NoiseProbe(
        questions, of: space, named: space.reference, share: share, top: 1, seed: seed, self,
        budget: budget, isForEstimate: true)
      cost = cost + probe.cost
    }
    return cost
  }

  /// Asks a share of the questions again, whatever was answered before, and compares the answers of a
  /// system with its own.
  ///
  /// - Parameter systems: runs with the space that each was asked of.
  /// - Throws: `budget` and `offline` before anything is asked; what a model says; `cancelled`.
  @concurrent package func noise(
    of systems: [(run: SystemRun, space: Space)], share: Double, top: Int, seed: UInt64,
    budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> NoiseFloor {
    var probes: [NoiseProbe] = []
    for (run, space) in systems {
      probes.append(
        try await NoiseProbe(
          run.questions?.questions.filter { run.run.lists[$0.id] != nil } ?? [], of: space,
          named: run.name, share: share, top: top, seed: seed, self, budget: budget,
          isForEstimate: false))
    }
    let cost = probes.reduce(RepeatedCost(inputs: 0, micros: 0)) { $0 + $1.cost }
    if let provider = systems.first?.space.spec.provider {
      try AskingAgain.check(cost, of: provider, self, budget: budget)
    }
    var measured: [NoiseFloor.System] = []
    for (probe, system) in zip(probes, systems) {
      if let found = try await probe.measured(system.run, handler) { measured.append(found) }
    }
    let findings = models.drainFindings()
    for note in findings.notes { handler(.note(note)) }
    for warning in findings.warnings { handler(.warning(warning)) }
    return NoiseFloor(
      share: share, systems: measured, leftOut: probes.reduce(0) { $0 + $1.leftOut }, cost: cost)
  }
}

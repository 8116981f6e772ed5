internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStatistics
package import ParallaxStorage
private import ParallaxDigest
private import ParallaxImaging
private import ParallaxSystem

extension Workbench {
  /// Texts that every canary asks for, as far as its model embeds texts.
  private static let texts = [
    "a red car in a street at night", "a dog that runs on a beach", "two people at a table",
    "a white mug on a wooden desk", "mountains under a blue sky",
    "a black and white photo of a city",
    "42", "猫",
  ]

  /// What making a canary would ask for, without asking; a remote model needs no key.
  @concurrent package func canaryCost(
    of space: Space, _ request: CanaryRequest, budget: Int?
  ) async throws -> RepeatedCost {
    let again = try await AskingAgain(space, self, budget: budget, isForEstimate: true)
    let probes = try await subjects(of: space, request, again.embedder) { _ in }
    return again.cost(of: probes.map(\.input)) + again.cost(of: Self.repeated(probes).map(\.input))
  }

  /// Keeps probes with a space: items with the vectors they have, and texts with the vectors that the
  /// model gives today. All are asked for today, some of them twice.
  ///
  /// - Throws: `read-only`, `already-exists`, `budget`, `offline` before anything is asked;
  ///   `unsupported` for a space with too few vectors; what the model says when too few are answered;
  ///   `cancelled`.
  @concurrent package func addCanary(
    to space: Space, _ request: CanaryRequest, budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> CanaryReport {
    guard workspace.mode == .readWrite else {
      throw ParallaxError(.readOnly, "the workspace is open for reading only")
    }
    guard try workspace.canarySummaries(of: [space]).isEmpty else {
      throw ParallaxError(
        .alreadyExists, "'\(space.reference)' has a canary",
        hint: "'canary check \(space.reference)' asks it; 'canary drop' removes it")
    }
    let again = try await AskingAgain(space, self, budget: budget)
    let subjects = try await subjects(of: space, request, again.embedder, handler)
    let repeated = Self.repeated(subjects)
    let cost = again.cost(of: subjects.map(\.input)) + again.cost(of: repeated.map(\.input))
    try again.check(cost)
    let first = try await answers(to: subjects, again, handler)
    let second = try await answers(
      to: repeated, AskingAgain(space, self, budget: budget), handler)
    var canary = Canary(
      space: space, created: Clock.now(), seed: request.seed, noise: 0, probes: [])
    var outcomes: [CanaryReport.Outcome] = []
    var distances: [Double] = []
    for (subject, answer) in zip(subjects, first) {
      guard let vector = try? answer.get() else { continue }
      let kept = subject.vector ?? vector
      let probe = Canary.Probe(subject.subject, hash: subject.hash, vector: kept)
      canary.probes.append(probe)
      outcomes.append(
        CanaryReport.Outcome(probe: probe, distance: VectorDistance.cosine(kept, vector)))
    }
    for (place, answer) in zip(
      stride(from: 0, to: first.count, by: CanaryRequest.repeatedEvery), second)
    {
      guard let one = try? first[place].get(), let other = try? answer.get() else { continue }
      distances.append(VectorDistance.cosine(one, other))
    }
    guard canary.probes.count >= CanaryRequest.fewest else {
      for answer in first { _ = try answer.get() }
      throw ParallaxError(.provider, "too few probes were answered")
    }
    canary.noise = distances.max() ?? 0
    try workspace.add(canary)
    let check = Self.check(outcomes, tolerance: canary.tolerance)
    try workspace.add(check, to: space)
    say(subjects.count - canary.probes.count, handler)
    return CanaryReport(
      canary: canary, check: check, outcomes: outcomes, repeated: distances.count, cost: cost)
  }

  /// What asking a canary would ask for, without asking.
  @concurrent package func canaryCost(ofAsking space: Space, budget: Int?) async throws
    -> RepeatedCost
  {
    let again = try await AskingAgain(space, self, budget: budget, isForEstimate: true)
    let probes = try asked(try canary(of: space))
    return again.cost(of: probes.compactMap { try? $0.get().input })
  }

  /// Asks the probes of a space's canary again, and notes what came of it.
  ///
  /// - Parameter tolerance: the largest distance that is no drift; `nil` for that of the canary.
  /// - Throws: `unknown-name` without a canary; `model-changed`, `budget`, `offline` before anything is
  ///   asked; what the model says when nothing is answered; `cancelled`.
  @concurrent package func checkCanary(
    of space: Space, tolerance: Double?, budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> CanaryReport {
    let canary = try canary(of: space)
    let again = try await AskingAgain(space, self, budget: budget)
    let asked = try asked(canary)
    let subjects = asked.compactMap { try? $0.get() }
    let cost = again.cost(of: subjects.map(\.input))
    try again.check(cost)
    var answers = try await answers(to: subjects, again, handler)[...]
    let outcomes = zip(canary.probes, asked).map { probe, subject in
      var outcome = CanaryReport.Outcome(probe: probe)
      do {
        _ = try subject.get()
        outcome.distance = try answers.popFirst().map {
          VectorDistance.cosine(probe.vector, try $0.get())
        }
      } catch {
        outcome.problem = (error as? ParallaxError)?.message
      }
      return outcome
    }
    guard outcomes.contains(where: { $0.distance != nil }) else {
      throw ParallaxError(
        .provider, "no probe of '\(space.reference)' was answered: \(outcomes[0].problem ?? "")")
    }
    let check = Self.check(outcomes, tolerance: tolerance ?? canary.tolerance)
    if workspace.mode == .readWrite {
      try workspace.add(check, to: space)
    } else {
      handler(.note("the workspace is open for reading only: the check is not noted"))
    }
    say(outcomes.count { $0.distance == nil }, handler)
    return CanaryReport(canary: canary, check: check, outcomes: outcomes, cost: cost)
  }

  private func canary(of space: Space) throws -> Canary {
    if let canary = try workspace.canary(of: space) { return canary }
    throw ParallaxError(
      .unknownName, "'\(space.reference)' has no canary",
      hint: "'canary add \(space.reference)' makes one")
  }

  private func say(_ missing: Int, _ handler: EventHandler) {
    let findings = models.drainFindings()
    for note in findings.notes { handler(.note(note)) }
    let unanswered = Wording.count(missing, "probe was", "probes were")
    for warning in (missing > 0 ? ["\(unanswered) not answered"] : []) + findings.warnings {
      handler(.warning(warning))
    }
  }

  private static func check(
    _ outcomes: [CanaryReport.Outcome], tolerance: Double
  ) -> CanaryCheck {
    let distances = outcomes.compactMap(\.distance)
    return CanaryCheck(
      at: Clock.now(), asked: distances.count, drifted: distances.count { $0 > tolerance },
      mean: distances.isEmpty ? 0 : distances.reduce(0, +) / Double(distances.count),
      largest: distances.max() ?? 0, tolerance: tolerance)
  }
}

// MARK: - What is asked

extension Workbench {
  /// A probe as the model takes it.
  private struct Subject: Sendable {
    var subject: Canary.Probe.Subject
    var input: ModelInput
    var hash: ContentHash
    /// What the space holds; `nil` for a text.
    var vector: [Float]?
    var side: EmbeddingSide { vector == nil ? .query : .document }
  }

  private static func repeated(_ subjects: [Subject]) -> [Subject] {
    stride(from: 0, to: subjects.count, by: CanaryRequest.repeatedEvery).map { subjects[$0] }
  }

  /// Items of the space, drawn at random, and texts.
  private func subjects(
    of space: Space, _ request: CanaryRequest, _ embedder: any Embedder,
    _ handler: @escaping EventHandler
  ) async throws -> [Subject] {
    let texts =
      embedder.capabilities.embedsText
      ? Array(Self.texts.prefix(request.probes / CanaryRequest.repeatedEvery)) : []
    let loaded = try await spaces.loading(space, progress: { handler(.progress($0)) }).loaded
    guard loaded.ids.count >= CanaryRequest.fewest else {
      throw ParallaxError(
        .unsupported,
        "'\(space.reference)' has \(Wording.count(loaded.ids.count, "vector")); a canary needs at "
          + "least \(CanaryRequest.fewest)")
    }
    let rows = RandomSample.places(
      request.probes - texts.count, of: loaded.ids.count, seed: UInt64(request.seed))
    let records = try workspace.items(named: rows.map { loaded.ids[$0] }, in: space.collection)
    let items = rows.compactMap { row -> Subject? in
      guard let record = records[loaded.ids[row]],
        let hash = space.spec.content.hash(file: record.hash, text: record.text)
      else { return nil }
      return Subject(
        subject: .item(record.rowID, record.id), input: record.input(for: space.spec.content),
        hash: hash, vector: loaded.matrix.row(row))
    }
    return items
      + texts.map {
        Subject(subject: .text($0), input: .text($0), hash: Digest.sha256($0))
      }
  }

  /// The probes of a canary, or why one cannot be asked any more.
  private func asked(_ canary: Canary) throws -> [Result<Subject, ParallaxError>] {
    let content = canary.space.spec.content
    let records = Dictionary(
      try workspace.items(in: canary.space.collection).map { ($0.rowID, $0) },
      uniquingKeysWith: { first, _ in first })
    return canary.probes.map { probe in
      switch probe.subject {
      case .text(let text):
        return .success(Subject(subject: probe.subject, input: .text(text), hash: probe.hash))
      case .item(let row, let id):
        guard let record = records[row],
          content.hash(file: record.hash, text: record.text) == probe.hash
        else {
          return .failure(
            ParallaxError(.changedFile, "item '\(id)' is gone, or is not what it was"))
        }
        return .success(
          Subject(
            subject: probe.subject, input: record.input(for: content), hash: probe.hash,
            vector: probe.vector))
      }
    }
  }

  /// One outcome a subject, in order.
  private func answers(
    to subjects: [Subject], _ again: AskingAgain, _ handler: @escaping EventHandler
  ) async throws -> [Result<[Float], ParallaxError>] {
    let documents = subjects.filter { $0.side == .document }
    let queries = subjects.filter { $0.side == .query }
    var answers: [EmbeddingSide: ArraySlice<Result<[Float], ParallaxError>>] = [:]
    for (side, part) in [(EmbeddingSide.document, documents), (.query, queries)] {
      answers[side] = try await again.vectors(of: part.map(\.input), side: side, handler)[...]
    }
    return subjects.compactMap { answers[$0.side]?.popFirst() }
  }
}

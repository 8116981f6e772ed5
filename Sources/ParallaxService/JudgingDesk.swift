internal import ParallaxCore
internal import ParallaxStorage
package import ParallaxWorkbench
private import Synchronization

/// Answers that people may grade on the page.
package struct JudgingOffer: Sendable {
  /// Of the judgements.
  package var name: String
  package var runs: [SystemRun]
  package var request: JudgingRequest
  /// The line that asks for the same grades at the prompt.
  package var command: String

  package init(name: String, runs: [SystemRun], request: JudgingRequest, command: String) {
    (self.name, self.runs, self.request, self.command) = (name, runs, request, command)
    // What was graded before is shown, with its grade.
    self.request.asksAgain = true
    self.request.most = nil
  }
}

/// Who grades what on the page: everybody gets the same answers in the same order, and sees only what they said.
final class JudgingDesk: Sendable {
  /// What somebody is asked, and where each pair stands in it.
  struct Assignment: Sendable {
    let judging: Judging
    private let places: [String: [ItemID: Int]]

    fileprivate init(_ judging: Judging) {
      self.judging = judging
      var places: [String: [ItemID: Int]] = [:]
      for (place, pair) in judging.pairs.enumerated() {
        places[pair.question, default: [:]][pair.item.id] = place
      }
      self.places = places
    }

    /// - Throws: `unknown-name`.
    func pair(_ question: String, _ item: String) throws -> Judging.Pair {
      guard let place = places[question]?[ItemID(item)] else {
        throw ParallaxError(
          .unknownName, "'\(item)' is no answer to question '\(question)' that is graded here")
      }
      return judging.pairs[place]
    }
  }

  /// People whose answers are held in memory: whoever comes back is asked anew.
  private static let most = 64

  let offer: JudgingOffer
  private let bench: Workbench
  private let assignments = Mutex<[String: Assignment]>([:])

  init(_ offer: JudgingOffer, _ bench: Workbench) { (self.offer, self.bench) = (offer, bench) }

  /// What somebody is asked, with what they have said up to now.
  ///
  /// - Throws: `invalid-value` for a name; as `Workbench.judging`.
  func assignment(
    of name: String, _ handler: @escaping EventHandler
  ) async throws -> Assignment {
    let judge = try Judge(name, .person)
    let assignment = Assignment(
      try await bench.judging(of: offer.runs, offer.request, in: offer.name, by: judge, handler))
    assignments.withLock { assignments in
      if assignments.count >= Self.most, assignments[name] == nil { assignments = [:] }
      assignments[name] = assignment
    }
    return assignment
  }

  /// Keeps a grade, or takes it back.
  ///
  /// - Throws: `unknown-name` for what is not asked; `read-only`.
  func grade(_ grade: Int?, of item: String, for question: String, by name: String) async throws {
    let assignment: Assignment
    if let known = assignments.withLock({ $0[name] }) {
      assignment = known
    } else {
      assignment = try await self.assignment(of: name) { _ in }
    }
    try say(grade, of: assignment.pair(question, item), in: assignment.judging)
  }

  /// Says the last word on what people disagree about, or takes it back.
  ///
  /// - Throws: `unknown-name` for what nobody disagrees about; `read-only`.
  func settle(_ grade: Int?, of item: String, for question: String, by name: String) async throws {
    // The name of a reranker is no person's.
    _ = try Judge(name, .person)
    let kept = try bench.keptJudgements(named: offer.name)
    let judging = try await bench.settling(
      kept.disagreements(withSettled: true), in: offer.name, by: name, most: nil, asksAgain: true
    ) { _ in }
    try say(grade, of: Assignment(judging).pair(question, item), in: judging)
  }

  private func say(_ grade: Int?, of pair: Judging.Pair, in judging: Judging) throws {
    if let grade {
      try bench.keep(grade, of: pair, in: judging)
    } else {
      try bench.withdraw(pair, in: judging)
    }
  }

  /// All that was said; `nil` before the first grade.
  ///
  /// - Throws: `damaged-data`.
  func kept() throws -> KeptJudgements? {
    do { return try bench.keptJudgements(named: offer.name) } catch let error as ParallaxError
      where error.code == .unknownName
    { return nil }
  }

  /// The picture that a question asks by; `nil` for a part that is none.
  func picture(of question: String, part: Int) -> String? {
    for run in offer.runs {
      guard let found = run.questions?.questions.first(where: { $0.id == question }) else {
        continue
      }
      guard found.terms.indices.contains(part), case .image(let path) = found.terms[part].content
      else { return nil }
      return path
    }
    return nil
  }
}

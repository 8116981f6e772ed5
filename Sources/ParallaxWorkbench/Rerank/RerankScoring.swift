internal import ParallaxCore
internal import ParallaxReporting

/// Asks a reranker for the heads of many lists, several batches at the same time.
struct RerankScoring {
  typealias Outcome = Result<Float, ParallaxError>

  let reranker: any Reranker
  /// As it was named.
  let name: String
  let questions: [ModelInput]
  let heads: [[RerankLists.Candidate]]
  let candidates: RerankCandidates

  /// Some candidates of one list, which are asked for together.
  private struct Batch {
    var question: Int
    var places: [Int]
  }

  /// One outcome a candidate of each head, in order.
  ///
  /// - Throws: `unsupported` for a list that is too long for a listwise reranker; what the reranker
  ///   says that is no matter of one candidate; `cancelled` saying how much was done.
  func outcomes(_ progress: @escaping ProgressHandler) async throws -> [[Outcome]] {
    var outcomes = heads.map { [Outcome?](repeating: nil, count: $0.count) }
    var batches = try self.batches(&outcomes)[...]
    var left = [Int](repeating: 0, count: heads.count)
    for batch in batches { left[batch.question] += 1 }
    var done = left.count { $0 == 0 }
    do {
      try await withThrowingTaskGroup(of: (Batch, [Result<Double, ParallaxError>]).self) { group in
        func start() {
          guard let batch = batches.popFirst() else { return }
          let question = questions[batch.question]
          let inputs = batch.places.compactMap {
            try? candidates[heads[batch.question][$0]].get()
          }
          group.addTask {
            try Task.checkCancellation()
            return (batch, try await reranker.scores(of: inputs, for: question))
          }
        }
        for _ in 0..<max(1, reranker.capabilities.concurrentBatches) { start() }
        var failure: (any Error)?
        while let result = await group.nextResult() {
          do {
            let (batch, scores) = try result.get()
            guard scores.count == batch.places.count else {
              throw ParallaxError(
                .provider,
                "'\(name)' gave \(scores.count) scores for \(batch.places.count) candidates")
            }
            if failure == nil { start() }
            for (place, score) in zip(batch.places, scores) {
              outcomes[batch.question][place] = Self.checked(score)
            }
            left[batch.question] -= 1
            if left[batch.question] == 0 {
              done += 1
              progress(
                Progress("reranking", completed: done, total: heads.count, unit: "questions"))
            }
          } catch {
            // What is under way may be paid for: it ends, and nothing new begins.
            failure = failure ?? error
          }
        }
        if let failure { throw failure }
      }
    } catch is CancellationError {
      throw cancelled(done)
    } catch let error as ParallaxError where error.code == .cancelled {
      throw cancelled(done)
    }
    return outcomes.map { $0.compactMap(\.self) }
  }

  /// A kept score is a 32-bit number, and so is every other.
  private static func checked(_ score: Result<Double, ParallaxError>) -> Outcome {
    score.flatMap { score in
      let rounded = Float(score)
      return rounded.isFinite
        ? .success(rounded)
        : .failure(ParallaxError(.provider, "the score \(score) is no finite number"))
    }
  }

  /// What has to be asked for; candidates that cannot be read have their outcome already.
  private func batches(_ outcomes: inout [[Outcome?]]) throws -> [Batch] {
    let capabilities = reranker.capabilities
    var batches: [Batch] = []
    for (question, head) in heads.enumerated() {
      try Task.checkCancellation()
      var places: [Int] = []
      for (place, candidate) in head.enumerated() {
        if case .failure(let error) = candidates[candidate] {
          outcomes[question][place] = .failure(error)
        } else {
          places.append(place)
        }
      }
      if places.isEmpty { continue }
      guard capabilities.isListwise else {
        let size = max(1, capabilities.preferredBatch)
        batches += stride(from: 0, to: places.count, by: size).map {
          Batch(question: question, places: Array(places[$0..<min($0 + size, places.count)]))
        }
        continue
      }
      guard places.count <= capabilities.preferredBatch else {
        throw ParallaxError(
          .unsupported,
          "'\(name)' orders at most \(capabilities.preferredBatch) candidates as a whole; got "
            + "\(places.count)", hint: "--depth \(capabilities.preferredBatch)",
          parameter: "depth")
      }
      batches.append(Batch(question: question, places: places))
    }
    return batches
  }

  private func cancelled(_ done: Int) -> ParallaxError {
    ParallaxError(
      .cancelled,
      "cancelled after \(Wording.count(done)) of \(Wording.count(heads.count, "question")): the "
        + "scores are kept, the same command continues")
  }
}

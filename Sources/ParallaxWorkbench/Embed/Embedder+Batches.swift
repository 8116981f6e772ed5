internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting

extension Embedder {
  /// One outcome an input, in order, with several batches under way.
  ///
  /// - Parameters:
  ///   - noun: what the inputs are called, in the plural.
  ///   - report: called with how many are done.
  /// - Throws: what the provider says that is no matter of one input; `cancelled` saying how much was
  ///   done.
  func outcomes(
    of inputs: [ModelInput], side: EmbeddingSide, _ noun: String, _ report: (Int) -> Void
  ) async throws -> [Result<[Float], ParallaxError>] {
    let size = capabilities.preferredBatch
    var starts = Array(stride(from: 0, to: inputs.count, by: size))[...]
    var outcomes = [Result<[Float], ParallaxError>?](repeating: nil, count: inputs.count)
    var done = 0
    do {
      try await withThrowingTaskGroup(
        of: (start: Int, outcomes: [Result<[Float], ParallaxError>]).self
      ) { group in
        func start() {
          guard let first = starts.popFirst() else { return }
          let batch = Array(inputs[first..<min(first + size, inputs.count)])
          group.addTask { (first, try await embed(batch, side: side)) }
        }
        for _ in 0..<capabilities.concurrentBatches { start() }
        var failure: (any Error)?
        while let result = await group.nextResult() {
          do {
            let (first, answered) = try result.get()
            guard answered.count == min(size, inputs.count - first) else {
              throw ParallaxError(
                .provider,
                "provider '\(spec.provider)' answered \(answered.count) vectors for "
                  + "\(min(size, inputs.count - first)) inputs")
            }
            if failure == nil { start() }
            for (offset, outcome) in answered.enumerated() { outcomes[first + offset] = outcome }
            done += answered.count
            report(done)
          } catch {
            // What is under way may be paid for: it ends, and nothing new begins.
            failure = failure ?? error
          }
        }
        if let failure { throw failure }
      }
    } catch is CancellationError {
      throw cancelled(done, inputs.count, noun)
    } catch let error as ParallaxError where error.code == .cancelled {
      throw cancelled(done, inputs.count, noun)
    }
    return outcomes.compactMap(\.self)
  }

  private func cancelled(_ done: Int, _ total: Int, _ noun: String) -> ParallaxError {
    let kept = self is PaidEmbedder ? ": the replies are kept, the same command continues" : ""
    return ParallaxError(
      .cancelled,
      "cancelled after \(Wording.count(done)) of \(Wording.count(total)) \(noun)\(kept)")
  }
}

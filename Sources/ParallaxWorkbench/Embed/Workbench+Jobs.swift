internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
package import ParallaxStorage

extension Workbench {
  /// Asks for the jobs under way, and keeps the answers of those that are done.
  ///
  /// A job of which it was not known whether the provider has it is looked for by its name; what the
  /// provider does not have is not owed.
  ///
  /// - Throws: what the provider says; `offline`; `cancelled`. What was fetched before is kept.
  @concurrent package func fetchJobs(
    budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> FetchedJobs {
    var fetched = FetchedJobs()
    let jobs = try workspace.batchJobs().filter(\.state.isUnderWay)
    var known: [EmbeddingSpec: [BatchStatus]] = [:]
    for (place, job) in jobs.enumerated() {
      try Task.checkCancellation()
      handler(
        .progress(Progress("asking for jobs", completed: place, total: jobs.count, unit: "jobs")))
      let service = try await service(of: job, budget)
      let status: BatchStatus
      if let remote = job.remote {
        status = try await service.status(of: remote)
      } else {
        if known[job.spec] == nil { known[job.spec] = try await service.statuses() }
        guard let found = known[job.spec]?.first(where: { $0.name == job.name }) else {
          try workspace.forget(batchJob: job.name)
          fetched.warnings.append(
            "'\(job.spec.provider)' does not have the job '\(job.name)': nothing of it is owed, and its "
              + "\(Wording.count(job.items, "item")) can be handed in again")
          continue
        }
        status = found
      }
      try await take(status, of: job, service, into: &fetched)
    }
    return fetched
  }

  private func take(
    _ status: BatchStatus, of job: BatchJob, _ service: any BatchService,
    into fetched: inout FetchedJobs
  ) async throws {
    switch status.state {
    case .pending, .running:
      try workspace.note(
        batchJob: job.name, status.state == .pending ? .pending : .running, remote: status.job)
    case .succeeded, .failed, .cancelled, .expired:
      let answers = try await service.answers(of: status, count: job.items)
      let items = try workspace.items(ofBatchJob: job.name)
      var replies: [CachedReply] = []
      var refused: [ParallaxError] = []
      for (position, answer) in answers.sorted(by: { $0.key < $1.key }) {
        guard let item = items[position] else { continue }
        switch answer {
        case .success(let vector):
          replies.append(CachedReply(key: item.key, kind: item.kind, vector: vector))
        case .failure(let error): refused.append(error)
        }
      }
      try models.replies.keep(replies, provider: job.spec.provider, model: job.spec.model)
      let state = status.state.ended
      try workspace.note(
        batchJob: job.name, state, remote: status.job, answered: replies.count,
        message: status.message ?? refused.first?.message, releasingCharge: answers.isEmpty)
      fetched.answers += replies.count
      fetched.refused += refused.count
      if state == .fetched { fetched.jobs += 1 }
      let missing = job.items - replies.count
      if missing > 0 {
        let said = (status.message ?? refused.first?.message).map { ": \($0)" } ?? ""
        fetched.warnings.append(
          "the job '\(job.name)' \(state.sentence) without a vector of \(Wording.count(missing)) of "
            + "\(Wording.count(job.items, "item"))\(said)")
      }
    }
  }

  /// Asks for the end of a job under way; the next fetch says what became of it.
  ///
  /// - Throws: `unknown-name` with a near name; what the provider says; `offline`.
  @concurrent package func cancelJob(named name: String, budget: Int?) async throws -> BatchJob {
    let all = try workspace.batchJobs()
    guard let job = all.first(where: { $0.name == name }) else {
      let names = all.map(\.name)
      throw ParallaxError(
        .unknownName, "there is no job '\(name)'",
        hint: Suggestion.hint(for: name, among: names) ?? "'jobs' lists them")
    }
    guard job.state.isUnderWay else {
      throw ParallaxError(
        .unsupported, "the job '\(name)' is not under way: it \(job.state.sentence)")
    }
    guard let remote = job.remote else {
      throw ParallaxError(
        .unsupported, "it is not known whether '\(job.spec.provider)' has the job '\(name)'",
        hint: "'jobs --fetch' finds out")
    }
    try await service(of: job, budget).cancel(remote)
    return job
  }

  private func service(of job: BatchJob, _ budget: Int?) async throws -> any BatchService {
    let embedder = try await models.embedder(
      for: EmbedderRequest(job.spec), provider: job.spec.provider, subject: job.subject,
      budget: budget)
    guard let service = try (embedder as? PaidEmbedder)?.batches() else {
      throw ParallaxError(
        .unsupported,
        "provider '\(job.spec.provider)' has no jobs, and the job '\(job.name)' is one")
    }
    return service
  }
}

extension BatchStatus.State {
  /// Of a job that has ended.
  fileprivate var ended: BatchJob.State {
    switch self {
    case .failed: .failed
    case .cancelled: .cancelled
    case .expired: .expired
    case .pending, .running, .succeeded: .fetched
    }
  }
}

extension BatchJob.State {
  fileprivate var sentence: String {
    switch self {
    case .fetched: "is done"
    case .failed: "has failed"
    case .cancelled: "was cancelled"
    case .expired: "has expired"
    case .unconfirmed, .pending, .running: "is under way"
    }
  }
}

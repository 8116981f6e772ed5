internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
package import ParallaxStorage
private import ParallaxSystem

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
    let all = try workspace.batchJobs()
    let jobs = all.filter(\.state.isUnderWay)
    var known: [EmbeddingSpec: [BatchStatus]] = [:]
    for (place, job) in jobs.enumerated() {
      try Task.checkCancellation()
      handler(
        .progress(Progress("asking for jobs", completed: place, total: jobs.count, unit: "jobs")))
      let service = try await service(of: job, budget)
      guard service.account == job.account else {
        fetched.warnings.append(
          "the job '\(job.name)' was submitted with another key, project or address, and was not asked for"
        )
        continue
      }
      do {
        try await fetch(job, service, &known, into: &fetched)
      } catch let error as ParallaxError where !Self.ends.contains(error.code) {
        // One that cannot be read must not hide the others.
        fetched.warnings.append(
          "the job '\(job.name)' could not be fetched: \(error.message) ('jobs --forget' gives it up)"
        )
      }
    }
    // The program may have ended between keeping answers and deleting their files.
    for job in all where !job.state.isUnderWay && job.folder != nil {
      try await discardFiles(of: job, try await service(of: job, budget), into: &fetched)
    }
    return fetched
  }

  /// What concerns every job, and ends the work.
  private static let ends: Set<ParallaxError.Code> = [
    .cancelled, .authentication, .offline, .missingKey, .quota, .storage,
  ]
  /// Until then a service may still be at work on what was submitted when nobody saw its reply.
  private static let secondsOfDoubt = 15 * 60

  private func fetch(
    _ job: BatchJob, _ service: any BatchService, _ known: inout [EmbeddingSpec: [BatchStatus]],
    into fetched: inout FetchedJobs
  ) async throws {
    if let remote = job.remote {
      return try await take(try await service.status(of: remote), of: job, service, into: &fetched)
    }
    if known[job.spec] == nil { known[job.spec] = try await service.statuses() }
    let found = known[job.spec]?.filter { $0.name == job.name } ?? []
    if let status = found.first {
      if found.count > 1 {
        fetched.warnings.append(
          "'\(job.spec.provider)' has \(found.count) jobs named '\(job.name)', and may charge for each"
        )
      }
      return try await take(status, of: job, service, into: &fetched)
    }
    let doubt = Clock.text(secondsSince1970: Clock.secondsSince1970() - Self.secondsOfDoubt)
    guard job.created < doubt else {
      fetched.warnings.append(
        "it is not known yet whether '\(job.spec.provider)' has the job '\(job.name)': ask again "
          + "\(Self.secondsOfDoubt / 60) minutes after it was submitted")
      return
    }
    try await discardFiles(of: job, service, into: &fetched)
    try workspace.forget(batchJob: job.name)
    fetched.warnings.append(
      "'\(job.spec.provider)' does not have the job '\(job.name)': nothing of it is owed, and its "
        + "\(Wording.count(job.items, "item")) can be submitted again")
  }

  private func take(
    _ status: BatchStatus, of job: BatchJob, _ service: any BatchService,
    into fetched: inout FetchedJobs
  ) async throws {
    guard let state = status.state.ended else {
      return try workspace.note(
        batchJob: job.name, status.state == .pending ? .pending : .running, remote: status.job)
    }
    let items = try workspace.items(of: job)
    let answers = try await service.answers(of: status, count: job.items)
    if state == .fetched, answers.outcomes.isEmpty {
      throw ParallaxError(
        .badReply, "'\(job.spec.provider)' says that the job is done, and has no answers")
    }
    var replies: [CachedReply] = []
    var refusals: [Int: String] = [:]
    for (position, answer) in answers.outcomes {
      switch answer {
      case .success(let vector):
        replies.append(
          CachedReply(key: items[position].key, kind: items[position].kind, vector: vector))
      case .failure(let error): refusals[position] = error.message
      }
    }
    try models.replies.keep(replies, provider: job.spec.provider, model: job.spec.model)
    let said = status.message ?? answers.message ?? refusals.min { $0.key < $1.key }?.value
    // What a job that was ended has done is charged; nobody says what of it was.
    try workspace.note(
      batchJob: job.name, state, remote: status.job, answered: replies.count, message: said,
      refusals: refusals, releasingCharge: state == .failed && answers.outcomes.isEmpty)
    try await discardFiles(of: job, service, into: &fetched)
    fetched.answers += replies.count
    if state == .fetched { fetched.jobs += 1 }
    if answers.cut > 0 {
      fetched.warnings.append(
        "'\(job.spec.provider)' answered \(Wording.count(answers.cutFrom)) numbers where "
          + "\(Wording.count(job.spec.dimension)) were asked for: the first \(Wording.count(job.spec.dimension)) of "
          + "\(Wording.count(answers.cut, "vector")) were kept at unit length, which is what the model answers for them"
      )
    }
    let missing = job.items - replies.count
    if missing > 0 {
      fetched.warnings.append(
        "the job '\(job.name)' \(state.sentence) without a vector of \(Wording.count(missing)) of "
          + "\(Wording.count(job.items, "item"))\(said.map { ": \($0)" } ?? "")")
    }
  }

  /// What is kept here need not stay in a bucket. Where it cannot be deleted, that is said once.
  private func discardFiles(
    of job: BatchJob, _ service: any BatchService, into fetched: inout FetchedJobs
  ) async throws {
    guard let folder = job.folder else { return }
    do { try await service.discard(folder) } catch let error as ParallaxError
      where error.code != .cancelled
    {
      fetched.warnings.append(
        "files of the job '\(job.name)' stay in '\(folder)': \(error.message)")
    }
    try workspace.forgetFolder(ofBatchJob: job.name)
  }

  /// Gives a job under way up: its items can be submitted again, and its answers are lost.
  ///
  /// Its charge stays, unless the provider never confirmed that it has it.
  ///
  /// - Throws: `unknown-name` with a near name; `unsupported` for one that has ended.
  package func forgetJob(named name: String) throws -> BatchJob {
    let job = try jobUnderWay(named: name)
    if job.remote == nil {
      try workspace.forget(batchJob: name)
    } else {
      try workspace.note(batchJob: name, .failed, message: "given up")
      try workspace.forgetFolder(ofBatchJob: name)
    }
    return job
  }

  private func jobUnderWay(named name: String) throws -> BatchJob {
    let all = try workspace.batchJobs()
    guard let job = all.first(where: { $0.name == name }) else {
      throw ParallaxError(
        .unknownName, "there is no job '\(name)'",
        hint: Suggestion.hint(for: name, among: all.map(\.name)) ?? "'jobs' lists them")
    }
    guard job.state.isUnderWay else {
      throw ParallaxError(
        .unsupported, "the job '\(name)' is not under way: it \(job.state.sentence)")
    }
    return job
  }

  /// Asks for the end of a job under way; the next fetch says what became of it.
  ///
  /// - Throws: `unknown-name` with a near name; what the provider says; `offline`.
  @concurrent package func cancelJob(named name: String, budget: Int?) async throws -> BatchJob {
    let job = try jobUnderWay(named: name)
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
  /// Of a job that has ended; `nil` for one under way.
  fileprivate var ended: BatchJob.State? {
    switch self {
    case .failed: .failed
    case .cancelled: .cancelled
    case .expired: .expired
    case .succeeded: .fetched
    case .pending, .running: nil
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

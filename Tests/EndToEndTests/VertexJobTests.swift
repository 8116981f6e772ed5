import ParallaxTestSupport
import Testing

/// Jobs of Vertex AI, whose files lie in a bucket: every end leaves the bucket as it was, or says what stays.
@Suite(.enabled(if: ProviderServer.python != nil, "needs Python"))
struct VertexJobTests {
  private static let now = "embed t --as g --model vertex:gemini-embedding-2 --dim 128"
  private static let embed = now + " --batch --bucket gs://mine/some/jobs/"
  private static let count = 9

  private func run(
    _ shell: Shell, _ server: ProviderServer, _ commands: String, code: Int32 = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> String {
    let done = try await shell.run(commands, environment: server.environment())
    let said = done.output + done.errors
    #expect(done.code == code, "\(said)", sourceLocation: sourceLocation)
    #expect(
      !said.contains(ProviderServer.key) && !said.contains("session-"), "\(said)",
      sourceLocation: sourceLocation)
    return said
  }

  /// Ends the program by force when the server has seen so many requests.
  private func kill(
    _ shell: Shell, _ server: ProviderServer, _ commands: String, afterRequests count: Int
  ) async throws {
    let run = try shell.start(
      ["work.parallax", "-c", commands], environment: server.environment())
    try await eventually("the requests") { try await server.seen().requests.count >= count }
    run.kill()
    _ = await run.finish()
  }

  /// Makes every job older than the service may still be at work on what nobody saw it take.
  private func passAnHour(_ shell: Shell) async throws {
    let script =
      "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); "
      + "c.execute(\"UPDATE batch_job SET created='2020-01-01T00:00:00Z'\"); c.commit()"
    let outcome = try await ProgramRun(
      ProviderServer.python ?? "", ["-c", script, shell.folder + "/work.parallax"]
    ).finish()
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  @Test func `the jobs have folders of their own, which are gone when the answers are kept`()
    async throws
  {
    try await Shell.withNinePictures { shell, server in
      _ = try await run(shell, server, Self.embed)
      let job = try #require(try await shell.rows("jobs", options: ["--read-only"]).first)
      #expect(job[9] == "gs://mine/some/jobs/\(job[0])/")
      #expect(try await server.seen().objects == ["some/jobs/\(job[0])/input.jsonl"])
      try await server.goOn(withJobs: "succeeded")
      #expect(try await server.seen().objects.count == 4)
      _ = try await run(shell, server, "set strict on ; jobs --fetch")
      #expect(try await server.seen().objects.isEmpty)
      #expect(try await shell.rows("jobs", options: ["--read-only"]).first?[9] == "")
    }
  }

  @Test func `a kill between upload and job, and one just after the job, lose and repeat nothing`()
    async throws
  {
    try await Shell.withNinePictures { shell, server in
      // The upload is begun and done; the job's request is not even read.
      try await server.misbehave([nil, nil, "never"])
      try await kill(shell, server, Self.embed, afterRequests: 3)
      #expect(try await shell.jobStates() == [["unconfirmed", "\(Self.count)", "0"]])
      let early = try await run(shell, server, Self.embed)
      #expect(early.contains("it is not known yet whether 'vertex' has the job"), "\(early)")
      #expect(early.contains("\(Self.count) items wait for jobs"), "\(early)")
      #expect(try await server.seen().objects.count == 1)
      try await passAnHour(shell)
      let late = try await run(shell, server, "jobs --fetch")
      #expect(late.contains("nothing of it is owed"), "\(late)")
      #expect(try await server.seen().objects.isEmpty)
      #expect(try await shell.spent() == "0")

      // The job is made, and nobody hears of it.
      let seen = try await server.seen().requests.count
      try await server.misbehave([nil, nil, "unanswered"])
      try await kill(shell, server, Self.embed, afterRequests: seen + 3)
      try await server.goOn(withJobs: "running")
      let found = try await run(shell, server, Self.embed)
      #expect(found.contains("\(Self.count) items wait for jobs"), "\(found)")
      #expect(try await shell.jobStates() == [["running", "\(Self.count)", "0"]])
      try await server.goOn(withJobs: "succeeded")

      // Killed when the answers are kept, while their files are deleted: what is left goes the next time.
      let before = try await server.seen().requests.count
      // Status, list in two pages, two files, list in two pages; then the first deletion.
      try await server.misbehave([String?](repeating: nil, count: 7) + ["never"])
      try await kill(shell, server, "jobs --fetch", afterRequests: before + 8)
      #expect(try await shell.jobStates() == [["fetched", "\(Self.count)", "\(Self.count)"]])
      #expect(try await server.seen().objects.count == 4)
      _ = try await run(shell, server, Self.embed)
      #expect(try await server.seen().objects.isEmpty)
      #expect(try await shell.vectorCount(of: "t@g") == Self.count)
      #expect(try await server.items() == Self.count)
      #expect(try await shell.spent() == "0.00054")
    }
  }

  @Test func `a bucket that is missing, wrong or closed is named with what helps`() async throws {
    try await Shell.withNinePictures { shell, server in
      let none = try await run(shell, server, Self.now + " --batch", code: 1)
      #expect(none.contains("need a bucket") && none.contains("set batch.bucket"), "\(none)")
      let strange = try await run(shell, server, Self.now + " --batch --bucket s3://x", code: 2)
      #expect(strange.contains("'bucket' takes gs://BUCKET"), "\(strange)")
      let idle = try await run(shell, server, Self.now + " --bucket gs://mine", code: 2)
      #expect(idle.contains("add --batch"), "\(idle)")
      let setting = try await run(shell, server, "set batch.bucket gs://x*y", code: 2)
      #expect(setting.contains("'batch.bucket' takes gs://BUCKET"), "\(setting)")
      let other = try await run(
        shell, server, "embed t --as o --model gemini-embedding-2 --batch --bucket gs://mine",
        code: 1)
      #expect(other.contains("'gemini' keeps the files of its jobs itself"), "\(other)")
      #expect(try await server.seen().requests.isEmpty)

      let wrong = try await run(shell, server, Self.now + " --batch --bucket gs://nobody", code: 4)
      #expect(wrong.contains("has nothing at 'gs://nobody/") && !wrong.contains("stay"), "\(wrong)")
      try await server.misbehave(["403"])
      let closed = try await run(shell, server, Self.embed, code: 4)
      #expect(closed.contains("(403)") && closed.contains("'Storage Object User'"), "\(closed)")
      #expect(try await shell.jobStates().isEmpty)
      #expect(try await shell.spent() == "0")

      // Nothing may be deleted: what stays is said, once.
      _ = try await run(shell, server, Self.embed)
      try await server.goOn(withJobs: "succeeded")
      try await server.misbehave([String?](repeating: nil, count: 7) + ["403"])
      let kept = try await run(shell, server, "jobs --fetch")
      #expect(kept.contains("stay in 'gs://mine/some/jobs/parallax-"), "\(kept)")
      let again = try await run(shell, server, "set strict on ; \(Self.embed)")
      #expect(again.contains("\(Self.count) embedded"), "\(again)")
    }
  }

  @Test func `a job that is refused leaves no file, or says where it stays`() async throws {
    try await Shell.withNinePictures { shell, server in
      try await server.misbehave([nil, nil, "403"])
      let refused = try await run(shell, server, Self.embed, code: 4)
      #expect(refused.contains("(403)") && !refused.contains("stay"), "\(refused)")
      #expect(try await server.seen().objects.isEmpty)
      // A token that was given by hand and has run out cannot be renewed.
      try await server.misbehave([nil, nil, "expired", "expired"])
      let expired = try await run(shell, server, Self.embed, code: 4)
      #expect(expired.contains("(401)"), "\(expired)")
      #expect(expired.contains("may stay in 'gs://mine/some/jobs/parallax-"), "\(expired)")
      #expect(try await server.seen().objects.count == 1)
      #expect(try await shell.jobStates().isEmpty)
      #expect(try await shell.spent() == "0")
    }
  }

  @Test func `answers of the whole dimension are cut to what was asked for, and that is said`()
    async throws
  {
    try await Shell.withNinePictures { shell, server in
      _ = try await run(shell, server, Self.embed)
      try await server.answerWhole()
      try await server.goOn(withJobs: "succeeded")
      let strict = try await run(shell, server, "set strict on ; jobs --fetch", code: 1)
      #expect(strict.contains("numbers where 128 were asked for"), "\(strict)")
      // It is paid for, and kept.
      let stored = try await run(shell, server, Self.now)
      #expect(stored.contains("\(Self.count) embedded"), "\(stored)")
      #expect(try await server.items() == Self.count)
    }
  }

  @Test func `a job that is given up says where its files are`() async throws {
    try await Shell.withNinePictures { shell, server in
      _ = try await run(shell, server, Self.embed)
      let job = try #require(try await shell.rows("jobs", options: ["--read-only"]).first?[0])
      let cancelled = try await run(shell, server, "jobs --cancel \(job)")
      #expect(cancelled.contains("asked 'vertex' to end"), "\(cancelled)")
      let given = try await run(shell, server, "jobs --forget \(job)")
      #expect(given.contains("may stay in 'gs://mine/some/jobs/\(job)/'"), "\(given)")
    }
  }
}

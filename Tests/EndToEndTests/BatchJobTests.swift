import ParallaxTestSupport
import Testing

/// Work that is submitted to a provider in jobs: nothing is lost, nothing is paid for twice.
@Suite(.enabled(if: ProviderServer.python != nil, "needs Python"))
struct BatchJobTests {
  /// The services that take jobs.
  enum Service: String, CaseIterable {
    case gemini
    case vertex = "vertex:gemini"

    var now: String { "embed t --as g --model \(rawValue)-embedding-2 --dim 128" }
    var embed: String { now + " --batch" }
  }

  private static let count = 9

  private func run(
    _ shell: Shell, _ server: ProviderServer, _ commands: String, code: Int32 = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> String {
    let done = try await shell.run(commands, environment: environment(server))
    #expect(done.code == code, "\(done.errors)", sourceLocation: sourceLocation)
    return done.output + done.errors
  }

  private func environment(_ server: ProviderServer) -> [String: String] {
    server.environment().merging(["PARALLAX_BATCH_BUCKET": "gs://mine/jobs"]) { $1 }
  }

  @Test(arguments: Service.allCases)
  func `a job is submitted, fetched on another day, and gives the vectors of a request`(
    _ service: Service
  ) async throws {
    try await Shell.withNinePictures { shell, server in
      let first = try await run(shell, server, service.embed)
      #expect(first.contains("submitted \(Self.count) images in 1 job"), "\(first)")
      #expect(try await shell.jobStates() == [["pending", "\(Self.count)", "0"]])
      #expect(try await server.items() == 0)
      // Half of 0.00012 dollars an image.
      #expect(try await shell.spent() == "0.00054")
      // Nothing is submitted twice, and nothing asked for at the full price meanwhile.
      let again = try await run(shell, server, service.embed)
      #expect(again.contains("\(Self.count) items wait for jobs"), "\(again)")
      let refused = try await run(shell, server, service.now, code: 1)
      #expect(refused.contains("would pay twice") && refused.contains("--batch"), "\(refused)")
      try await server.goOn(withJobs: "running")
      _ = try await run(shell, server, "jobs --fetch")
      #expect(try await shell.jobStates() == [["running", "\(Self.count)", "0"]])

      try await server.goOn(withJobs: "succeeded")
      let fetched = try await run(shell, server, "jobs --fetch")
      #expect(fetched.contains("\(Self.count) answers of 1 job are kept"), "\(fetched)")
      // From here on nobody need be asked: the replies are in the workspace.
      #expect(try await shell.vectorCount(of: "t@g") == 0)
      let stored = try await run(shell, server, service.now)
      #expect(stored.contains("\(Self.count) embedded"), "\(stored)")
      #expect(try await shell.vectorCount(of: "t@g") == Self.count)
      #expect(try await server.items() == Self.count)
      #expect(try await shell.spent() == "0.00054")

      // The same pictures by requests, in a workspace that knows nothing.
      let other = try await shell.run(
        arguments: [
          "other.parallax", "-c",
          "create collection t ; ingest t \(Shell.tiles)/images --glob 'mug-00*.jpg' ; \(service.now) ; "
            + "export t@g --to \(shell.folder)/requests.npy",
        ], environment: environment(server))
      #expect(other.code == 0, "\(other.errors)")
      try await shell.succeed("export t@g --to \(shell.folder)/jobs.npy")
      #expect(
        try TestFiles.bytes(of: shell.folder + "/jobs.npy")
          == TestFiles.bytes(of: shell.folder + "/requests.npy"))
      _ = try await run(shell, server, "workspace check")
      #expect(try await server.seen().objects.isEmpty)
    }
  }

  @Test(arguments: ["job-lost", "job-503"], Service.allCases)
  func `a job whose fate is unknown is found by its name`(
    _ fault: String, _ service: Service
  ) async throws {
    try await Shell.withNinePictures { shell, server in
      // Start of the upload, its only piece, and then the job: it is made, and the reply does not say so.
      try await server.misbehave([nil, nil, fault])
      let lost = try await run(shell, server, service.embed, code: 4)
      #expect(lost.contains("jobs --fetch"), "\(lost)")
      #expect(try await shell.jobStates() == [["unconfirmed", "\(Self.count)", "0"]])
      #expect(try await shell.spent() == "0.00054")
      let again = try await run(shell, server, service.embed)
      #expect(again.contains("\(Self.count) items wait"), "\(again)")
      #expect(try await shell.jobStates() == [["pending", "\(Self.count)", "0"]])
      try await server.goOn(withJobs: "succeeded")
      _ = try await run(shell, server, service.embed)
      #expect(try await shell.vectorCount(of: "t@g") == Self.count)
      #expect(try await server.items() == Self.count)
    }
  }

  @Test(arguments: Service.allCases)
  func `a job that the provider never got costs nothing and is submitted again`(
    _ service: Service
  ) async throws {
    try await Shell.withNinePictures { shell, server in
      // Each attempt at the job itself is refused, after the upload.
      try await server.misbehave([nil, nil] + [String?](repeating: "429-day", count: 1))
      _ = try await run(shell, server, service.embed, code: 4)
      #expect(try await shell.jobStates().isEmpty)
      #expect(try await shell.spent() == "0")
      try await server.behave()
      _ = try await run(shell, server, service.embed)
      #expect(try await shell.jobStates() == [["pending", "\(Self.count)", "0"]])
    }
  }

  @Test(arguments: ["failed", "expired", "cancelled"], Service.allCases)
  func `what a job that ends early has answered is kept, and the rest submitted`(
    _ end: String, _ service: Service
  ) async throws {
    try await Shell.withNinePictures { shell, server in
      _ = try await run(shell, server, service.embed)
      try await server.goOn(withJobs: end, kept: 4)
      let early = try await run(shell, server, service.embed)
      #expect(early.contains("without a vector of 5 of \(Self.count) items"), "\(early)")
      #expect(early.contains("submitted 5 images in 1 job"), "\(early)")
      #expect(try await shell.vectorCount(of: "t@g") == 4)
      #expect(
        try await shell.jobStates() == [[end, "\(Self.count)", "4"], ["pending", "5", "0"]])
      try await server.goOn(withJobs: "succeeded")
      let strict = try await run(shell, server, "set strict on ; \(service.embed)")
      #expect(strict.contains("5 embedded"), "\(strict)")
      #expect(try await shell.vectorCount(of: "t@g") == Self.count)
      #expect(try await server.items() == Self.count)
    }
  }

  @Test(arguments: Service.allCases)
  func `a job without any answer is not paid for`(_ service: Service) async throws {
    try await Shell.withNinePictures { shell, server in
      _ = try await run(shell, server, service.embed)
      try await server.goOn(withJobs: "failed")
      let failed = try await run(shell, server, "jobs --fetch")
      #expect(failed.contains("The batch has failed"), "\(failed)")
      #expect(try await shell.spent() == "0")
    }
  }

  @Test func `a budget holds, offline asks nobody, and others have no jobs`() async throws {
    try await Shell.withNinePictures { shell, server in
      let poor = try await run(
        shell, server, "set budget 0.0001 ; \(Service.gemini.embed)", code: 4)
      #expect(poor.contains("the budget of"), "\(poor)")
      #expect(try await shell.jobStates().isEmpty)
      #expect(try await server.seen().requests.isEmpty)
      let quiet = try await shell.run(
        Service.gemini.embed, options: ["--offline"], environment: environment(server))
      let offline = quiet.output + quiet.errors
      #expect(quiet.code != 0 && offline.contains("offline, and jobs are submitted"), "\(offline)")
      let local = try await run(shell, server, "embed t --as m --model mini --batch", code: 1)
      #expect(local.contains("is not asked in jobs"), "\(local)")
      let cancelled = try await run(shell, server, "jobs --cancel nobody", code: 1)
      #expect(cancelled.contains("there is no job 'nobody'"), "\(cancelled)")
      let key = ProviderServer.key
      for text in [poor, offline, local] { #expect(!text.contains(key)) }
    }
  }

  @Test(arguments: Service.allCases)
  func `a dropped space loses nothing that its job has answered`(_ service: Service) async throws {
    try await Shell.withNinePictures { shell, server in
      _ = try await run(shell, server, service.embed)
      try await shell.succeed("drop space t@g --yes")
      try await server.goOn(withJobs: "succeeded")
      _ = try await run(shell, server, service.embed)
      #expect(try await shell.vectorCount(of: "t@g") == Self.count)
      #expect(try await server.items() == Self.count)
    }
  }

  @Test func `a kill while jobs are submitted leaves what the provider has`() async throws {
    try await Shell.withNinePictures { shell, server in
      for _ in 0..<4 {
        let run = try shell.start(
          ["work.parallax", "-c", Service.gemini.embed], environment: environment(server))
        // Whatever it has done by then: the request that opens the upload, or the job itself.
        try await Task.sleep(for: .milliseconds(Int.random(in: 50...600)))
        run.kill()
        _ = await run.finish()
      }
      _ = try await run(shell, server, "jobs --fetch")
      // The server lists what it has, and so these never came to it.
      for row in try await shell.rows("jobs", options: ["--read-only"])
      where row[3] == "unconfirmed" {
        let early = try await run(shell, server, "jobs --fetch")
        #expect(early.contains("it is not known yet whether 'gemini' has the job"), "\(early)")
        _ = try await run(shell, server, "jobs --forget \(row[0])")
      }
      _ = try await run(shell, server, Service.gemini.embed)
      try await server.goOn(withJobs: "succeeded")
      _ = try await run(shell, server, Service.gemini.embed)
      #expect(try await shell.vectorCount(of: "t@g") == Self.count)
      #expect(try await server.items() == Self.count)
      #expect(try await shell.spent() == "0.00054")
    }
  }

  @Test(arguments: Service.allCases)
  func `what the provider refuses is a failure, and not submitted again unasked`(
    _ service: Service
  ) async throws {
    try await Shell.withNinePictures { shell, server in
      _ = try await run(shell, server, service.embed)
      try await server.refuseNext()
      try await server.goOn(withJobs: "succeeded")
      let key = ProviderServer.key
      for _ in 0..<2 {
        let done = try await run(shell, server, service.embed)
        #expect(done.contains("1 image has no vector") && !done.contains("submitted"), "\(done)")
        #expect(!done.contains(key))
      }
      #expect(try await shell.vectorCount(of: "t@g") == Self.count - 1)
      let listed = try await run(shell, server, "jobs")
      #expect(listed.contains("Unable to process") && !listed.contains(key), "\(listed)")
      _ = try await run(shell, server, service.embed + " --resume")
      try await server.goOn(withJobs: "succeeded")
      _ = try await run(shell, server, service.embed)
      #expect(try await shell.vectorCount(of: "t@g") == Self.count)
    }
  }

  @Test(arguments: Service.allCases)
  func `a job that cannot be read does not hide the others`(_ service: Service) async throws {
    try await Shell.withNinePictures { shell, server in
      _ = try await run(shell, server, service.embed)
      try await server.goOn(withJobs: "lost")
      let failed = try await run(shell, server, "jobs --fetch")
      #expect(failed.contains("could not be fetched"), "\(failed)")
      #expect(try await shell.jobStates() == [["pending", "\(Self.count)", "0"]])
      let job = try #require(try await shell.rows("jobs", options: ["--read-only"]).first?[0])
      _ = try await run(shell, server, "jobs --forget \(job)")
      // Nobody knows what became of it: what was charged stays.
      #expect(try await shell.spent() == "0.00054")
      _ = try await run(shell, server, service.embed)
      #expect(try await shell.jobStates().last == ["pending", "\(Self.count)", "0"])
    }
  }
}

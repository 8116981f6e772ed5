import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxImaging

/// What happens to the program when a worker fails, played by small shell scripts.
@Suite struct WorkerPoolTests {
  private static let whole = ImageTransform(resize: .none)

  @Test func `many requests share few workers`() async throws {
    let decoder = try sharedDecoder.get()
    let files = Golden.all.filter { $0.transformText == "none" }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for golden in files + files + files + files {
        group.addTask {
          let (properties, pixels) = try await decoder.decode(fixture(golden.file), Self.whole)
          #expect(properties == golden.properties)
          #expect(difference(pixels, golden.pixels).largest <= golden.tolerance)
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func `a worker that hangs is replaced after the time limit`() async throws {
    try await withTemporaryDirectory { folder in
      try writeWorker("echo $$ > '\(folder)/pid'; exec sleep 1000", at: "\(folder)/worker")
      let decoder = ImageDecoder(
        workers: 1, executable: "\(folder)/worker", limits: DecodeLimits(time: .milliseconds(300)))
      let error = try await failure { try await decoder.probe("/a.jpg") }
      #expect(error.code == .imageTooSlow)
      #expect(error.message == "cannot decode '/a.jpg': decoding it took longer than 0.3 seconds")
      #expect(!isRunning("\(folder)/pid"))
      let again = try await failure { try await decoder.probe("/b.jpg") }
      #expect(again.code == .imageTooSlow)
    }
  }

  /// What workers do after the first bytes of a request.
  private static let ends: [(script: String, code: ParallaxError.Code, reason: String)] = [
    (
      "kill -SEGV $$", .imageCrashedDecoder,
      "the decode worker crashed by signal 11 twice; the file is damaged or hostile"
    ),
    (
      "exit 0", .imageCrashedDecoder,
      "the decode worker ended twice; the file is damaged or hostile"
    ),
    (
      "printf '%099d' 0; exec sleep 1000", .imageCrashedDecoder,
      "the decode worker sent an invalid reply twice; the file is damaged or hostile"
    ),
    (
      "kill -KILL $$", .workerKilled,
      "the decode worker was killed by signal 9 twice; perhaps the machine ran out of memory"
    ),
    ("kill -TERM $$", .workerKilled, "the decode worker was killed by signal 15 twice"),
  ]

  /// The first `count` workers run `script`, those after it are real ones.
  private func failingWorker(_ count: Int, _ script: String, in folder: String) throws -> String {
    let program = try workerProgram()
    try save(Frame.framed(DecodeReply.ready.head), to: "\(folder)/greeting")
    try writeWorker(
      """
      for number in $(seq \(count)); do
        if mkdir "\(folder)/$number" 2> /dev/null; then
          cat '\(folder)/greeting'
          head -c 16 > /dev/null
          \(script)
        fi
      done
      exec '\(program)' $1
      """, at: "\(folder)/worker", greets: false)
    return "\(folder)/worker"
  }

  @Test(arguments: ends)
  func `a worker that ends or lies twice costs only its own image`(
    end: (script: String, code: ParallaxError.Code, reason: String)
  ) async throws {
    try await withTemporaryDirectory { folder in
      let worker = try failingWorker(2, end.script, in: folder)
      let decoder = ImageDecoder(workers: 1, executable: worker)
      let error = try await failure { try await decoder.probe(fixture("plain.png")) }
      #expect(error.code == end.code)
      #expect(error.message.hasSuffix(end.reason))
      let properties = try await decoder.probe(fixture("plain.png"))
      #expect(properties.width == 24)
    }
  }

  @Test(arguments: ends)
  func `a worker that ends or lies once is replaced without a word`(
    end: (script: String, code: ParallaxError.Code, reason: String)
  ) async throws {
    try await withTemporaryDirectory { folder in
      let worker = try failingWorker(1, end.script, in: folder)
      let decoder = ImageDecoder(workers: 1, executable: worker)
      let properties = try await decoder.probe(fixture("plain.png"))
      #expect(properties.width == 24)
    }
  }

  @Test func `too little memory is an error of the image`() async throws {
    let decoder = ImageDecoder(
      workers: 1, executable: try workerProgram(), limits: DecodeLimits(memory: 64 << 20))
    let error = try await failure { try await decoder.decode(fixture("huge_flat.png"), Self.whole) }
    #expect([.imageTooLarge, .imageCrashedDecoder].contains(error.code))
    let plain = try await decoder.decode(fixture("plain.png"), Self.whole)
    #expect(plain.pixels.width == 24)
    // With the default there is room.
    let shrunk = ImageTransform(resize: .shortestEdge(8))
    let fits = try await sharedDecoder.get().decode(fixture("huge_flat.png"), shrunk)
    #expect(fits.pixels.bytes.allSatisfy { $0 == 0 })
  }

  // The worker never answers: whoever waits for it runs into the limit of the test.
  @Test(.timeLimit(.minutes(10))) func `cancelling does not wait for the worker`() async throws {
    try await withTemporaryDirectory { folder in
      try writeWorker("touch \(folder)/started; exec sleep 1000", at: "\(folder)/worker")
      let decoder = ImageDecoder(
        workers: 1, executable: "\(folder)/worker", limits: DecodeLimits(time: .seconds(3_600)))
      let busy = Task { try await decoder.probe("/a.jpg") }
      let queued = Task { try await decoder.probe("/b.jpg") }
      try await eventually("the worker") { TestFiles.exists("\(folder)/started") }
      busy.cancel()
      queued.cancel()
      await #expect(throws: CancellationError.self) { try await busy.value }
      await #expect(throws: CancellationError.self) { try await queued.value }
    }
  }

  @Test func `a task cancelled before it asks gets nothing`() async throws {
    let decoder = try sharedDecoder.get()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await decoder.probe(fixture("plain.png"))
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test(.timeLimit(.minutes(10)))
  func `shutting down ends the workers and refuses what waits`() async throws {
    try await withTemporaryDirectory { folder in
      try writeWorker("echo $$ > '\(folder)/pid'; exec sleep 1000", at: "\(folder)/worker")
      let decoder = ImageDecoder(
        workers: 1, executable: "\(folder)/worker", limits: DecodeLimits(time: .seconds(3_600)))
      let busy = Task { try await decoder.probe("/a.jpg") }
      try await eventually("the worker") { isRunning("\(folder)/pid") }
      decoder.shutdown()
      await #expect(throws: CancellationError.self) { try await busy.value }
      await #expect(throws: CancellationError.self) { try await decoder.probe("/b.jpg") }
      try await eventually("the worker") { !isRunning("\(folder)/pid") }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `a decoder that is gone leaves no worker behind`() async throws {
    try await withTemporaryDirectory { folder in
      let program = try workerProgram()
      try writeWorker(
        "echo $$ > '\(folder)/pid'; exec '\(program)' $1", at: "\(folder)/worker", greets: false)
      do {
        let decoder = ImageDecoder(workers: 1, executable: "\(folder)/worker")
        _ = try await decoder.probe(fixture("plain.png"))
        #expect(isRunning("\(folder)/pid"))
      }
      try await eventually("the worker") { !isRunning("\(folder)/pid") }
    }
  }

  @Test func `a program that is no worker is named`() async throws {
    for (program, reason) in [
      ("/no/such/program", "no such file or directory"), ("/bin/false", "it ended at once"),
      ("/bin/echo", "it ended at once"),
    ] {
      let decoder = ImageDecoder(workers: 2, executable: program)
      let error = try await failure { try await decoder.probe("/a.jpg") }
      #expect(error.code == .missingComponent)
      #expect(
        error.message
          == "cannot decode '/a.jpg': the decode worker '\(program)' cannot be started: \(reason)")
    }
  }

  @Test func `without libvips the remedy is named`() async throws {
    try await withTemporaryDirectory { folder in
      let program = try workerProgram()
      let script = "export PARALLAX_VIPS=/no/such/library.so; exec '\(program)' $1"
      try writeWorker(script, at: "\(folder)/worker", greets: false)
      let decoder = ImageDecoder(workers: 2, executable: "\(folder)/worker")
      let error = try await failure { try await decoder.probe(fixture("plain.png")) }
      #expect(error.code == .missingComponent)
      #expect(error.message.contains("libvips cannot be opened"))
      #expect(error.hint?.contains("apt-get install libvips42") == true)
    }
  }
}

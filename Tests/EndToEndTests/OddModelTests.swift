import ParallaxCore
import ParallaxTestSupport
import Testing

/// Local models that give no vector for some inputs, and texts they do not read whole.
@Suite struct OddModelTests {
  private static let fixtures = TestData.packageRoot + "/Tests/ParallaxInferenceTests/Fixtures"

  /// A black picture of 4 by 4 pixels, as PNG.
  private static let black: [UInt8] = [
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 4, 0, 0, 0, 4, 8, 2, 0,
    0, 0, 38, 147, 9, 41, 0, 0, 0, 12, 73, 68, 65, 84, 120, 218, 99, 96, 32, 29, 0, 0, 0, 52, 0, 1,
    72, 163, 125, 111, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
  ]

  @Test(arguments: [
    ("nan", "48 of its 48 numbers are infinite or not numbers"),
    ("infinite", "48 of its 48 numbers are infinite or not numbers"),
    ("zero", "all of its 48 numbers are zero"),
  ])
  func `a picture without a vector fails alone, by name, and is tried again`(
    kind: String, reason: String
  ) async throws {
    try await Shell.inNewFolder { shell in
      let pictures = "\(shell.folder)/pictures"
      try TestFiles.write(Self.black, to: pictures + "/night.png")
      for number in 1...3 {
        try TestFiles.copy(
          "\(Shell.tiles)/images/mug-00\(number).jpg", to: "\(pictures)/\(number).jpg")
      }
      try await shell.succeed("create collection c ; ingest c \(pictures)")
      let embed = "embed c --as s --model \(Self.fixtures)/odd/\(kind).onnx"
      for _ in 1...2 {
        let outcome = try await shell.run(embed, options: ["--mode", "csv"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("night,") && outcome.output.contains("unusable-vector"))
        #expect(outcome.output.contains("no usable vector for 'night': \(reason)"))
        #expect(outcome.errors.contains("1 image has no vector"))
        #expect(outcome.errors.contains("1 failed"))
        #expect(try await shell.vectorCount(of: "c@s") == 3)
      }
      #expect(try await shell.run(embed, options: ["--strict"]).code == 1)
      let query = try await shell.run("query c@s --image \(pictures)/night.png")
      #expect(query.code == 1 && query.errors.contains(reason), "\(query.errors)")
    }
  }

  @Test func `a batch without any vector fails picture by picture`() async throws {
    try await Shell.inNewFolder { shell in
      for number in 1...3 {
        // Other bytes, the same pixels.
        try TestFiles.write(
          Self.black + [UInt8(number)], to: "\(shell.folder)/pictures/\(number).png")
      }
      try await shell.succeed("create collection c ; ingest c pictures")
      let failures = try await shell.rows("embed c --as s --model \(Self.fixtures)/odd/nan.onnx")
      #expect(failures.map { [$0[0], $0[2]] } == ["1", "2", "3"].map { [$0, "unusable-vector"] })
    }
  }

  /// Texts of which the model makes numbers that are none, or on which it fails.
  @Test func `a text without a vector fails alone`() async throws {
    try await withCaptions(["1": "a", "2": "b", "3": "c", "4": "d", "5": "a d"]) { shell in
      let embed = "embed c --as s --content text --model \(Self.fixtures)/odd-text"
      for _ in 1...2 {
        let failures = try await shell.rows(embed)
        #expect(failures.map { [$0[0], $0[2]] } == ["2", "3"].map { [$0, "unusable-vector"] })
        #expect(try await shell.vectorCount(of: "c@s") == 3)
      }
      let query = try await shell.run("query c@s --text b")
      #expect(query.code == 1 && query.errors.contains("no usable vector for 'b'"))
    }
  }

  @Test func `what of a text is cut is said`() async throws {
    try await withCaptions(["1": "a", "2": "a d d a d a d", "3": "a a a a a", "4": "d d d d"]) {
      shell in
      let model = "\(Self.fixtures)/odd-text"
      let embed = "embed c --as s --content text --model \(model)"
      let plan = try await shell.rows(embed + " --dry-run")
      #expect(plan.contains(["texts to be cut after 6 tokens", "2"]))
      let outcome = try await shell.run(embed)
      #expect(outcome.code == 0)
      #expect(
        outcome.errors.contains(
          "warning: 2 texts were cut after 6 tokens; '\(model)' reads no more"))
      try await shell.succeed("drop space c@s --yes")
      let strict = try await shell.run(embed, options: ["--strict"])
      #expect(strict.code == 1 && strict.errors.contains("cut after 6 tokens"))

      let query = "query c@s --text 'a a a a a' --columns id"
      let long = try await shell.run(query)
      #expect(long.code == 0, "\(long.errors)")
      #expect(
        long.errors.contains(
          "warning: the text 'a a a a a…' was cut after 6 tokens; '\(model)' reads no more"))
      #expect(try await shell.run(query, options: ["--strict"]).code == 1)
      let whole = try await shell.run("query c@s --text 'a a a a'", options: ["--strict"])
      #expect(whole.code == 0 && !whole.errors.contains("cut"), "\(whole.errors)")
    }
  }

  @Test func `an empty text is no question, and no content`() async throws {
    try await withCaptions(["1": "a", "2": "", "3": "   ", "4": "d"]) { shell in
      let outcome = try await shell.run(
        "embed c --as s --content text --model \(Self.fixtures)/odd-text")
      #expect(outcome.code == 0 && outcome.errors.contains("2 without a text"))
      #expect(try await shell.vectorCount(of: "c@s") == 2)
      for question in ["--text ''", "--text '   '", "--text a --not-text ''", "--text $e"] {
        let query = try await shell.run("let e = '' ; query c@s \(question)")
        #expect(query.code != 0, "\(question)")
        #expect(query.errors.contains("takes words to look for; got an empty text"))
      }
    }
  }

  /// A collection `c` of pictures with captions, by id.
  private func withCaptions(
    _ captions: [String: String], _ body: (Shell) async throws -> Void
  ) async throws {
    try await Shell.inNewFolder { shell in
      var table = "id,caption\n"
      for (id, caption) in captions.sorted(by: { $0.key < $1.key }) {
        try TestFiles.copy(
          "\(Shell.tiles)/images/mug-00\(id).jpg", to: "\(shell.folder)/pictures/\(id).jpg")
        table += "\(id),\"\(caption)\"\n"
      }
      try TestFiles.write(table, to: shell.folder + "/captions.csv")
      try await shell.succeed(
        "create collection c ; ingest c pictures --meta captions.csv --key id")
      try await body(shell)
    }
  }
}

import ParallaxTestSupport
import Testing

/// Photographs and odd files that are not part of the repository.
@Suite(.enabled(if: TestData.root != nil, "\(TestData.comment)"))
struct RealPhotographTests {
  private let data = TestData.root ?? ""

  @Test(.timeLimit(.minutes(10)))
  func `every odd file becomes an item or a named failure`() async throws {
    try await Shell.inNewFolder { shell in
      let ingested = try await shell.run(
        "create collection odd ; ingest odd \(data)/odd --glob '**/*' ; show _",
        options: ["--mode", "jsonl"])
      #expect(ingested.code == 0)
      let refused = ingested.output.split(separator: "\n")
      #expect(refused.allSatisfy { $0.contains("\"code\": ") && $0.contains("\"reason\": ") })
      let embedded = try await shell.run(
        "embed odd --as base --model mini", options: ["--mode", "jsonl"])
      #expect(embedded.code == 0)
      let failed = embedded.output.split(separator: "\n")
      #expect(failed.allSatisfy { $0.contains("\"reason\": ") && !$0.contains("\"reason\": \"\"") })
      let vectors = try await shell.vectorCount(of: "odd@base")
      #expect(refused.count + failed.count + vectors == 559)
      #expect(vectors > 250)
    }
  }

  /// The photographs bear the number of their orientation, and are stored anew for each; that their
  /// pixels are those of the upright one is tested where they are decoded.
  @Test func `the orientation of a photograph does not matter`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(
        "create collection o ; ingest o \(data)/odd/exif_orientation ; embed o --as base")
      for (photograph, other) in [("Portrait", "Landscape"), ("Landscape", "Portrait")] {
        let first = photograph == "Portrait" ? "Portrait_1" : "Landscape_4"
        let rows = try await shell.rows("query o --like \(first) --columns id,score --top 8")
        let scores = rows.map { ($0[0], Double($0[1]) ?? 0) }
        for (id, score) in scores where id.hasPrefix(photograph) {
          #expect(score > 0.98, "\(id)")
        }
        for (id, score) in scores where id.hasPrefix(other) { #expect(score < 0.97, "\(id)") }
      }
    }
  }

  @Test func `a thousand photographs answer a sentence`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(
        """
        create collection p
        ingest p \(data)/flickr8k/images --meta \(data)/flickr8k/captions.csv --key filename
        embed p --as base --model mini
        """)
      let dogs = try await shell.rows(
        "query p --text 'a dog running on the beach' --top 20 --columns caption")
      #expect(dogs.filter { $0[0].contains("dog") }.count >= 8)
      #expect(try await shell.rows("query p --text dog --top 1000 --columns id").count == 1000)
    }
  }
}

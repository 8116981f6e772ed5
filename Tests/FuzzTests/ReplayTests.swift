import ParallaxTestSupport
import Testing

/// Everything that fuzzing found or began with, and inputs that are long and deep, through the same
/// functions.
@Suite struct ReplayTests {
  static let names = FuzzTargets.all.map { $0.name }

  private func target(_ name: String) throws -> any FuzzTarget.Type {
    try #require(FuzzTargets.all.first { $0.name == name })
  }

  @Test(arguments: names)
  func `the corpus holds`(name: String) throws {
    let target = try target(name)
    let folder = "\(TestData.packageRoot)/Tests/FuzzTests/Corpus/\(name)"
    let files = TestFiles.names(in: folder, endingWith: "").filter { !$0.hasPrefix(".") }
    #expect(files.count >= 5, "the corpus of '\(name)' is too small")
    for file in files {
      let bytes = try TestFiles.bytes(of: "\(folder)/\(file)")
      #expect(throws: Never.self, "\(name)/\(file)") { try target.run(bytes) }
      // Half of a file is what a full disk leaves.
      #expect(throws: Never.self, "half of \(name)/\(file)") {
        try target.run(Array(bytes.prefix(bytes.count / 2)))
      }
    }
  }

  /// What takes time or stack that grows faster than the input does not end.
  @Test(arguments: names)
  func `long and deep inputs are read`(name: String) throws {
    let target = try target(name)
    for (head, unit, tail) in target.repeats {
      let text = head + String(repeating: unit, count: (1 << 13) / unit.utf8.count) + tail
      #expect(throws: Never.self, "\(name): \(unit)") { try target.run(Array(text.utf8)) }
    }
  }

  @Test func `every target has a dictionary, and nothing else has a corpus`() {
    let folder = "\(TestData.packageRoot)/Tests/FuzzTests"
    #expect(
      TestFiles.names(in: folder + "/Corpus", endingWith: "").filter { !$0.hasPrefix(".") }
        == Self.names.sorted())
    #expect(
      TestFiles.names(in: folder + "/Dictionaries", endingWith: ".dict")
        == Self.names.sorted().map { $0 + ".dict" })
  }
}

import ParallaxCore
import ParallaxSystem
import ParallaxTestSupport
import Testing

@testable import ParallaxReporting

@Suite struct ExporterTests {
  @Test func `provenance stands beside the table`() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/r.csv"
      try Exporter.write(
        [.init("id", .text)], { write in try write(["a"]) }, as: CSVFormat(), to: path,
        replace: false, provenance: [("command", "query p --text \"x\"")], with: FileWriter())
      #expect(TestFiles.text(of: path) == "id\na\n")
      #expect(
        TestFiles.text(of: path + "-metadata.json") == """
          {
            "format": "csv",
            "rows": 1,
            "command": "query p --text \\"x\\""
          }

          """)
    }
  }

  @Test(arguments: [("t.csv", false), (String(repeating: "t", count: 241) + ".csv", true)])
  func `a side file that cannot be written leaves no table`(name: String, replace: Bool)
    async throws
  {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/\(name)"
      if !replace { try TestFiles.write("mine", to: path + "-metadata.json") }
      #expect(throws: ParallaxError.self) {
        try Exporter.write(
          [.init("id", .text)], { write in try write(["a"]) }, as: CSVFormat(), to: path,
          replace: replace, provenance: [], with: FileWriter())
      }
      #expect(TestFiles.text(of: path) == nil)
      #expect(TestFiles.text(of: path + "-metadata.json") == (replace ? nil : "mine"))
    }
  }
}

@Suite struct WordingTests {
  @Test(
    arguments: zip(
      [0, 12, 999, 1_000, 8_214, 1_234_567, -5_000],
      ["0", "12", "999", "1 000", "8 214", "1 234 567", "-5 000"]))
  func `counts are grouped`(value: Int, text: String) { #expect(Wording.count(value) == text) }

  @Test(
    arguments: zip(
      [0.44, 9.99, 41.2, 3_210, 125_000], ["0.4 ms", "10.0 ms", "41 ms", "3.2 s", "2 min 05 s"]))
  func `durations have a fitting unit`(value: Double, text: String) {
    #expect(Wording.milliseconds(value) == text)
  }

  @Test(arguments: zip([0, 1_023, 1_024, 3_355_443], ["0 B", "1023 B", "1.0 KiB", "3.2 MiB"]))
  func `sizes are binary`(value: Int, text: String) { #expect(Wording.bytes(value) == text) }

  @Test func `what rounds to zero has no sign`() {
    #expect(Wording.fixed(-0.00001, digits: 3) == "0.000")
    #expect(Wording.fixed(-0.001, digits: 3) == "-0.001")
  }
}

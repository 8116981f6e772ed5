import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxReporting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct AtomicFileTests {
  @Test func `a file that exists is left alone without replace`() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/x.csv"
      try AtomicFile.write(Array("old".utf8), to: path, replace: false)
      let error = #expect(throws: ParallaxError.self) {
        try AtomicFile.write(Array("new".utf8), to: path, replace: false)
      }
      #expect(error?.code == .fileExists)
      #expect(contents(path) == "old")
      try AtomicFile.write(Array("new".utf8), to: path, replace: true)
      #expect(contents(path) == "new")
      #expect(names(in: folder) == ["x.csv"])
    }
  }

  @Test func `a missing folder is named with the remedy`() async throws {
    try await withTemporaryDirectory { folder in
      let error = #expect(throws: ParallaxError.self) {
        try AtomicFile.write([], to: folder + "/no/x.csv", replace: true)
      }
      #expect(error?.code == .unwritableFile)
      #expect(error?.hint == "make the folder first")
    }
  }

  @Test func `provenance stands beside the table`() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/r.csv"
      let table = Table(columns: [.init("id", .text)], rows: [["a"]])
      try Exporter.write(
        table, format: CSVFormat.self, style: TableStyle(), to: path, replace: false,
        provenance: [("command", "query p --text \"x\"")])
      #expect(contents(path) == "id\na\n")
      #expect(
        contents(path + "-metadata.json") == """
          {
            "format": "csv",
            "rows": 1,
            "command": "query p --text \\"x\\""
          }

          """)
    }
  }

  private func contents(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = fread(&buffer, 1, buffer.count, file)
    return String(decoding: buffer.prefix(count), as: UTF8.self)
  }

  private func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
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

import ParallaxCore
import ParallaxSystem
import ParallaxTestSupport
import Testing

@testable import ParallaxReporting

@Suite struct StreamingTests {
  private static let columns: [Table.Column] = [.init("row", .integer), .init("even", .boolean)]

  private static func row(_ number: Int) -> [Value] {
    [.integer(Int64(number)), .boolean(number.isMultiple(of: 2))]
  }

  @Test func `a million rows pass through a CSV file one at a time`() async throws {
    try await withTemporaryDirectory { folder in
      let count = 1_000_000
      let (path, writer) = (folder + "/rows.csv", FileWriter())
      var format = CSVFormat()
      var (pending, longest, size) = (0, 0, 0)
      try writer.write(
        .init(path) { write in
          let output = { (text: String) in
            pending -= 1
            longest = max(longest, text.utf8.count)
            size += text.utf8.count
            try write(Array(text.utf8))
          }
          pending += 1
          try format.begin(Self.columns, to: output)
          for number in 0..<count {
            pending += 1
            try format.write(Self.row(number), to: output)
            // Every row has left the format before the next is made.
            if pending != 0 { Issue.record("row \(number) is held back"); return }
          }
          format.end(to: output)
        }, replace: false)
      #expect(longest == "999999,false\n".utf8.count)
      #expect(FileStatus(at: path)?.size == Int64(size))
    }
  }

  @Test(arguments: FormatRegistry.ids)
  func `only formats for people keep their rows`(id: String) throws {
    let type = try FormatRegistry.format(named: id)
    var format = FormatRegistry.make(type, for: Presentation())
    var written = 0
    let output = { (text: String) in written += text.utf8.count }
    try format.begin(Self.columns, to: output)
    for number in 0..<100 {
      let before = written
      try format.write(Self.row(number), to: output)
      #expect((written == before) == (type is any ReadableFormat.Type))
    }
    try format.end(to: output)
    #expect(written > 0)
  }

  @Test(arguments: FormatRegistry.ids)
  func `a format writes a second table as if it were the first`(id: String) throws {
    let type = try FormatRegistry.format(named: id)
    var used = FormatRegistry.make(type, for: Presentation())
    var fresh = FormatRegistry.make(type, for: Presentation())
    func table(_ row: Int, by format: inout any TableFormat) throws -> String {
      var text = ""
      let output = { (part: String) in text += part }
      try format.begin(Self.columns, to: output)
      try format.write(Self.row(row), to: output)
      try format.end(to: output)
      return text
    }
    let first = try table(0, by: &used)
    let second = try table(1, by: &used)
    #expect(second != first)
    #expect(second == (try table(1, by: &fresh)))
  }

  @Test func `rows that end in an error leave no file`() async throws {
    try await withTemporaryDirectory { folder in
      struct Stop: Error {}
      #expect(throws: Stop.self) {
        try Exporter.write(
          Self.columns,
          { write in
            try write(Self.row(0))
            throw Stop()
          },
          as: CSVFormat(), to: folder + "/x.csv", replace: false, provenance: [],
          with: FileWriter())
      }
      #expect(FileStatus(at: folder + "/x.csv") == nil)
    }
  }
}

import ParallaxCore
import ParallaxIngest
import ParallaxTestSupport
import Testing

@Suite struct MetadataHeaderTests {
  @Test(
    arguments: [
      ("a.csv", "file,year\nx,1\n", nil, "yaer", true),
      ("a.csv", "file,year\n", nil, "year", false),
      ("a.csv", "file;year\nx;1\n", ";", "year", false), ("a.csv", "a;b\n", ",", "b", true),
      ("a.jsonl", "{\"file\":\"x\"}\n", nil, "year", true),
      ("a.json", "[{\"file\":\"x\",\"year\":1}]", nil, "year", false),
      ("none.csv", nil, nil, "year", false), ("a.bin", "\0\0", nil, "year", false),
    ] as [(String, String?, Character?, String, Bool)])
  func `a column that is not there is known from the beginning`(
    name: String, text: String?, delimiter: Character?, column: String, isMissing: Bool
  ) async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/\(name)"
      if let text { try TestFiles.write(text, to: path) }
      func check() throws {
        try MetadataHeader.check(column, inFileAt: path, delimiter: delimiter)
      }
      if isMissing {
        #expect(try #require(throws: ParallaxError.self) { try check() }.code == .unknownName)
      } else {
        try check()
      }
    }
  }

  @Test func `of a long table its header tells, of a long list of objects nothing does`()
    async throws
  {
    try await withTemporaryDirectory { folder in
      let rows = String(repeating: "some text,2020\n", count: 10_000)
      try TestFiles.write("file,year\n" + rows, to: folder + "/long.csv")
      let objects = String(repeating: "{\"file\":\"some text\"}\n", count: 10_000)
      try TestFiles.write(objects + "{\"year\":1}\n", to: folder + "/long.jsonl")
      #expect(throws: ParallaxError.self) {
        try MetadataHeader.check("yaer", inFileAt: folder + "/long.csv", delimiter: nil)
      }
      try MetadataHeader.check("year", inFileAt: folder + "/long.jsonl", delimiter: nil)
      #expect(MetadataHeader.columns(ofFileAt: folder + "/long.csv") == ["file", "year"])
    }
  }
}

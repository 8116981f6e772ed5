import ParallaxCore
import ParallaxIngest
import Testing

@Suite struct GlobTests {
  @Test func `agrees with bash on a tree of awkward names`() throws {
    let rows = try TestRows.globs()
    #expect(rows.patterns.count > 40)
    for (pattern, expected) in rows.patterns {
      let glob = try Glob(pattern)
      #expect(rows.files.filter(glob.matches).sorted() == expected.sorted(), "\(pattern)")
    }
  }

  @Test(arguments: [
    ("**/*.jpg", "A/B.JPG", true), ("ÉTÉ/*.jpg", "été/a.jpg", false),
    ("\u{E9}.jpg", "e\u{301}.jpg", true), ("?.jpg", "e\u{301}.jpg", true),
    ("?.jpg", "🦜.jpg", true), ("[α-ω].jpg", "λ.jpg", true), ("[!α-ω].jpg", "λ.jpg", false),
    ("./*.jpg", "a.jpg", true), ("{}", "a", false), ("a{}b", "ab", true), ("a,b}", "a,b}", true),
    ("{a}", "a", true), ("{a,{b,c}d}/**", "cd/x/y.jpg", true), ("**", "a/b", true),
    ("a/**", "a", false), ("a/**/b", "a/b", true), ("a/**/b", "a/x/y/b", true),
    ("a**/b", "ax/y/b", false), ("[a-z]*", "/", false), ("[!a]", "/", false), ("\\*", "x", false),
    ("\\*", "*", true), ("[\\]]", "]", true), ("*", "", true), ("?", "", false),
  ])
  func `matches`(pattern: String, path: String, expected: Bool) throws {
    #expect(try Glob(pattern).matches(path) == expected)
  }

  @Test(arguments: [
    ("", "a pattern needs at least one character"),
    ("a[bc", "'[' has no ']' in the pattern 'a[bc'"),
    ("[]", "'[' has no ']' in the pattern '[]'"),
    ("[!", "'[' has no ']' in the pattern '[!'"),
    ("[a-", "'[' has no ']' in the pattern '[a-'"),
    ("*.{jpg,png", "'{' has no '}' in the pattern '*.{jpg,png'"),
    ("{a,{b}", "'{' has no '}' in the pattern '{a,{b}'"),
    ("a\\", "the pattern 'a\\' ends with '\\'"),
    ("[a\\", "the pattern '[a\\' ends with '\\'"),
    ("[z-a]", "the range 'z-a' in the pattern '[z-a]' runs backwards"),
    ("[[:alpha:]]", "classes such as '[:alpha:]' are not supported in patterns"),
    ("/data/*.jpg", "a pattern is relative to the folder; '/data/*.jpg' begins with '/'"),
  ])
  func `refuses`(pattern: String, message: String) {
    let error = #expect(throws: ParallaxError.self) { try Glob(pattern) }
    #expect(error?.code == .invalidValue)
    #expect(error?.message == message)
  }

  @Test func `refuses a thousand nested braces`() {
    let pattern = String(repeating: "{", count: 1000) + String(repeating: "}", count: 1000)
    #expect(throws: ParallaxError.self) { try Glob(pattern) }
  }

  @Test(.timeLimit(.minutes(10))) func `takes linear time on hostile patterns`() throws {
    let glob = try Glob(String(repeating: "*a", count: 60) + "{x,{y,z}}{x,y}{x,y}{x,y}b")
    #expect(!glob.matches(String(repeating: "a", count: 400)))
    let folders = try Glob(String(repeating: "**/", count: 30) + "b")
    #expect(!folders.matches(String(repeating: "a/", count: 200) + "c"))
    #expect(folders.matches(String(repeating: "a/", count: 200) + "b"))
  }
}

private enum TestRows {
  static func globs() throws -> (files: [String], patterns: [(String, [String])]) {
    // Patterns hold backslashes of their own: this file has no escapes.
    let rows = try Goldens.plainRows("globs.txt")
    return (Array(rows[0].dropFirst()), rows.dropFirst().map { ($0[0], Array($0.dropFirst())) })
  }
}

@testable import ParallaxEvaluation
import ParallaxReporting

/// JSON lines and arrays: metadata, questions, BEIR's records, ranx's files.
enum JSONLinesTarget: FuzzTarget {
  static let name = "jsonl"
  static let repeats: [Repetition] = [
    ("", "[", ""), ("", "{\"a\":", ""), ("", "{\"a\":[", ""), ("{\"a\":\"", "\\u00e9", "\"}"),
    ("", "{\"text\":\"a\"}\n", ""), ("[", "{\"a\":1},", "{}]"), ("{\"a\":", "9", "}"),
    ("{\"a\":[", "1,", "1]}"), ("{\"_id\":\"a\",\"text\":\"", "b", "\"}"),
    ("{\"q\":{", "\"i\":1,", "}}"),
    ("{", "\"a\":1,", "\"b\":2}"), ("", "{", ""), ("{\"a\":\"", "\\ud83d", "\"}"),
  ]

  static func run(_ bytes: [UInt8]) throws {
    try TableChecks.checkMetadata(bytes, ending: "jsonl", writtenBy: JSONLinesFormat())
    try TableChecks.checkQuestions(bytes, ending: "jsonl")
    if let records = try ErrorPromise.reading({
      try BEIRRecord.records(bytes, named: "corpus.jsonl")
    }) {
      try expect(!records.contains { $0.id.isEmpty }, "a record without an id")
    }
    if let run = try ErrorPromise.reading({ try RecognizedFormat.run(bytes, named: "run.json") }) {
      let scores = run.lists.values.flatMap { $0.map(\.score) }
      try expect(scores.allSatisfy(\.isFinite), "a score that is not finite")
    }
  }
}

import ParallaxReporting
@testable import ParallaxIngest

/// CSV and TSV: metadata, questions, judgements, labelled pairs, lists of ids.
enum CSVTarget: FuzzTarget {
  static let name = "csv"
  static let repeats: [Repetition] = [
    ("a\n", "b\n", ""), ("", "a,", "\n1"), ("", "\"", ""), ("a\n", "\"\"", ""),
    ("a,b\n", "\"x\"y,", ""),
    ("a\n", "\r", ""), ("id,text\n", "q,", ""), ("text\n", "q\n", ""), ("", ",", "\n"),
    ("query,item,grade\n", "q,i,1\n", ""), ("left,right,same\n", "a,b,1\n", ""),
    ("a\n", "é\n\u{80}", ""), ("a;b\n", "1;2\n", ""),
    ("", "a,a,", "\n"), ("id\n", "\u{1F1E6}", ""),
  ]

  static func run(_ bytes: [UInt8]) throws {
    try TableChecks.checkMetadata(bytes, ending: "csv", delimiter: ",", writtenBy: CSVFormat())
    try TableChecks.checkMetadata(bytes, ending: "csv", writtenBy: nil)
    try TableChecks.checkMetadata(bytes, ending: "tsv", delimiter: "\t", writtenBy: TSVFormat())
    try TableChecks.checkMetadata(bytes, ending: "tsv", writtenBy: nil)
    try TableChecks.checkQuestions(bytes, ending: "csv")
    _ = try ErrorPromise.reading { try IDList(bytes, of: "ids.txt") }
  }
}

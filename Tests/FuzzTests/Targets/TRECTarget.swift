import ParallaxEvaluation

/// Runs and judgements in TREC's form.
enum TRECTarget: FuzzTarget {
  static let name = "trec"
  static let repeats: [Repetition] = [
    ("", "q 0 i 1\n", ""), ("", "a ", "\n"), ("", "!", " 0 i 1\n"), ("", "!2", " Q0 i 1 0.5 r\n"),
    ("q Q0 i 1 ", "9", " r\n"), ("", "\r", ""), ("#", "#", "\n"), ("q 0 i ", "0", "1\n"),
    ("q 0 ", "\u{301}", " 1\n"),
  ]

  static func run(_ bytes: [UInt8]) throws {
    if let run = try ErrorPromise.reading({ try TRECFormat.run(bytes, named: "a.run") }) {
      var text = ""
      _ = try TRECFormat.write(run, name: "again") { text += $0 }
      let again = try TRECFormat.run(Array(text.utf8), named: "again.run")
      try expect(again == run, "a run becomes another: \(text)")
    }
    if let judgements = try ErrorPromise.reading({
      try TRECFormat.judgements(bytes, named: "a.qrels")
    }) {
      var text = ""
      _ = try TRECFormat.write(judgements) { text += $0 }
      let again = try TRECFormat.judgements(Array(text.utf8), named: "again.qrels")
      try expect(again == judgements, "judgements become others: \(text)")
    }
    _ = try ErrorPromise.reading { try RecognizedFormat.judgements(bytes, named: "a") }
    _ = try ErrorPromise.reading { try RecognizedFormat.run(bytes, named: "a") }
  }
}

import ParallaxCore
@testable import ParallaxEvaluation
import Testing

@Suite struct FormatTests {
  private func judgements(_ text: String, _ name: String = "qrels.txt") throws -> Judgements {
    try RecognizedFormat.judgements(Array(text.utf8), named: name)
  }

  private func run(_ text: String, _ name: String = "a.run") throws -> Run {
    try RecognizedFormat.run(Array(text.utf8), named: name)
  }

  @Test(arguments: [
    "q1 0 a 2\nq1 0 b -1\n\nq2 0 a 0\n",
    "# made by hand\nq1\t0\ta\t2\r\n  q1 Q0 b -1  \n#q3 0 a 1\nq2 0 a 0",
    "\u{FEFF}q1 0 a 2\nq1 0 b -1\nq2 0 a 0",
    "query,item,grade\nq1,a,2\nq1,b,-1\nq2,a,0\n",
    "\u{FEFF}query-id\tcorpus-id\tscore\nq1\ta\t2\nq1\tb\t-1\nq2\ta\t0\n",
    "note;QID;Doc_ID;Relevance\r\n\"x;y\";q1;a;2\r\n;q1;b;-1.0\r\n;q2;a;0\r\n",
    #"{"q1": {"a": 2, "b": -1}, "q2": {"a": 0.0}}"#,
    " {\n \"q1\" : { \"a\" : 2 , \"b\":-1},\n\"q2\":{\"a\":0}\n}\n",
  ])
  func `judgements are read in every form`(text: String) throws {
    #expect(try judgements(text).grades == ["q1": ["a": 2, "b": -1], "q2": ["a": 0]])
  }

  @Test(arguments: [
    "q1 Q0 a 1 0.9 r\nq1 Q0 b 2 -1e-3 r and more\nq2 Q0 a 1 5 r\n",
    "# a\n\nq2 0 a 7 5 r\n q1 x b 1 -.001 r\nq1\tQ0\ta\t1\t+0.9\tr\r\n",
    #"{"q1": {"b": -0.001, "a": 0.9}, "q2": {"a": 5}}"#,
  ])
  func `runs are read in every form, and ordered by their scores`(text: String) throws {
    #expect(
      try run(text).lists == [
        "q1": [RankedItem(id: "a", score: 0.9), RankedItem(id: "b", score: -0.001)],
        "q2": [RankedItem(id: "a", score: 5)],
      ])
  }

  @Test func `commas in ids do not make a table`() throws {
    #expect(try judgements("q1\t0\ta,b\t1\n").grades == ["q1": ["a,b": 1]])
  }

  @Test func `an empty list in JSON is an answer`() throws {
    #expect(try run(#"{"q1": {}, "q2": {"a": 1}}"#).questions == ["q1", "q2"])
  }

  @Test func `a score keeps all its digits`() throws {
    let text = #"{"q": {"a": 0.12345678901234567, "b": 0.1234567890123457}}"#
    let scores = try #require(try run(text).lists["q"]).map(\.score)
    #expect(scores == [0.1234567890123457, 0.12345678901234567])
  }

  @Test(arguments: faults)
  func `a fault in judgements is refused with its line`(
    text: String, message: String, hint: String?
  ) throws {
    let error = try #require(throws: ParallaxError.self) { try judgements(text, "j") }
    #expect(error.message == message)
    #expect(error.hint == hint)
    #expect(error.code == .invalidValue)
  }

  private static let faults: [(String, String, String?)] = [
    (
      "q1 0 a 1\nq1 0 b 1.5\n",
      "'j', line 2: a grade is a whole number from -1000 to 1000; got '1.5'", nil
    ),
    ("q1 0 a yes", "'j', line 1: a grade is a whole number from -1000 to 1000; got 'yes'", nil),
    ("q1 0 a nan", "'j', line 1: a grade is a whole number from -1000 to 1000; got 'nan'", nil),
    ("q1 0 a 1e3", "'j', line 1: a grade is a whole number from -1000 to 1000; got '1e3'", nil),
    ("q1 0 a 1001", "'j', line 1: a grade is a whole number from -1000 to 1000; got '1001'", nil),
    (
      "\n#\nq1 a 1", "'j', line 3: a judgement has 4 fields: question, 0, item, grade; got 3", nil
    ),
    (
      "q1 0 my photo 1",
      "'j', line 1: a judgement has 4 fields: question, 0, item, grade; got 5",
      "an id has no blanks in this form; CSV takes them"
    ),
    (
      "q1 0 a 1\nq1 0 a 1", "'j', line 2: 'a' is judged twice for question 'q1'",
      "keep one line for each question and item"
    ),
    ("", "'j': there are no judgements; a line says question, item and grade", nil),
    ("# only\n\n", "'j': there are no judgements; a line says question, item and grade", nil),
    (
      "query,item\nq1,a",
      "'j', line 1: there is no column for the grade; the header has 'query, item'",
      "the header names the columns query, item and grade"
    ),
    (
      "query,item,rel,grade\nq1,a,1,1", "'j', line 1: 'rel' and 'grade' may both be the grade",
      "rename the one that is not"
    ),
    ("query,item,grade\nq1,a", "'j', line 2: the row has 2 cells; the header has 3", nil),
    (
      "query,item,grade\nq1,,1",
      "'j', line 2: a judgement names a question and an item; one of them is empty", nil
    ),
    (
      "query,item,grade\n\nq1,a,\n",
      "'j', line 3: a grade is a whole number from -1000 to 1000; got ''", nil
    ),
    (
      "query,item,grade\nq1,a,1\nq1,\"b,1\n",
      "'j', line 3: a quote is opened, and not closed where the cell ends",
      "a quote inside a quoted cell is written twice"
    ),
    (
      "{\"q1\": {\"a\": 1,\n \"a\": 2}}", "'j', line 2: 'a' is judged twice for question 'q1'",
      "keep one line for each question and item"
    ),
    ("{\"q1\": {\"a\": 1},\n\"q1\": {}}", "'j', line 2: question 'q1' is there twice", nil),
    ("{\"q1\": {\"a\": \"1\"}}", "'j', line 1: 'a' of 'q1' is no number", nil),
    (
      "{\"q1\": {\"a\": 0.5}}",
      "'j', line 1: a grade is a whole number from -1000 to 1000; got '0.5'", nil
    ),
    (
      "{\"q1\": {\"a\": 1}\n",
      "'j', line 2: this is no JSON object of questions, each an object of "
        + "items and numbers", nil
    ),
    (
      "{\"q1\": 1}",
      "'j', line 1: this is no JSON object of questions, each an object of items and "
        + "numbers", nil
    ),
    (
      "{\"q1\": {}} x",
      "'j', line 1: this is no JSON object of questions, each an object of items "
        + "and numbers", nil
    ),
  ]

  @Test(arguments: [
    ("q1 Q0 a 1 NaN r", "'r', line 1: a score is a finite number; got 'NaN'"),
    ("q1 Q0 a 1 inf r", "'r', line 1: a score is a finite number; got 'inf'"),
    ("q1 Q0 a 1 1e999 r", "'r', line 1: a score is a finite number; got '1e999'"),
    ("q1 Q0 a 1 0x10 r", "'r', line 1: a score is a finite number; got '0x10'"),
    (
      "q1 Q0 a 1 1 r\nq1 Q0 b 1 1",
      "'r', line 2: an answer has 6 fields: question, Q0, item, rank, score, name; got 5"
    ),
    ("q1 Q0 a 1 1 r\nq1 Q0 a 2 0 r", "'r', line 2: 'a' is listed twice for question 'q1'"),
    ("", "'r': there are no answers; a line says question, Q0, item, rank, score, name"),
    ("{\"q1\": {\"a\": NaN}}", "'r', line 1: 'a' of 'q1' is no number"),
    ("{\"q1\": {\"a\": 1e999}}", "'r', line 1: a score is a finite number; got 'inf'"),
    ("{\"q1\":\n{\"a\": null}}", "'r', line 2: 'a' of 'q1' is no number"),
  ])
  func `a fault in a run is refused with its line`(text: String, message: String) throws {
    let error = try #require(throws: ParallaxError.self) { try run(text, "r") }
    #expect(error.message == message)
  }

  @Test func `what is not UTF-8 is refused`() throws {
    for text in ["q1 0 a\u{FF} 1", "query,item,grade\nq1,a\u{FF},1"] {
      let bytes = text.unicodeScalars.map { UInt8($0.value) }
      let error = try #require(throws: ParallaxError.self) {
        try RecognizedFormat.judgements(bytes, named: "j")
      }
      #expect(error.message.hasSuffix("the text is not UTF-8"))
    }
  }

  @Test func `a long text is cut in a message`() throws {
    let error = try #require(throws: ParallaxError.self) {
      try judgements("q1 0 a " + String(repeating: "x", count: 5_000))
    }
    #expect(error.message.count < 150)
  }

  @Test func `what is written is read again, and by trec_eval`() throws {
    let ids = ["a", "my photo.jpg", "50%!", "\"x\"", "#1", "tab\there", "naïve", "a\u{A0}b", "!20"]
    let run = try Run([
      "q 1": ids.enumerated().map { RankedItem(id: ItemID($1), score: 1 / Double($0 + 3)) },
      "#2": [RankedItem(id: "a", score: 1e-7)],
    ])
    var text = ""
    let escaped = try TRECFormat.write(run, name: "my run") { text += $0 }
    #expect(try self.run(text) == run)
    for line in text.split(separator: "\n") {
      #expect(line.split { $0.isWhitespace }.count == 6 && !line.contains("#"))
      #expect(line.hasSuffix(" my!20run"))
    }
    #expect(
      text.hasPrefix("!232 Q0 a 1 1e-07 my!20run\nq!201 Q0 a 1 0.3333333333333333 my!20run\n"))
    #expect(
      escaped.map(\.id) == [
        "#2", "q 1", "my photo.jpg", "50%!", "\"x\"", "#1", "tab\there", "a\u{A0}b", "!20",
      ])
    #expect(escaped[2].written == "my!20photo.jpg")

    let judgements = Judgements(["q 1": ["my photo": 2, "b": -1], "q2": ["a": 0]])
    var lines = ""
    let others = try TRECFormat.write(judgements) { lines += $0 }
    #expect(lines == "q!201 0 b -1\nq!201 0 my!20photo 2\nq2 0 a 0\n")
    #expect(others.map(\.id) == ["q 1", "my photo"])
    #expect(try self.judgements(lines) == judgements)
  }

  @Test func `written ids have the order of the ids`() {
    let characters = (1...126).map { String(Character(Unicode.Scalar(UInt8($0)))) }
    let ids = characters + characters.map { "a" + $0 } + characters.map { "a" + $0 + "b" } + ["a"]
    let sorted = ids.inByteOrder
    #expect(
      sorted.map { TRECIdentifier($0).written }.inByteOrder
        == sorted.map { TRECIdentifier($0).written })
    for id in ids { #expect(TRECIdentifier.unescaped(TRECIdentifier(id).written) == id) }
    #expect(TRECIdentifier.unescaped("wow!") == "wow!" && TRECIdentifier.unescaped("!zz") == "!zz")
    #expect(TRECIdentifier("\u{FEFF}a").written == "!EF!BB!BFa")
    // Signs are no digits.
    #expect(TRECIdentifier.unescaped("!+1") == "!+1" && TRECIdentifier.unescaped("!-0") == "!-0")
  }

  @Test func `an empty id cannot be written`() throws {
    let error = try #require(throws: ParallaxError.self) {
      _ = try TRECFormat.write(Judgements(["": ["a": 1]])) { _ in }
    }
    #expect(error.message == "the id of a question is empty, which the TREC form cannot say")
    #expect(error.hint == "export as CSV or JSON")
  }

  @Test func `a BEIR folder's lines are read`() throws {
    let text = """
      {"_id": "1", "title": "Birds", "text": "a \\"crow\\"", "metadata": {"url": [1]}}

      {"text": "no title", "_id": "2", "rank": null}
      """
    let records = try BEIRRecord.records(Array(text.utf8), named: "queries.jsonl")
    #expect(records.map(\.id) == ["1", "2"] && records.map(\.title) == ["Birds", ""])
    #expect(records.map(\.text) == ["a \"crow\"", "no title"])
    for (line, message) in [
      ("{\"text\": \"x\"}", "this is no JSON object with the members _id and text"),
      ("[1]", "this is no JSON object with the members _id and text"),
      ("{\"_id\": \"1\"} 2", "this is no JSON object with the members _id and text"),
      ("{\"_id\": \"1\"}", "the id '1' is there twice"),
    ] {
      let error = try #require(throws: ParallaxError.self) {
        try BEIRRecord.records(Array((text + "\n" + line).utf8), named: "q.jsonl")
      }
      #expect(error.message == "'q.jsonl', line 4: \(message)")
    }
  }
}

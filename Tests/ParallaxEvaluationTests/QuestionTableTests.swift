import ParallaxCore
import Testing

@testable import ParallaxEvaluation

@Suite struct QuestionTableTests {
  private func table(_ text: String, named name: String = "q.csv") throws -> QuestionTable {
    try QuestionTable(Array(text.utf8), named: name)
  }

  private func fault(_ text: String, named name: String = "q.csv") -> String? {
    do {
      _ = try table(text, named: name)
      return nil
    } catch { return (error as? ParallaxError)?.message }
  }

  @Test func `a table has terms, weights, tasks and typed metadata`() throws {
    let table = try table(
      #"""
      \#u{FEFF}qid,Text,image,like,weight_text,weight_IMAGE,task,city,year,when
      a,red car,x.jpg,,0.7,-3e-1,RETRIEVAL_QUERY,Rome,2020,2024-05-31
      b,,,"00,412",,,,,,
      \#r
      "c ""d""",two  blanks ,,,,,,Paris,2021,
      """#)
    #expect(table.records.map(\.id) == ["a", "b", "c \"d\""])
    #expect(table.records.map(\.line) == [2, 3, 5])
    #expect(table.records[0].parts == [.text: "red car", .image: "x.jpg"])
    #expect(table.records[0].weights == [.text: 0.7, .image: -0.3])
    #expect(table.records[0].task == "RETRIEVAL_QUERY" && table.records[1].task == nil)
    #expect(table.records[1].parts == [.like: "00,412"])
    #expect(table.records[2].parts == [.text: "two  blanks "])
    #expect(table.columns.map(\.name) == ["city", "year", "when"])
    #expect(table.columns.map(\.kind) == [.text, .integer, .date])
    #expect(table.records[0].fields == ["Rome", 2020, .date("2024-05-31")])
    #expect(table.records[1].fields == [nil, nil, nil])
    #expect(table.textColumn == "Text")
  }

  @Test func `separators are recognised, and ids and texts have other names`() throws {
    let tabs = try table("id\ttext\n1\tred, or blue")
    #expect(tabs.records[0].parts == [.text: "red, or blue"])
    let semicolons = try table("filename;caption_no;caption\na.jpg;0;A child .\n")
    #expect(semicolons.records[0].id == nil)
    #expect(semicolons.records[0].parts == [.text: "A child ."])
    #expect(semicolons.textColumn == "caption")
    #expect(semicolons.columns.map(\.name) == ["filename", "caption_no"])
    let both = try table("text,caption\na,b")
    #expect(both.columns.map(\.name) == ["caption"])
  }

  @Test func `JSON lines are questions, BEIR's among them`() throws {
    let table = try table(
      """
      {"_id": "t1", "text": "what \\"is\\" it", "metadata": {"url": "u", "n": 3}, "tags": ["a"]}

      {"_id": "t2", "text": "x", "like": null, "weight_text": "2", "metadata": {"n": 4.5}, "ok": true}
      """, named: "queries.jsonl")
    #expect(table.records.map(\.id) == ["t1", "t2"])
    #expect(table.records.map(\.line) == [1, 3])
    #expect(table.records[0].parts == [.text: "what \"is\" it"])
    #expect(table.records[1].weights == [.text: 2])
    #expect(table.columns.map(\.name) == ["metadata.url", "metadata.n", "tags", "ok"])
    #expect(table.columns.map(\.kind) == [.text, .real, .text, .boolean])
    #expect(table.records[0].fields == ["u", 3, "[\"a\"]", nil])
    #expect(table.records[1].fields == [nil, 4.5, nil, true])
  }

  @Test(arguments: [
    ("", "'q.csv': there are no questions"),
    ("id,text\n", "'q.csv': there are no questions"),
    ("id,text\na,x\na,y", "'q.csv', line 3: the id 'a' is that of line 2, too"),
    ("id,text\n,x", "'q.csv', line 2: the question has no id"),
    (
      "id,text,image\na,,",
      "'q.csv', line 2: the question asks for nothing: it has no text, image or like"
    ),
    ("id,text\na,\"  \"", "'q.csv', line 2: the text of the question is blank"),
    (
      "id,text,weight_txt\na,x,1",
      "'q.csv', line 1: 'weight_txt' weighs nothing that a question has"
    ),
    (
      "id,text,weight_image\na,x,1",
      "'q.csv', line 1: 'weight_image' has nothing to weigh: there is no column 'image'"
    ),
    (
      "id,text,weight_text\na,x,much",
      "'q.csv', line 2: 'weight_text' takes a number, below 0 to subtract; got 'much'"
    ),
    (
      "id,text,weight_text\na,x,nan",
      "'q.csv', line 2: 'weight_text' takes a number, below 0 to subtract; got 'nan'"
    ),
    ("id,text\na,x,y", "'q.csv', line 2: the row has 3 cells; the header has 2"),
    ("id,text\na,\"x", "'q.csv', line 2: a quote is opened, and not closed where the cell ends"),
    ("id,text,ID\na,x,b", "'q.csv', line 1: two columns are named 'ID'"),
    ("id,qid,text\na,b,x", "'q.csv', line 1: 'id' and 'qid' may both be the id of a question"),
    ("id,,text\na,b,x", "'q.csv', line 1: column 2 has no name"),
    ("id,query\na,x", "'q.csv', line 1: there is no column to ask by; the header has 'id, query'"),
    ("[{\"id\": \"a\"}]", "'q.csv', line 1: this is a JSON array; questions are one object a line"),
    ("{\"id\": \"a\", \"text\": 3}", "'q.csv', line 1: 'text' takes a text; got '3'"),
    (
      "{\"text\": \"a\"}\n{\"text\": ",
      "'q.csv', line 2: this is no JSON object; questions are one object a line"
    ),
    ("{\"text\": \"a\", \"text\": \"b\"}", "'q.csv', line 1: two members are named 'text'"),
  ])
  func `what is wrong is refused with its line`(text: String, message: String) {
    #expect(fault(text) == message)
  }

  @Test func `bytes that are not UTF-8 are refused with their line`() {
    let bytes = Array("id,text\na,x\nb,".utf8) + [0xE9, 0x0A]
    let error = #expect(throws: ParallaxError.self) { try QuestionTable(bytes, named: "q.csv") }
    #expect(error?.message == "'q.csv', line 3: the text is not UTF-8")
  }
}

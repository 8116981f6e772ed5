import ParallaxCore
import ParallaxServer
import ParallaxStorage
import ParallaxTestSupport
import ParallaxWorkbench
import Testing

@testable import ParallaxService

/// Grades that people give on the page.
@Suite struct JudgingTests {
  private static func body(
    _ judge: String, _ question: String, _ item: String, _ grade: String
  ) -> String {
    #"{"judge": "\#(judge)", "question": "\#(question)", "item": "\#(item)", "grade": \#(grade)}"#
  }

  @discardableResult private static func grade(
    _ served: ServedBench, _ judge: String, _ question: String, _ item: String, _ grade: String,
    settles: Bool = false
  ) async throws -> Int? {
    let answer = try await served.json(
      "POST", "/v1/judging/\(settles ? "settled" : "grades")", body(judge, question, item, grade))
    return answer["kept"]?.integer
  }

  /// The grades of a judge, by question and item.
  private static func grades(_ served: ServedBench, _ judge: String) async throws -> [String: Int] {
    let task = try await served.json("GET", "/v1/judging?judge=\(judge)")
    try Shape.judging.check(task)
    return (task["pairs"]?.elements ?? []).reduce(into: [:]) { grades, pair in
      if let grade = pair["grade"]?.integer {
        grades["\(pair["question"]?.string ?? "") \(pair["item"]?.string ?? "")"] = grade
      }
    }
  }

  @Test func `everybody is asked the same, blind, and sees only their own grades`() async throws {
    try await ServedBench.inNewFolder(judging: .init()) { served in
      let task = try await served.json("GET", "/v1/judging?judge=anna")
      try Shape.judging.check(task)
      let pairs = task["pairs"]?.elements ?? []
      #expect(pairs.count == 6)
      #expect(task["questions"]?.elements?.count == 2)
      // Neither a system, nor a score, nor a rank, nor a path.
      #expect(!task.text.contains("secret") && !task.text.contains("0.12"))
      #expect(!task.text.contains("rank") && !task.text.contains(served.folder))
      try await Self.grade(served, "anna", "q1", "b", "3")
      try await Self.grade(served, "anna", "q1", "a", "0")
      try await Self.grade(served, "ben", "q1", "b", "1")
      #expect(try await Self.grades(served, "anna") == ["q1 b": 3, "q1 a": 0])
      #expect(try await Self.grades(served, "ben") == ["q1 b": 1])
      #expect(try await Self.grades(served, "cleo") == [:])
      // The same order, graded or not.
      let again = try await served.json("GET", "/v1/judging?judge=ben")
      let order = { (task: JSONValue) in
        task["pairs"]?.elements?.map { [$0["question"]?.string, $0["item"]?.string] }
      }
      #expect(order(again) == order(task))
      // They are those that the prompt knows.
      let kept = try served.bench.keptJudgements(named: "grades")
      #expect(kept.judges.map(\.name) == ["anna", "ben"])
      #expect(try kept.counted(by: "anna").map(\.grade).sorted() == [0, 3])
    }
  }

  @Test func `a grade is changed and taken back, by whoever comes later, too`() async throws {
    try await ServedBench.inNewFolder(judging: .init()) { served in
      var kept = [
        try await Self.grade(served, "anna", "q2", "c", "2"),
        try await Self.grade(served, "anna", "q2", "c", "1"),
      ]
      #expect(try await Self.grades(served, "anna") == ["q2 c": 1])
      kept.append(try await Self.grade(served, "anna", "q2", "c", "null"))
      #expect(try await Self.grades(served, "anna") == [:])
      kept.append(try await Self.grade(served, "nobody", "q2", "c", "null"))
      #expect(kept == [2, 1, nil, nil])
    }
  }

  @Test(arguments: [
    (body("anna", "q9", "b", "1"), 404, "unknown-name"),
    (body("anna", "q1", "none", "1"), 404, "unknown-name"),
    (body("anna", "q1", "b", "4"), 400, "invalid-value"),
    (body("anna", "q1", "b", "1.5"), 400, "invalid-value"),
    (body("anna", "q1", "b", "\"1\""), 400, "invalid-value"),
    (body("", "q1", "b", "1"), 400, "invalid-value"),
    (body("   ", "q1", "b", "1"), 400, "invalid-value"),
    (body("mini-cross", "q1", "b", "1"), 400, "invalid-value"),
    (body(String(repeating: "x", count: 101), "q1", "b", "1"), 400, "invalid-value"),
    (#"{"judge": "anna", "question": "q1", "item": "b"}"#, 400, "missing-member"),
    (
      #"{"judge": "anna", "question": "q1", "item": "b", "grade": 1, "x": 1}"#, 400,
      "unknown-member"
    ),
  ])
  func `what is no grade is refused, and nothing is kept`(
    body: String, status: Int, code: String
  ) async throws {
    try await ServedBench.inNewFolder(judging: .init()) { served in
      let refusal = try await served.refusal("POST", "/v1/judging/grades", body)
      #expect(refusal.status == status && refusal.code == code, "\(refusal)")
      let sets = try served.bench.workspace.judgementSets()
      #expect(sets.isEmpty)
    }
  }

  @Test func `neither another page nor a form can grade`() async throws {
    try await ServedBench.inNewFolder(judging: .init()) { served in
      let body = Self.body("anna", "q1", "b", "3")
      for fields: [RequestHead.Field] in [
        [.init("Origin", "http://evil.example")], [.init("Sec-Fetch-Site", "cross-site")],
        [.init("Sec-Fetch-Site", "same-site")], [.init("Origin", "null")],
      ] {
        let response = await served.ask("POST", "/v1/judging/grades", body, fields)
        #expect(response.status == 403, "\(fields)")
      }
      for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let response = await served.send(
          "POST", "/v1/judging/grades", Array(body.utf8), type: type)
        #expect(response.status == 415, "\(type)")
      }
      #expect(await served.ask("GET", "/v1/judging/grades").status == 405)
      let sets = try served.bench.workspace.judgementSets()
      #expect(sets.isEmpty)
    }
  }

  @Test func `without judging nothing is there, and a page says how`() async throws {
    try await ServedBench.inNewFolder { served in
      for (method, target) in [
        ("GET", "/v1/judging"), ("GET", "/v1/judging/agreement"),
        ("GET", "/v1/judging/picture?question=q1&part=0"),
      ] {
        #expect(try await served.refusal(method, target).code == "not-found", "\(target)")
      }
      let refusal = try await served.refusal(
        "POST", "/v1/judging/grades", Self.body("anna", "q1", "b", "3"))
      #expect(refusal.status == 404)
      let page = await PageTests.page(served, "/judge", status: 404)
      #expect(page.contains("--judge NAME --run RUN"))
      #expect(!(await PageTests.page(served, "/")).contains("Grade answers"))
    }
  }

  @Test func `agreement and disagreements are those of the prompt, and are settled`() async throws {
    try await ServedBench.inNewFolder(judging: .init()) { served in
      #expect((await PageTests.page(served, "/judgements")).contains("Nobody has graded"))
      for (item, anna, ben) in [("a", "0", "0"), ("b", "3", "0"), ("c", "1", "2")] {
        try await Self.grade(served, "anna", "q1", item, anna)
        try await Self.grade(served, "ben", "q1", item, ben)
      }
      let found = try await served.json("GET", "/v1/judging/agreement")
      try Shape.agreement.check(found)
      let same = try #require(found["agreement"]?.elements?.first)
      #expect(same["measure"]?.string == "same" && same["graded"]?.integer == 3)
      #expect(same["value"]?.number.map { abs($0 - 1.0 / 3) < 1e-12 } == true)
      let apart = found["disagreements"]?.elements ?? []
      #expect(apart.compactMap { $0["item"]?.string } == ["b", "c"])
      #expect(apart[0]["grades"]?["anna"]?.integer == 3)
      // Nobody disagrees about this one.
      let refusal = try await served.refusal(
        "POST", "/v1/judging/settled", Self.body("cleo", "q1", "a", "1"))
      #expect(refusal.code == "unknown-name")
      try await Self.grade(served, "cleo", "q1", "b", "2", settles: true)
      #expect(try served.bench.keptJudgements(named: "grades").counted().map(\.grade) == [0, 2, 1])
      let page = await PageTests.page(served, "/judgements?judge=cleo")
      #expect(page.contains("2 answers, 1 settled") && page.contains("settled: 2"))
      #expect(page.contains("anna 3, ben 0"))
      // Whoever comes later may take it back.
      try await Self.grade(served, "dora", "q1", "b", "null", settles: true)
      #expect(try served.bench.keptJudgements(named: "grades").counted().map(\.grade) == [0, 0, 1])
    }
  }

  @Test func `a question's own pictures are shown, and no other file`() async throws {
    try await ServedBench.inNewFolder(judging: .init()) { served in
      let task = try await served.json("GET", "/v1/judging")
      #expect(task["judge"]?.string == "me")
      let parts = task["questions"]?.elements?.first { $0["id"]?.string == "q2" }?["parts"]
      let pictures = parts?.elements?.compactMap { $0["picture"]?.string } ?? []
      #expect(
        pictures == ["/v1/judging/picture?question=q2&part=0", "/v1/items/c/c/thumbnail?side=640"])
      #expect(parts?.elements?.map { $0["away"]?.boolean } == [false, true])
      for picture in pictures {
        let response = await served.ask("GET", picture)
        #expect(response.status == 200 && response.body.starts(with: [0xFF, 0xD8]), "\(picture)")
      }
      for (question, part) in [("q1", "0"), ("q2", "1"), ("q2", "7"), ("..%2Fq2", "0")] {
        let response = await served.ask(
          "GET", "/v1/judging/picture?question=\(question)&part=\(part)")
        #expect(response.status == 404, "\(question)")
      }
      TestFiles.remove(served.folder + "/in/b.jpg")
      let gone = await served.ask("GET", pictures[0])
      let text = String(decoding: gone.body, as: UTF8.self)
      #expect(gone.status == 404 && !text.contains(served.folder), "\(text)")
    }
  }

  @Test func `words and names of somebody else's are text`() async throws {
    try await ServedBench.inNewFolder(judging: .init(words: ServedBench.hostile)) { served in
      let name = RequestTarget.encoded(ServedBench.hostile)
      let begin = await PageTests.page(served, "/judge")
      #expect(begin.contains("Your name"))
      let page = await PageTests.page(served, "/judge?judge=\(name)")
      #expect(page.contains("<code>judge one two --to grades --pool 20 --by &quot;"))
      for judge in ["anna", name] {
        let judge = judge == "anna" ? judge : ServedBench.hostile
        let body = JSONValue.members([
          "judge": .string(judge), "question": .string("q1"), "item": .string("b"),
          "grade": JSONValue(judge == "anna" ? 3 : 0),
        ]).text
        #expect(await served.ask("POST", "/v1/judging/grades", body).status == 200)
      }
      let text = await PageTests.page(served, "/judgements?judge=\(name)")
      #expect(!text.contains("<script>alert"))
      #expect(text.contains("1 answer, 0 settled"))
    }
  }

  @Test func `a workspace that is open for reading keeps nothing, and says so`() async throws {
    try await ServedBench.inNewFolder(judging: .init()) { served in
      let readOnly = try Workspace(path: served.folder + "/work.parallax", mode: .readOnly)
      let bench = Workbench(workspace: readOnly, providers: served.bench.models.providers)
      defer { bench.close() }
      let desk = JudgingDesk(try #require(served.service.desk?.offer), bench)
      let error = try await #require(throws: ParallaxError.self) {
        try await desk.grade(3, of: "b", for: "q1", by: "anna")
      }
      #expect(error.code == .readOnly && error.code.status == 403)
    }
  }

  @Test func `answers of a collection that is not served are not graded`() async throws {
    try await ServedBench.inNewFolder(servesOther: true, judging: .init()) { served in
      var options = ServiceOptions(
        spaces: served.service.options.spaces.filter { $0.collection.name == "other" })
      options.judging = served.service.options.judging
      let error = try #require(throws: ParallaxError.self) {
        _ = try Service(served.bench, options, policy: served.service.policy) { _ in }
      }
      #expect(error.message.contains("no space of the collection whose items are graded"))
    }
  }
}

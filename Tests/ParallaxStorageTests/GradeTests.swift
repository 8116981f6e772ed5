import ParallaxCore
import ParallaxDigest
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

@Suite struct GradeTests {
  private func grade(
    _ value: Int, _ item: ItemID, _ question: String, _ judge: String, _ kind: Grade.Kind = .person,
    identity: String? = nil
  ) -> Grade {
    Grade(
      value, of: item, for: question, by: judge, kind, at: "2026-11-27T06:00:00Z",
      hash: Digest.sha256("\(item).jpg"), identity: identity)
  }

  private func withSet(
    _ body: (Workspace, JudgementSetRecord) async throws -> Void
  ) async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try await body(
        workspace, try workspace.judgementSet(named: "g", of: photos, at: "2026-11-27T05:00:00Z"))
    }
  }

  @Test func `grades come back whole, a later one in place of an earlier one`() async throws {
    try await withSet { workspace, set in
      let kept = [
        grade(3, "a", "q1", "猫"), grade(0, "b", "q1", "猫"), grade(1, "a", "q1", "ben"),
        grade(2, "a", "q1", "judge:model=x", .model, identity: "gemini/x/prompt=1"),
      ]
      let terms = [
        "q1": [
          JudgedTerm(.text, "red\ncar", weight: 1),
          JudgedTerm(.image, "/a b.jpg", weight: -0.5, hash: Digest.sha256("b")),
          JudgedTerm(.image, "/none.jpg", weight: 1),
          JudgedTerm(.item, "a", weight: 2),
        ]
      ]
      try workspace.keep(kept, in: set, asking: terms)
      #expect(try Set(workspace.grades(in: set)) == Set(kept))
      #expect(try workspace.judgedTerms(in: set) == terms)
      try workspace.keep([grade(1, "a", "q1", "猫")], in: set)
      #expect(try workspace.grades(in: set).count == 4)
      #expect(
        try workspace.grades(in: set).first { $0.judge == "猫" && $0.item == "a" }?.grade == 1)
      try workspace.drop(grade(0, "b", "q1", "猫"), in: set)
      #expect(try workspace.grades(in: set).count == 3)
      #expect(try workspace.check(progress: nil).isEmpty)
    }
  }

  @Test func `what is settled is settled once, beside what was said`() async throws {
    try await withSet { workspace, set in
      try workspace.keep([grade(3, "a", "q1", "anna"), grade(0, "a", "q1", "ben")], in: set)
      try workspace.keep([grade(2, "a", "q1", "anna", .settled)], in: set)
      try workspace.keep([grade(1, "a", "q1", "ben", .settled)], in: set)
      let settled = try workspace.grades(in: set).filter { $0.kind == .settled }
      #expect(settled.map(\.judge) == ["ben"] && settled[0].grade == 1)
      #expect(try workspace.grades(in: set).count == 3)
      #expect(try workspace.gradeCounts(in: set) == [.person: 2, .settled: 1])
      #expect(try workspace.gradeCounts(in: set, of: "ben") == [.person: 1, .settled: 1])
      #expect(try workspace.gradeCounts(in: set, of: "carla").isEmpty)
      #expect(try workspace.dropJudgements(in: set, of: "ben") == 2)
      #expect(try workspace.dropJudgements(in: set) == 1)
      #expect(try workspace.judgementSets().isEmpty)
      #expect(try workspace.check(progress: nil).isEmpty)
    }
  }

  @Test func `a set is of one collection, and outlives it`() async throws {
    try await withSet { workspace, set in
      try workspace.keep([grade(3, "a", "q1", "anna")], in: set)
      let other = try workspace.createCollection(named: "tiles")
      let error = parallaxError {
        try workspace.judgementSet(named: "g", of: other, at: "2026-11-27T05:00:00Z")
      }
      #expect(error?.code == .unsupported && error?.message.contains("'photos'") == true)
      try workspace.dropCollection(named: "photos")
      #expect(try workspace.judgementSet(named: "g") == set)
      #expect(try workspace.grades(in: set).count == 1)
      #expect(try workspace.judgementSet(named: "h") == nil)
    }
  }

  @Test func `a damaged grade is found, never taken for another`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      do {
        let workspace = try Workspace(path: path)
        defer { workspace.close() }
        let photos = try workspace.createCollection(named: "photos")
        let set = try workspace.judgementSet(named: "g", of: photos, at: "x")
        try workspace.keep([grade(3, "a", "q1", "anna"), grade(1, "b", "q1", "anna")], in: set)
      }
      do {
        let connection = try Connection(path: path, access: .write)
        try connection.run("PRAGMA ignore_check_constraints = ON")
        try connection.run("UPDATE grade SET grade = 7 WHERE item = 'a'")
      }
      let workspace = try Workspace(path: path)
      defer { workspace.close() }
      let set = try #require(try workspace.judgementSet(named: "g"))
      #expect(parallaxError { try workspace.grades(in: set) }?.code == .damagedData)
      #expect(
        try workspace.check(progress: nil).last
          == WorkspaceFault(part: "the grades", problem: "a row is not what was stored"))
      try workspace.acceptDamage()
      #expect(try workspace.grades(in: set).map(\.grade) == [1])
      #expect(try workspace.check(progress: nil).isEmpty)
    }
  }
}

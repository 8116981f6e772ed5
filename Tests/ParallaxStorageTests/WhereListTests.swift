import ParallaxConditions
import ParallaxCore
import ParallaxStorage
import ParallaxTestSupport
import Testing

/// Conditions on fields that hold several values of one item.
@Suite struct WhereListTests {
  private static let captions: [String: [String]] = [
    "a": ["A dog runs.", "Two cats"], "b": ["a bird"], "c": [], "d": ["A dog", "a dog", "bird"],
  ]

  private func withLists(
    _ body: (Workspace, ItemCollection) throws -> Void
  ) async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      let sizes: [String: [Value]] = ["a": [3, 10], "b": [5, .written("n/a", as: nil)], "d": [1]]
      for (id, captions) in Self.captions.sorted(by: { $0.key < $1.key }) {
        var values: [String: Value] = ["best": .text(captions.last ?? "none")]
        if !captions.isEmpty { values["caption"] = .list(captions.map(Value.text)) }
        if let sizes = sizes[id] { values["n"] = .list(sizes) }
        try workspace.apply([.insert(item(id, values))], to: photos)
      }
      try workspace.declare(
        [FieldDeclaration(name: "n", kind: .integer, isFixed: true)], in: photos)
      try body(workspace, photos)
    }
  }

  private func ids(
    _ condition: String, _ workspace: Workspace, _ photos: ItemCollection
  ) throws -> String {
    let rows = Set(try workspace.rows(in: photos, matching: WhereExpression(parsing: condition)))
    return try workspace.items(in: photos).filter { rows.contains($0.rowID) }
      .map(\.id.rawValue).joined()
  }

  @Test(
    arguments: [
      ("caption like '%dog%'", "ad"), ("caption not like '%dog%'", "b"),
      ("not caption like '%dog%'", "b"), ("caption = 'a bird' or caption = 'bird'", "bd"),
      ("caption in ('A dog', 'Two cats')", "ad"), ("caption not in ('A dog', 'Two cats')", "b"),
      ("caption != 'bird'", "ab"), ("caption != 'bird' and caption != 'a bird'", "a"),
      ("caption is null", "c"), ("caption is not null", "abd"), ("n > 4", "ab"), ("n <= 3", "ad"),
      ("n between 4 and 9", "b"), ("n not between 4 and 9", "ad"), ("5 < n", "a"), ("n = 5", "b"),
      ("n is null", "c"), ("caption = best", "abd"), ("best = caption and n < 2", "d"),
      ("caption < best", "ad"), ("caption like '%dog%' and n > 4", "a"),
      ("best = 'none' or n = 10", "ac"),
    ])
  func `a condition on a list holds for any element`(
    condition: String, expected: String
  ) async throws {
    try await withLists { workspace, photos in
      // A column that was read before gives the same.
      for _ in 0..<2 {
        let found = try ids(condition, workspace, photos)
        #expect(found == expected)
      }
    }
  }

  @Test func `two lists do not compare`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(
        [.insert(item("a", ["x": .list(["1"]), "y": .list(["1"])]))], to: photos)
      let error = parallaxError {
        try workspace.rows(in: photos, matching: WhereExpression(parsing: "x = y"))
      }
      #expect(error?.code == .typeMismatch)
      #expect(error?.message == "'x' and 'y' hold several values each; they cannot be compared")
      #expect(try ids("x = x", workspace, photos) == "a")
    }
  }

  /// Against a plain loop over the elements.
  @Test(arguments: 0..<10 as Range<UInt64>)
  func `random lists give what a loop gives`(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      var lists: [String: [Int64]] = [:]
      for index in 0..<150 {
        let id = String(1_000 + index)
        lists[id] = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
          Int64.random(in: 0...9, using: &generator)
        }
      }
      try workspace.apply(
        lists.sorted { $0.key < $1.key }.map { id, list in
          .insert(item(id, list.isEmpty ? [:] : ["n": .list(list.map(Value.integer))]))
        }, to: photos)
      for bound in 0...9 as ClosedRange<Int64> {
        let cases: [(String, ([Int64]) -> Bool)] = [
          ("n < \(bound)", { $0.contains { $0 < bound } }),
          ("n = \(bound)", { $0.contains(bound) }),
          ("n != \(bound)", { !$0.isEmpty && !$0.contains(bound) }),
          ("not n < \(bound)", { !$0.isEmpty && !$0.contains { $0 < bound } }),
          ("n in (\(bound), 3)", { $0.contains(bound) || $0.contains(3) }),
        ]
        for (condition, holds) in cases {
          let expected = lists.filter { holds($0.value) }.map(\.key).sorted()
          #expect(try ids(condition, workspace, photos) == expected.joined(), "\(condition)")
        }
      }
    }
  }
}

import ParallaxConditions
import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

/// Values keep the text they were read from, whatever becomes of their field's kind.
@Suite struct WrittenValueTests {
  private func values(_ field: String, _ photos: ItemCollection, _ workspace: Workspace) throws
    -> [String]
  {
    let items = try workspace.items(in: photos)
    return try workspace.metadata(of: items.map(\.rowID), in: photos)
      .map { $0[field]?.plainText ?? "-" }
  }

  private func kind(_ field: String, _ photos: ItemCollection, _ workspace: Workspace) throws
    -> ValueKind?
  {
    try workspace.fieldKinds(in: photos).first { $0.name == field }?.kind
  }

  @Test func `texts outlive the widening of their field`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      let texts = ["1.50", "+5", "9007199254740993", "2024-05-31 12:00", "TRUE"]
      let kinds: [ValueKind] = [.real, .integer, .integer, .date, .boolean]
      for (text, kind) in zip(texts, kinds) {
        let value = try #require(Value(reading: text, as: kind))
        try workspace.apply(
          [.insert(item(text.replacing(" ", with: "_"), ["f": value]))], to: photos)
      }
      #expect(try kind("f", photos, workspace) == .text)
      #expect(try values("f", photos, workspace).sorted() == texts.sorted())
      let rows = try workspace.rows(in: photos, matching: WhereExpression(parsing: "f = '1.50'"))
      #expect(rows.count == 1)
    }
  }

  @Test func `a field that was empty takes the kind of its first values`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.declare([FieldDeclaration(name: "n", kind: nil)], in: photos)
      #expect(try kind("n", photos, workspace) == .text)
      try workspace.declare([FieldDeclaration(name: "n", kind: .integer)], in: photos)
      try workspace.apply(
        [.insert(item("a", ["n": 9])), .insert(item("b", ["n": 10]))], to: photos)
      #expect(try kind("n", photos, workspace) == .integer)
      let rows = try workspace.rows(in: photos, matching: WhereExpression(parsing: "n > 9"))
      #expect(rows.count == 1)
    }
  }

  @Test func `a kind that was chosen stays, and what does not fit keeps its text`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(
        [.insert(item("a", ["n": "7"])), .insert(item("b", ["n": "n/a"]))], to: photos)
      let misfits = try workspace.declare(
        [FieldDeclaration(name: "n", kind: .integer, isFixed: true)], in: photos)
      #expect(misfits == ["n": 1])
      try workspace.apply([.insert(item("c", ["n": "soon"]))], to: photos)
      try workspace.declare([FieldDeclaration(name: "n", kind: .text)], in: photos)
      try workspace.settle(["n"], in: photos)
      #expect(try kind("n", photos, workspace) == .integer)
      #expect(try values("n", photos, workspace) == ["7", "n/a", "soon"])
      for (condition, count) in [("n = 7", 1), ("n is null", 2), ("n is not null", 1)] {
        let rows = try workspace.rows(in: photos, matching: WhereExpression(parsing: condition))
        #expect(rows.count == count, "\(condition)")
      }
      #expect(try workspace.fixedKinds(in: photos) == ["n": .integer])
      let field = try #require(workspace.fields(in: photos).first)
      #expect(field.count == 3 && field.minimum == 7 && field.maximum == 7)
    }
  }

  @Test func `a list keeps its elements in order and gives way to another`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      let first = Value.list(["a dog | runs", "a \\ cat", "1"])
      try workspace.apply([.insert(item("a", ["caption": first])), .insert(item("b"))], to: photos)
      let rows = try workspace.items(in: photos).map(\.rowID)
      #expect(try workspace.metadata(of: rows, in: photos)[0] == ["caption": first])
      #expect(first.plainText == "a dog \\| runs | a \\\\ cat | 1")
      let second = Value.list([2, .written("1.50", as: 1.5)])
      try workspace.apply([.setMetadata("a", ["caption": second])], to: photos)
      #expect(
        try workspace.metadata(of: rows, in: photos)[0] == ["caption": .list(["2", "1.50"])])
      let field = try #require(workspace.fields(in: photos).first)
      #expect(field.isList && field.count == 1 && field.nulls == 1)
      try workspace.apply([.setMetadata("a", ["caption": .null])], to: photos)
      #expect(try workspace.metadata(of: rows, in: photos)[0].isEmpty)
    }
  }

  /// Tables of random texts, one after another, against a model that keeps nothing but the texts.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func `whatever tables come, each text comes back`(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let pools: [[String]] = [
      ["1", "2", "-3", "40", "9007199254740993"], ["1.50", "2.0", ".5", "1e3", "7"],
      ["true", "FALSE", "True"], ["2024-05-31", "2024-05-31 12:00", "2023-01-01T00:00:00Z"],
      ["n/a", "yes", "00412", "+5", "1,5", " x "],
    ]
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      let names = (0..<6).map { "i\($0)" }
      try workspace.apply(names.map { .insert(item($0)) }, to: photos)
      var model: [String: String] = [:]
      for _ in 0..<8 {
        let pool = pools.randomElement(using: &generator) ?? []
        var table: [String: String] = [:]
        for name in names where Bool.random(using: &generator) {
          table[name] = pool.randomElement(using: &generator)
        }
        var inference = KindInference()
        for text in table.values { inference.add(text) }
        try workspace.declare([FieldDeclaration(name: "f", kind: inference.kind)], in: photos)
        try workspace.apply(
          try table.map { name, text in
            let value = try #require(Value(reading: text, as: inference.kind ?? .text))
            return .setMetadata(ItemID(name), ["f": value])
          }, to: photos)
        try workspace.settle(["f"], in: photos)
        model.merge(table) { $1 }
        #expect(try values("f", photos, workspace) == names.map { model[$0] ?? "-" })
        // The kind holds every text, and is text only where no other holds them all.
        let kind = try #require(try kind("f", photos, workspace))
        let fits = model.values.map { KindInference.fits($0) }
        let common: Set<ValueKind> = fits.dropFirst().reduce(fits.first ?? []) {
          $0.intersection($1)
        }
        #expect(kind == .text ? common.isEmpty : common.contains(kind), "\(kind) \(model)")
      }
    }
  }

  @Test(arguments: 1...4)
  func `a workspace of every released schema is brought up to date`(version: Int) async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/old.parallax"
      try old(path, version: version)
      let workspace = try Workspace(path: path)
      defer { workspace.close() }
      let photos = try workspace.collection(named: "photos")
      let rows = try workspace.items(in: photos)
      #expect(rows.map(\.changed) == [nil, nil])
      #expect(
        try workspace.metadata(of: rows.map(\.rowID), in: photos) == [
          [
            "price": 1.5, "ok": true, "meta_Score": 7, "meta_rank": "x", "meta_item.size": "y",
            "meta_id_3": "own", "meta_id": "kept",
          ], ["price": 2],
        ])
      let kinds = try workspace.fieldKinds(in: photos).map { "\($0.name) \($0.kind)" }
      #expect(kinds.first == "price real")
      try workspace.apply([.setMetadata("b", ["price": "n/a"])], to: photos)
      #expect(try values("price", photos, workspace) == ["1.5", "n/a"])
      try workspace.apply([.remove("a")], to: photos)
      #expect(try values("price", photos, workspace) == ["n/a"])
    }
  }

  /// A file as a released version wrote it, with fields named as built-in ones.
  private func old(_ path: String, version: Int) throws {
    let connection = try Connection(path: path, access: .create)
    try Schema(path: path, mode: .readWrite, migrations: Array(Migration.all.prefix(version)))
      .prepare(connection)
    try connection.runScript(
      """
      INSERT INTO collection (id, name, created) VALUES (1, 'photos', '2024-05-31T00:00:00Z');
      INSERT INTO item (id, collection, name, text, path, hash, size, modified) VALUES
        (1, 1, 'a', 'words', '/x/a.jpg', zeroblob(32), 3, 4),
        (2, 1, 'b', NULL, '/x/b.jpg', zeroblob(32), 3, 4);
      INSERT INTO field (id, collection, name, kind) VALUES (1, 1, 'price', 'real'),
        (2, 1, 'ok', 'boolean'), (3, 1, 'id', 'text'), (4, 1, 'Score', 'integer'),
        (5, 1, 'rank', 'text'), (6, 1, 'text', 'text'), (7, 1, 'item.size', 'text'),
        (8, 1, 'meta_id', 'text');
      INSERT INTO metadata (field, item, value) VALUES (1, 1, 1.5), (1, 2, 2), (2, 1, 1),
        (3, 1, 'own'), (4, 1, 7), (5, 1, 'x'), (6, 1, 'words'), (7, 1, 'y'), (8, 1, 'kept');
      """)
  }
}

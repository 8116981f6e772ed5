import ParallaxConditions
import ParallaxCore
import ParallaxDigest
import ParallaxHTTP
import ParallaxPublishing
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

/// One table of conditions, asked of every engine that there is and of the search here.
@Suite struct EngineConditionTests {
  /// A condition.
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var testDescription: String { text }

    init(_ text: String) { self.text = text }
  }

  static let cases: [Case] = [
    // Nothing is known of a comparison with nothing.
    "n = 2", "n != 2", "not n = 2", "n is null", "n is not null", "not (n is null)",
    "n < 3 or n is null",
    "not (n < 3 and city = 'Rome')", "not (n < 3 or city = 'Rome')", "n in (1, 2, 99)",
    "n not in (1, 2, 99)", "not n in (1)", "n between 2 and 4", "n not between 2 and 4",
    "not (n between 2 and 4)", "n between 4 and 2", "3 < n", "3 = n", "n < 2.5", "n >= 2.5",
    "n = 2.0",
    "n = 2.5", "n != 2.5", "n > 1e300", "n < 1e300", "n in (2.0, 2.5)",
    // Whole numbers beyond those that real ones hold.
    "big = 9007199254740993", "big = 9007199254740992", "big > 9007199254740992",
    "big >= 9007199254740993", "big < 9007199254740993.0", "big = 9223372036854775807",
    "big in (9007199254740993, 1)", "price = 9007199254740993", "price <= 9007199254740993",
    "price > 9007199254740993", "price = 9007199254740992", "price > 0.1", "price = 0.1",
    "price >= 1",
    "price between 0 and 1", "price != 1", "price in (0.1, 1, 9007199254740993)",
    // Texts by their bytes.
    "city = 'Rome'", "city = 'rome'", "city != 'Rome'", "city > 'Rome'", "city < 'a'",
    "city >= 'Zürich'",
    "city in ('Rome', 'Zürich', '')", "city = ''", "city between 'A' and 'Z'", "code = '10'",
    "code < '9'", "code = '010'", "'Rome' = city",
    // Patterns.
    "city like 'r%'", "city like '%ME'", "city like 'R_me'", "city like '%ü%'",
    "city like 'Z_rich'",
    "city like 'zÜrich'", "city not like 'r%'", "not (city like 'r%')", "city like '100\\%'",
    "city like '%'",
    "city like ''", "day like '2024-%'", "city like '%''%'", "city like '%\\%'",
    // Dates as texts that order as they do.
    "day = '2024-05-31'", "day > '2024-05-31'", "day >= '2024-05-31T12:00:00'", "day < '2024'",
    "day >= '2024'",
    "day < '2024-06'", "day between '2024-01-01' and '2024-05-31T12:00:00'",
    "day in ('2024-05-31', '2023-01-01')", "day is null", "not (day > '2024-05-31')",
    // True and false.
    "ok", "not ok", "ok = true", "ok != true", "ok = false", "ok in (true, false)", "ok is null",
    "ok or n = 1",
    "not (ok and n = 1)",
    // Several values of an item.
    "tags = 'red'", "tags != 'red'", "not (tags = 'red')", "tags in ('red', 'blue')",
    "tags not in ('red')",
    "tags like 'b%'", "tags not like 'b%'", "tags is null", "tags is not null", "tags > 'green'",
    "tags between 'b' and 'h'", "sizes > 3", "sizes < 3", "not sizes > 3",
    "sizes = 2 and sizes = 5",
    "sizes between 3 and 4", "sizes != 5", "sizes in (2.5, 5)",
    // Two fields.
    "n = big", "n < price", "n >= price", "n = price", "big = price", "big < price",
    "not (n < price)",
    "city = code", "city < code", "n between 1 and price",
    // What every item has.
    "id = 'c'", "id > 'c'", "item.id in ('a', 'b')", "width > 3", "width is null",
    "format = 'jpeg'", "height = width",
    "size >= 4", "text like '%shoe%'", "text is null", "item.width < 4",
    // Constants.
    "1 = 1", "1 > 2 or n = 1", "'a' < 'b' and n = 2", "true", "false or ok", "not true", "1 = 1.0",
    "2 in (1, 2) and n = 1", "9007199254740993 = 9007199254740992.0",
    // Names that need quotes.
    "\"two words\" = 1", "\"Two Words\" = 2", "\"embedding\" = 3", "\"quo\"\"te\" is not null",
  ].map(Case.init)

  static let rows: [(id: String, values: [String: Value])] = [
    (
      "a",
      [
        "n": 1, "big": 1, "price": 0.1, "city": "Rome", "code": "10", "day": .date("2024-05-31"),
        "ok": true,
        "tags": .list(["red", "blue"]), "sizes": .list([2, 5]), "two words": 1, "quo\"te": "x",
      ]
    ),
    (
      "b",
      [
        "n": 2, "big": 9_007_199_254_740_993, "price": 9_007_199_254_740_992.0, "city": "rome",
        "code": "9",
        "day": .date("2024-05-31T12:00:00"), "ok": false, "tags": .list(["green"]),
        "sizes": .list([3]),
        "Two Words": 2,
      ]
    ),
    (
      "c",
      [
        "n": 3, "big": 9_007_199_254_740_992, "price": 9_007_199_254_740_994.0, "city": "Zürich",
        "code": "010",
        "day": .date("2024-05-31T12:00:00Z"), "ok": true, "tags": .list(["blue"]), "embedding": 3,
      ]
    ),
    (
      "d",
      [
        "n": 4, "big": 9_223_372_036_854_775_807, "city": "", "day": .date("2023-01-01"),
        "sizes": .list([1]),
      ]
    ),
    ("e", ["price": 1.0, "city": "100%", "code": "100%", "day": .date("2025-01-01"), "ok": false]),
    ("f", ["n": 1, "big": 2, "price": 1.0, "city": "it's", "tags": .list(["Red"])]),
    ("g", [:]),
  ]

  /// What is published to be asked the conditions.
  static func withSpace(
    transport: any HTTPTransport = TextVectors(answers: [:]), partition: String? = nil,
    _ body: (PublishedBench) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      let workspace = try Workspace(path: folder + "/work.parallax")
      let collection = try workspace.createCollection(named: "photos")
      let kinds: [(String, ValueKind, Bool)] = [
        ("n", .integer, false), ("big", .integer, false), ("price", .real, false),
        ("city", .text, false),
        ("code", .text, false), ("day", .date, false), ("ok", .boolean, false),
        ("tags", .text, true),
        ("sizes", .integer, true), ("two words", .integer, false), ("Two Words", .integer, false),
        ("embedding", .integer, false), ("quo\"te", .text, false),
      ]
      try workspace.declare(
        kinds.map { FieldDeclaration(name: $0, kind: $1, isFixed: true, isList: $2) },
        in: collection)
      try workspace.apply(
        rows.enumerated().map { place, row in
          .insert(
            NewItem(
              id: ItemID(row.id),
              file: FileState(
                path: "/photos/\(row.id).jpg", hash: Digest.sha256(row.id), size: Int64(place),
                modified: 0, width: place == 6 ? nil : place, height: place == 2 ? 2 : 9,
                format: place % 2 == 0 ? "jpeg" : "png"),
              text: place == 1 ? "A red Shoe" : nil, metadata: row.values))
        }, to: collection)
      let spec = EmbeddingSpec(
        provider: "test", model: "drawn", version: "1", dimension: 3, preprocessing: "none")
      let space = try workspace.createSpace(named: "base", in: collection, spec: spec)
      try workspace.append(
        workspace.items(in: collection).enumerated().map { place, item in
          StoredVector(
            item: item.rowID, hash: item.hash, vector: [Float(place) / 10, 1, 0])
        }, to: space)
      let bench = PublishedBench.bench(workspace, [:], transport)
      defer { bench.close() }
      try await body(
        PublishedBench(folder: folder, bench: bench, space: space, partition: partition))
    }
  }

  /// Asks all conditions here and there.
  ///
  /// - Returns: those that the engine refused to be asked, in their order.
  static func compare(_ bench: PublishedBench, at address: String) async throws -> [String] {
    var refused: [String] = []
    for condition in cases {
      var query = Query(like: "a")
      query.condition = try WhereExpression(parsing: condition.text)
      let here = Set(try await bench.answerHere(query).ids)
      do {
        let there = Set(try await bench.answer(query, on: address).ids)
        #expect(there == here, "\(condition.text)")
      } catch let error as ParallaxError {
        #expect(error.code == .unsupported, "\(condition.text): \(error)")
        #expect(error.parameter?.name == "where")
        refused.append(condition.text)
      }
    }
    return refused
  }

  @Test(
    .enabled(if: PostgresServer.installation != nil, "\(PostgresServer.comment)"),
    arguments: [nil, "everything"])
  func `PostgreSQL says what is said here`(partition: String?) async throws {
    let server = try await PostgresServer.shared()
    let address = server.address(try await server.database())
    if let partition {
      // Its columns have the names of the fields and other types.
      try await PublishedBench.inNewFolder(count: 3, dimension: 3, collection: "others") { other in
        try other.workspace.apply(
          [
            .setMetadata(
              PublishedBench.id(0),
              ["n": 0.5, "big": "x", "tags": 3, "ok": .list([1, 2]), "day": 4, "city.text": 1])
          ], to: other.space.collection)
        try await other.publish(to: address) { $0.options[.partition] = partition }
      }
    }
    try await Self.withSpace(partition: partition) { bench in
      for index in ["none", "hnsw"] {
        try await bench.publish(to: address) { $0.options[.index] = index }
        #expect(try await Self.compare(bench, at: address) == [])
      }
    }
  }
}

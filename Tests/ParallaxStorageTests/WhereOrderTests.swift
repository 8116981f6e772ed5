import ParallaxConditions
import ParallaxCore
import ParallaxStorage
import Testing

/// Places of items in an order, and conditions on rows that are about items.
@Suite struct WhereOrderTests {
  private static func photos(
    _ body: (Workspace, ItemCollection) throws -> Void
  ) async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(Photo.all.map { .insert($0.item) }, to: photos)
      try body(workspace, photos)
    }
  }

  @Test(arguments: [
    // Equal ones share a place, and what is missing comes last.
    ("year", "d:0 b:1 f:1 a:2 e:3 c:6"), ("year asc", "e:0 a:1 b:2 f:2 d:3 c:6"),
    ("score", "e:0 f:1 c:2 a:3 b:4 d:6"), ("city asc", "d:0 a:1 b:2 f:3 e:4 c:6"),
    ("\"taken at\" asc", "a:0 b:1 e:2 c:6 d:6 f:6"), ("published", "a:0 d:0 b:1 f:1 c:6 e:6"),
    ("width", "b:0 a:1 e:1 f:2 c:6 d:6"), ("id", "f:0 e:1 d:2 c:3 b:4 a:5"),
    ("city = 'Rome'", "b:0 a:1 d:1 e:1 f:1 c:2"), ("city is null", "c:0 a:1 b:1 d:1 e:1 f:1"),
  ])
  func `items have their place in an order`(text: String, wanted: String) async throws {
    try await Self.photos { workspace, photos in
      let order = try WhereOrder(parsing: text)
      try workspace.check(order, in: photos)
      let places = try workspace.places(in: photos, by: order)
      let items = try workspace.items(in: photos)
      let shown = items.map { (place: places[$0.rowID] ?? -1, id: $0.id.rawValue) }
        .sorted { ($0.place, $0.id) < ($1.place, $1.id) }.map { "\($0.id):\($0.place)" }
      #expect(shown.joined(separator: " ") == wanted)
    }
  }

  @Test func `an order on what is not there is refused where it stands`() async throws {
    try await Self.photos { workspace, photos in
      let order = try WhereOrder(parsing: "yaer asc")
      for error in [
        parallaxError { try workspace.places(in: photos, by: order) },
        parallaxError { try workspace.check(order, in: photos) },
      ] {
        #expect(error?.message == "unknown field 'yaer' in --keep")
        #expect(error?.hint == "did you mean 'year'?" && error?.location?.range == 0..<4)
      }
    }
  }

  @Test(arguments: [
    ("mark = 'x'", [0, 3]), ("mark = 'x' and year = 2020", [0]), ("weight > 0.5", [1, 3]),
    ("weight is null", [2]), ("is_good", [1]), ("not is_good", [0, 2, 3]),
    ("number between 2 and 3", [1, 2]),
    // A column stands before the field of its name.
    ("city = 'own'", [0, 1, 2, 3]), ("tags = 'old'", [0, 2]), ("tags != 'old'", [1]),
  ])
  func `rows fulfil conditions on their columns and on the fields of their items`(
    text: String, wanted: [Int]
  ) async throws {
    try await Self.photos { workspace, photos in
      try workspace.apply(
        [
          .setMetadata("b", ["tags": .list([.text("new"), .text("old")])]),
          .setMetadata("a", ["tags": .list([.text("new"), .text("red")])]),
        ], to: photos)
      let items = try workspace.items(in: photos)
      let rows = ["b", "a", "b", "c"].compactMap { id in items.first { $0.id.rawValue == id }?.rowID
      }
      let gone = ItemRecord.RowID(rawValue: 1_000_000)
      let columns: [Workspace.RowColumn] = [
        .init("mark", .text, ["x", "y", "", "x", "x"]),
        .init("weight", .real, [0.5, 2, nil, 0.75, 9]),
        .init("is_good", .boolean, [false, true, false, false, true]),
        .init("number", .integer, [1, 2, 3, 4, 2]),
        .init("city", .text, ["own", "own", "own", "own", "own"]),
      ]
      let places = try workspace.places(
        of: rows + [gone], in: photos, matching: try WhereExpression(parsing: text),
        besides: columns)
      #expect(places == wanted)
    }
  }

  @Test(
    arguments: [
      ("day >= '2024-01-02'", [1, 3]), ("day is null", [2]), ("day < '2024-01'", [0]),
      ("tags = 'b'", [0, 3]), ("tags = 'b' and day >= '2024'", [3]), ("tags is null", [2]),
      ("price > 1.4", [1]),
    ])
  func `columns alone hold dates, lists, and values as they were written`(
    text: String, wanted: [Int]
  ) throws {
    let columns: [Workspace.RowColumn] = [
      .init(
        "day", .date,
        [.date("2023-12-31"), .date("2024-01-02T10:00:00Z"), .null, .date("2024-05-01")]),
      .init("tags", .text, [.list(["a", "b"]), "a", .null, .list(["b"])]),
      .init("price", .real, [1, .written("1.50", as: 1.5), .null, .null]),
    ]
    #expect(
      try Workspace.places(
        among: 4, of: columns, matching: try WhereExpression(parsing: text)) == wanted)
  }

  @Test func `kinds of columns are checked`() async throws {
    try await Self.photos { workspace, photos in
      let expression = try WhereExpression(parsing: "mark > 3")
      let error = parallaxError {
        try workspace.check(
          expression, in: photos, besides: ["mark": WhereField(kind: .text, isList: false)])
      }
      #expect(error?.message.contains("'mark' holds texts") == true)
      #expect(parallaxError { try workspace.check(expression, in: photos) }?.code == .unknownField)
    }
  }
}

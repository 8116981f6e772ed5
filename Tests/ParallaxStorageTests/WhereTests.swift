import ParallaxConditions
import ParallaxCore
import ParallaxStorage
import ParallaxTestSupport
import Testing

/// An item of the where tests, held in Swift to evaluate expressions independently of SQL.
struct Photo: Sendable {
  var id: String
  var year: Int64?
  var score: Double?
  var city: String?
  var taken: String?
  var published: Bool?
  var width: Int?
  var caption: String?

  static let all: [Photo] = [
    Photo(
      id: "a", year: 2019, score: 0.5, city: "Paris", taken: "2019-05-01", published: true,
      width: 640, caption: "a red car"),
    Photo(
      id: "b", year: 2020, score: -1.25, city: "Rome", taken: "2020-12-31T23:59:59",
      published: false, width: 1024, caption: "100% night"),
    Photo(id: "c", year: nil, score: 2020, city: nil, taken: nil, published: nil, width: nil),
    Photo(id: "d", year: 2021, score: nil, city: "O'Hara", published: true, caption: ""),
    Photo(id: "e", year: -3, score: 1e6, city: "paris", taken: "2021-01-01", width: 640),
    Photo(id: "f", year: 2020, score: 2020.5, city: "Zürich 猫", published: false, width: 1),
  ]

  var item: NewItem {
    let metadata: [String: Value] = [
      "year": year.map(Value.integer) ?? .null, "score": score.map(Value.real) ?? .null,
      "city": Value(city), "taken at": taken.map(Value.date) ?? .null,
      "published": published.map(Value.boolean) ?? .null,
    ]
    return NewItem(
      id: ItemID(id), file: file("\(id).jpg", width: width), text: caption, metadata: metadata)
  }
}

/// A condition and what it should say of a photo: true, false or unknown.
struct WhereCase: Sendable, CustomTestStringConvertible {
  let expression: String
  let isTrue: @Sendable (Photo) -> Bool

  init(_ expression: String, _ isTrue: @escaping @Sendable (Photo) -> Bool) {
    self.expression = expression
    self.isTrue = isTrue
  }

  var testDescription: String { expression }

  static let all: [WhereCase] = [
    .init("year >= 2020") { $0.year.map { $0 >= 2020 } ?? false },
    .init("year >= 2020 and city in ('Paris', 'Rome')") { $0.id == "b" },
    .init("NOT year = 2020") { $0.year.map { $0 != 2020 } ?? false },
    .init("year <> 2020 or year is null") { $0.year != 2020 },
    .init("year != 2020") { $0.year != nil && $0.year != 2020 },
    .init("not (year > 2000 or year < 0)") { _ in false },
    .init("2020<=year") { $0.year.map { $0 >= 2020 } ?? false },
    .init("year = 2020.0") { $0.year == 2020 },
    .init("year=-3") { $0.year == -3 },
    .init("year < score") { photo in
      guard let year = photo.year, let score = photo.score else { return false }
      return Double(year) < score
    },
    .init("score between -2 and .5") { $0.id == "a" || $0.id == "b" },
    .init("score not between -2 and 0.5") { ["c", "e", "f"].contains($0.id) },
    .init("score = 1e6") { $0.id == "e" },
    .init("score > +2019.99") { ["c", "e", "f"].contains($0.id) },
    .init("city = 'Paris'") { $0.city == "Paris" },
    .init("city = 'O''Hara'") { $0.city == "O'Hara" },
    .init("city >= 'Z'") { $0.id == "e" || $0.id == "f" },
    .init("city not in ('Paris')") { $0.city != nil && $0.city != "Paris" },
    .init("city like 'par%'") { ["a", "e"].contains($0.id) },
    .init("city like '_ome'") { $0.id == "b" },
    .init("city like '%猫'") { $0.id == "f" },
    .init("city not like '%a%'") { $0.id == "b" || $0.id == "f" },
    .init("city is null") { $0.city == nil },
    .init("city is not null") { $0.city != nil },
    .init("published") { $0.published == true },
    .init("not published") { $0.published == false },
    .init("published = false") { $0.published == false },
    .init("published != TRUE and year = 2020") { $0.id == "b" || $0.id == "f" },
    .init("published in (true, false)") { $0.published != nil },
    .init("\"taken at\" >= '2020'") { $0.id == "b" || $0.id == "e" },
    .init("\"taken at\" < '2020-06'") { $0.id == "a" },
    .init("'2020-06' > \"taken at\"") { $0.id == "a" },
    .init("\"taken at\" = '2021-01-01'") { $0.id == "e" },
    .init("\"taken at\" between '2019' and '2020-12-31T23:59:59'") { ["a", "b"].contains($0.id) },
    .init("\"taken at\" like '2019-%'") { $0.id == "a" },
    .init("\"taken at\" = '2020-12-31 23:59:59'") { $0.id == "b" },
    .init("\"taken at\" in ('2020-12-31t23:59:59')") { $0.id == "b" },
    .init("\"taken at\" < '2019-05-01 00:00'") { $0.id == "a" },
    .init("\"taken at\" between '2019-05-01' and '2020-12-31 23:59:59'") {
      ["a", "b"].contains($0.id)
    },
    .init("width = 640 and item.height = 1280") { $0.width == 640 },
    .init("item.width > 640") { $0.id == "b" },
    .init("width is null") { $0.width == nil },
    .init("id in ('a', 'c')") { ["a", "c"].contains($0.id) },
    .init("path like '%.jpg' and format = 'jpeg' and size = 5") { _ in true },
    .init("text = ''") { $0.id == "d" },
    .init("text like '100%'") { $0.id == "b" },
    .init("true") { _ in true },
    .init("1 = 1.0 and 'a' < 'b'") { _ in true },
    .init("false or not true") { _ in false },
    .init("((((year = 2020))))") { $0.year == 2020 },
    .init("year=2019 or year=2020 and city='Rome'") { $0.id == "a" || $0.id == "b" },
    .init("(year=2019 or year=2020) and city='Rome'") { $0.id == "b" },
    .init("not not year = 2019") { $0.id == "a" },
  ]
}

@Suite struct WhereTests {
  @Test(arguments: WhereCase.all)
  func `an expression finds what it says`(_ example: WhereCase) async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(Photo.all.map { .insert($0.item) }, to: photos)
      let ids = try workspace.ids(in: photos, matching: example.expression)
      #expect(ids == Photo.all.filter { example.isTrue($0) }.map(\.id))
    }
  }

  @Test func `a metadata field hides the built-in one of its name`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      let narrow = NewItem(id: "a", file: file("a.jpg", width: 640), metadata: ["width": "narrow"])
      try workspace.apply([.insert(narrow)], to: photos)
      #expect(try workspace.ids(in: photos, matching: "width = 'narrow'") == ["a"])
      #expect(try workspace.ids(in: photos, matching: "\"width\" = 'narrow'") == ["a"])
      #expect(try workspace.ids(in: photos, matching: "item.width = 640") == ["a"])
    }
  }

  @Test func `another collection's items and fields stay out`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      let art = try workspace.createCollection(named: "art")
      try workspace.apply([.insert(item("a", ["year": 2020]))], to: photos)
      try workspace.apply([.insert(item("a", ["year": "unknown"]))], to: art)
      #expect(try workspace.ids(in: photos, matching: "year = 2020") == ["a"])
      #expect(try workspace.ids(in: art, matching: "year like 'un%'") == ["a"])
    }
  }

  @Test func `text never becomes SQL`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      let evil = "x'; DROP TABLE item; --"
      try workspace.apply([.insert(item("a", ["city": .text(evil), "a\" = 1 --": 1]))], to: photos)
      let literal = "city = 'x''; DROP TABLE item; --'"
      #expect(try workspace.ids(in: photos, matching: literal) == ["a"])
      #expect(try workspace.ids(in: photos, matching: "\"a\"\" = 1 --\" = 1") == ["a"])
      #expect(
        try workspace.ids(in: photos, matching: "city = '\(String(repeating: "%", count: 9))'")
          == [])
    }
  }

  @Test func `long chains and long lists are taken, deep nests refused`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(Photo.all.map { .insert($0.item) }, to: photos)
      let chain = (0..<5_000).map { "year = \($0)" }.joined(separator: " or ")
      #expect(try workspace.ids(in: photos, matching: chain) == ["a", "b", "d", "f"])
      let list = (0..<20_000).map(String.init).joined(separator: ", ")
      #expect(try workspace.ids(in: photos, matching: "year in (\(list))") == ["a", "b", "d", "f"])
      for depth in [25, 31, 100_000] {
        let nest =
          String(repeating: "not (", count: depth) + "published"
          + String(repeating: ")", count: depth)
        let error = parallaxError { try workspace.ids(in: photos, matching: nest) }
        #expect(error?.code == .whereSyntax)
      }
    }
  }

  @Test func `a filter aligns with the rows of a loaded space`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(Photo.all.map { .insert($0.item) }, to: photos)
      let space = try workspace.createSpace(named: "base", in: photos, spec: spec(dimension: 1))
      for (index, id) in ["f", "d", "b", "a"].enumerated() {
        try workspace.append(id, [Float(index)], to: space)
      }
      let loaded = try workspace.load(space)
      #expect(loaded.ids == ["a", "b", "d", "f"])
      let rows = try workspace.rowSet(in: loaded, matching: WhereExpression(parsing: "year = 2020"))
      #expect(rows == RowSet(capacity: 4, rows: [1, 3]))
    }
  }
}

extension Workspace {
  /// The ids that an expression finds, ascending.
  func ids(in collection: ItemCollection, matching text: String) throws -> [String] {
    let rows = try rows(in: collection, matching: WhereExpression(parsing: text))
    return try items(in: collection).filter { rows.contains($0.rowID) }.map(\.id.rawValue)
  }
}

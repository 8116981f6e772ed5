import ParallaxConditions
import ParallaxCore
import Testing

@testable import ParallaxPublishing

@Suite struct PostgresEngineTests {
  private static func settled(
    _ given: [EngineOption: String], _ dimension: Int = 768
  ) throws -> String {
    try PostgresEngine.settled(EngineOptions(given), over: nil, dimension: dimension).text
  }

  @Test func optionsHaveUsualValues() throws {
    #expect(try Self.settled([:]) == "type=vector index=hnsw m=16 ef-construction=64")
    #expect(try Self.settled([.index: "ivfflat"]) == "type=vector index=ivfflat lists=100")
    #expect(try Self.settled([.index: "none"], 16_000) == "type=vector index=none")
    #expect(
      try Self.settled([.type: "halfvec"], 4_000)
        == "type=halfvec index=hnsw m=16 ef-construction=64")
  }

  @Test(
    arguments: [
      ([EngineOption: String](), 2_001, "index", "--type halfvec takes up to 4000"),
      ([.type: "halfvec"], 4_001, "index", "--index none"),
      ([.index: "none"], 16_001, nil, "'project'"),
      ([.index: "hnsw", .lists: "5"], 8, "lists", nil),
      ([.index: "none", .connectivity: "5"], 8, "m", nil),
      ([.connectivity: "40"], 8, "ef-construction", nil), ([.type: "bit"], 8, "type", nil),
      ([.index: "flat"], 8, "index", nil), ([.shards: "2"], 8, "shards", "it takes --type"),
    ] as [([EngineOption: String], Int, String?, String?)])
  func whatDoesNotGoTogetherIsNamed(
    given: [EngineOption: String], dimension: Int, parameter: String?, hint: String?
  ) {
    let error = #expect(throws: ParallaxError.self) { try Self.settled(given, dimension) }
    #expect(error?.code == .unsupported)
    #expect(error?.parameter?.name == parameter)
    if let hint { #expect(error?.hint?.contains(hint) == true) }
  }

  @Test func valuesAreParameters() throws {
    let schema = EngineSchemaTests.schema
    let expression = try WhereExpression(
      parsing: "city = 'x''; drop table t; --' and not (city like '%A_') or item.width in (1, 2)")
    let node = try expression.checked { name in
      WhereField(kind: name == "city" ? .text : .integer, isList: false)
    }
    let filter = PostgresFilter(
      try EngineFilter(node, in: schema, current: schema.fields), PostgresColumns(schema.fields),
      after: [])
    #expect(
      filter.sql == """
        ((("city" = $1) AND ("city" IS NOT NULL AND NOT (lower("city" COLLATE "C") \
        LIKE $2 ESCAPE ''))) OR ("item.width" = ANY ($3)))
        """)
    #expect(!filter.sql.contains("drop"))
    #expect(filter.parameters.map(\.type) == [25, 25, 1016])
    #expect(filter.parameters[1].bytes == Array("%a_".utf8))
  }

  @Test func columnsHaveNamesOfTheirOwn() {
    let long = String(repeating: "x", count: 64)
    let fields = ["checksum", "a\"b", long, "ctid"].map {
      EngineField(name: $0, kind: .text, isList: false)
    }
    let columns = PostgresColumns(fields)
    #expect(
      fields.map { columns.name(of: $0) } == [
        "\"field_1\"", "\"a\"\"b\"", "\"field_3\"", "\"field_4\"",
      ])
    let near = ["field_2", "ctid", "field_2_"].map {
      EngineField(name: $0, kind: .text, isList: false)
    }
    #expect(
      near.map { PostgresColumns(near).name(of: $0) }
        == ["\"field_2\"", "\"field_2__\"", "\"field_2_\""])
  }

  @Test func sharedColumnsAreFoundAgain() {
    let fields: [EngineField] = [
      .init(name: "n", kind: .text, isList: false), .init(name: "day", kind: .date, isList: false),
      .init(name: "tags", kind: .text, isList: true),
      .init(name: "collection", kind: .integer, isList: false),
      .init(name: "ctid", kind: .real, isList: false),
      .init(name: "new", kind: .real, isList: false),
      .init(name: "price", kind: .real, isList: false),
      .init(name: "price.real", kind: .text, isList: false),
    ]
    let types = ["n": "bigint", "day": "text", "tags": "text", "price": "bigint"]
    let columns = PostgresColumns(fields, sharing: types)
    let names = fields.map { columns.plainName(of: $0) ?? "" }
    #expect(
      names.dropLast(2) == [
        "n.text", "day", "tags.text.list", "collection.integer", "ctid.real", "new",
      ])
    #expect(names[6].hasPrefix("field_") && names[7] == "price.real")
    // Once they are there, and in another order, they are the same.
    var known = types
    for field in fields {
      known[columns.plainName(of: field) ?? ""] = PostgresColumns.plainType(of: field)
    }
    let again = PostgresColumns(fields.reversed(), sharing: known)
    #expect(fields.map { again.plainName(of: $0) ?? "" } == names)
    #expect(columns.name(of: .id) == "\"item_id\"")
  }

  @Test func aFieldThatChangedIsRefused() throws {
    let schema = EngineSchemaTests.schema
    let text = WhereField(kind: .text, isList: false)
    let node = try WhereExpression(parsing: "city = 'x'").checked { _ in text }
    for (kind, isList) in [(ValueKind.integer, false), (.text, true)] {
      var current = schema.fields
      current[1] = EngineField(name: "city", kind: kind, isList: isList)
      let error = #expect(throws: ParallaxError.self) {
        try EngineFilter(node, in: schema, current: current)
      }
      #expect(error?.message.contains("'city' was published as text") == true)
    }
    // A new field that hides what every item has.
    let wide = try WhereExpression(parsing: "width = 'x'").checked { _ in text }
    var published = schema
    published.fields.removeLast()
    #expect(throws: ParallaxError.self) {
      try EngineFilter(wide, in: published, current: schema.fields)
    }
  }
}

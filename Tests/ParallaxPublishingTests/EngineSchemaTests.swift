import ParallaxCore
import Testing

@testable import ParallaxPublishing

@Suite struct EngineSchemaTests {
  static let schema = EngineSchema(
    name: "t", collection: "photos", space: "base", identity: "model=m;version=1", dimension: 2,
    similarity: .cosine, options: EngineOptions([.type: "vector"]),
    fields: [
      EngineField(name: "item.width", kind: .integer, isList: false),
      EngineField(name: "city", kind: .text, isList: false),
      EngineField(name: "width", kind: .text, isList: false),
    ], publisher: "one")

  @Test(arguments: [
    ("photos", "base", "photos_base"), ("My-Photos", "b.2", "my_photos_b_2"),
    ("2024", "base", "p_2024_base"), ("Fotos Übersee", "a", "fotos__bersee_a_bbe71d05"),
    ("été", "base", "p__t__base_a9be7c74"), ("_x", "a", "p__x_a"),
  ])
  func usualNamesAreWords(collection: String, space: String, name: String) throws {
    let usual = EngineSchema.usualName(collection: collection, space: space)
    #expect(usual == name)
    try EngineSchema.check(name: usual)
  }

  @Test func longNamesStayApart() throws {
    let long = String(repeating: "a", count: 80)
    let names = ["b", "c"].map { EngineSchema.usualName(collection: long, space: $0) }
    #expect(names[0] != names[1])
    for name in names { try EngineSchema.check(name: name) }
  }

  @Test(arguments: ["", "1a", "a-b", "a b", "\"a", String(repeating: "a", count: 49)])
  func otherNamesAreRefused(name: String) {
    #expect(throws: ParallaxError.self) { try EngineSchema.check(name: name) }
  }

  @Test func aFieldHidesWhatEveryItemHas() {
    #expect(Self.schema.field(named: "width")?.kind == .text)
    #expect(Self.schema.field(named: "item.width")?.kind == .integer)
    #expect(Self.schema.field(named: "id") == .id)
    #expect(Self.schema.field(named: "path") == nil)
  }

  @Test func whatIsNotedIsRead() {
    #expect([EngineField](json: Self.schema.fields.json) == Self.schema.fields)
    #expect([EngineField](json: "[{\"name\":\"a\",\"kind\":\"other\"}]") == nil)
    let options = EngineOptions([.index: "hnsw", .connectivity: "8"])
    #expect(options.text == "index=hnsw m=8")
    #expect(EngineOptions(text: options.text + " future=1") == options)
  }

  @Test func checksumsTellRowsApart() {
    func sum(
      _ item: String = "a", _ vector: [Float] = [1, 2], _ values: [Value] = [1, "x", nil],
      _ schema: EngineSchema = Self.schema
    ) -> Int64 {
      PointChecksum(schema).value(item: ItemID(item), vector: vector[...], values: values)
    }
    var other = Self.schema
    other.fields[1].kind = .date
    let sums = [
      sum(), sum("b"), sum("a", [1, 2.0000002]), sum("a", [1, 2], [2, "x", nil]),
      sum("a", [1, 2], [1, "x", ""]), sum("a", [1, 2], [1, nil, "x"]),
      sum("a", [1, 2], [.list([1]), "x", nil]), sum("a", [1, 2], [.real(1), "x", nil]),
      sum("a", [1, 2], [1, "x", nil], other),
    ]
    #expect(Set(sums).count == sums.count)
    #expect(sum() == sum())
  }

  @Test func anotherWorkspaceIsRefused() throws {
    let record = EngineRecord(layout: 1, schema: Self.schema, isComplete: true, count: 1)
    func check(_ publisher: String?) throws {
      try record.check(
        collection: "photos", space: "base", identity: Self.schema.identity, publisher: publisher)
    }
    let error = #expect(throws: ParallaxError.self) { try check("two") }
    #expect(error?.code == .notOurs)
    #expect(error?.hint?.contains("--take-over") == true)
    try check("one")
    try check(nil)
  }

  @Test func valuesFitTheirField() {
    let number = EngineField(name: "n", kind: .integer, isList: false)
    #expect(number.fits(nil) && number.fits(1))
    #expect(!number.fits("1") && !number.fits(1.5) && !number.fits(.list([1])))
    let list = EngineField(name: "t", kind: .text, isList: true)
    #expect(list.fits(.list(["a", nil])) && list.fits("a") && !list.fits(.list(["a", 1])))
  }

  @Test func anotherIdentityIsNamed() {
    let record = EngineRecord(layout: 1, schema: Self.schema, isComplete: true, count: 1)
    let error = #expect(throws: ParallaxError.self) {
      try record.check(
        collection: "photos", space: "base", identity: "model=n;version=1;task=q",
        publisher: "one")
    }
    #expect(error?.message.hasSuffix("model is 'm' there, 'n' here; task is 'q' here only") == true)
  }
}

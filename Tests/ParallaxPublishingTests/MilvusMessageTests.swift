import ParallaxCore
import ParallaxHTTP
import ParallaxTestSupport
import Testing

@testable import ParallaxPublishing

/// What is written and read, against `Fixtures/make_messages.py`.
@Suite struct MilvusMessageTests {
  static let messages: [String: [UInt8]] = {
    let path = "\(TestData.packageRoot)/Tests/ParallaxPublishingTests/Fixtures/messages.txt"
    let pairs = (TestFiles.text(of: path) ?? "").split(separator: "\n").map { line in
      let parts = line.split(separator: " ")
      let digits = Array(parts[1].utf8)
      return (
        String(parts[0]),
        stride(from: 0, to: digits.count, by: 2).compactMap {
          UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16)
        }
      )
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }()

  static func message(_ name: String) throws -> [UInt8] { try #require(messages[name]) }

  private static let schema = EngineSchema(
    name: "photos_base", collection: "photos", space: "base", identity: "", dimension: 2,
    similarity: .euclidean, options: EngineOptions(),
    fields: [
      EngineField(name: "city", kind: .text, isList: false),
      EngineField(name: "n", kind: .integer, isList: false),
      EngineField(name: "price now", kind: .real, isList: false),
      EngineField(name: "ok", kind: .boolean, isList: false),
      EngineField(name: "tags", kind: .text, isList: true),
    ], publisher: "one")

  @Test func `a collection's schema is written as the client library writes it`() throws {
    let columns = MilvusColumns(Self.schema.fields)
    #expect(
      columns.schema(named: "photos_base", dimension: 2) == (try Self.message("schema")))
  }

  @Test func `rows are written as the client library writes them`() throws {
    let id = try #require(PointID("01234567-89ab-8def-8123-456789abcdef"))
    let other = try #require(PointID("01234567-89ab-8def-8123-456789abcde0"))
    var batch = EngineBatch(dimension: 2)
    batch.append(
      EnginePair(id: id, checksum: -1), item: ItemID("a"), vector: [1, -0.5],
      values: ["Zürich ÄB", 0, .null, .null, .list([.text("x"), .null, .text("y")])])
    batch.append(
      EnginePair(id: other, checksum: 1 << 40), item: ItemID("b"), vector: [0, 3e-5],
      values: [.null, .integer(.min), .null, true, .list([])])
    var writer = MilvusCollection.naming("photos_base")
    try MilvusColumns(Self.schema.fields).write(batch, 0..<2, to: &writer)
    writer.number(7, 2)
    #expect(writer.bytes == (try Self.message("upsert")))
  }

  @Test func `a search is written as the client library writes it`() throws {
    let city = Self.schema.fields[0]
    let question = EngineQuestion(
      vector: [1, -0.5], count: 10, similarity: .euclidean,
      filter: .fails(city, .among(["a\"b"])))
    let writer = try MilvusCollection.search(
      question, count: 26, in: Self.schema, with: "{\"ef\":100}")
    #expect(writer.bytes == (try Self.message("search")))
  }

  @Test func `replies are read`() throws {
    let hits = try MilvusHits(search: Self.message("hits"))
    #expect(hits.scores == [0, 5.75])
    #expect(hits.rows.texts["item_id"] == ["a", "ö"])
    let rows = try MilvusRows(query: Self.message("found"))
    #expect(rows.texts["point_id"]?.last == "01234567-89ab-8def-8123-456789abcde0")
    #expect(rows.numbers["checksum"] == [-1, 1 << 40])
    #expect(rows.split(into: 2)?.map { Array($0) } == [[1, -0.5], [0, 3e-5]])
    #expect(rows.split(into: 3) == nil)
    let described = try MilvusDescription(Self.message("described"))
    #expect(described.name == "photos_base")
    #expect(described.properties["parallax"] == "{\"layout\":1}")
    let index = try MilvusIndexState(Self.message("index"))
    #expect(!index.isFinished && index.failure == nil && index.count == 1)
    let flush = try MilvusFlush(Self.message("flush"))
    #expect(flush.segments == [449, 450] && flush.time == 1 << 60)
    let status = try #require(MilvusStatus(in: Self.message("refusal")[...], isWhole: false))
    #expect(status.code == 100 && status.isPassing && status.reason == "can't find collection")
  }

  @Test(
    arguments: [
      [0x0A], [0x0A, 0x05, 0x01],
      [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
      [0x0B], [0x0D, 1, 2], [0x00, 0x01],
      [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
      [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
    ] as [[UInt8]])
  func `what is no message is refused`(bytes: [UInt8]) {
    #expect(throws: ProtobufReader.Malformed.self) {
      try ProtobufReader.read(bytes[...]) { _, _ in }
    }
  }

  @Test func `a packed message is none that was asked for`() {
    #expect(GRPCFrame.message(in: [0, 0, 0, 0, 1, 7]) == [7])
    #expect(GRPCFrame.message(in: [1, 0, 0, 0, 1, 7]) == nil)
    #expect(GRPCFrame.message(in: [0, 0, 0, 0, 2, 7]) == nil)
    #expect(GRPCFrame.message(in: [0, 0, 0]) == nil)
    #expect(GRPCFrame.framed([UInt8](repeating: 0, count: 258)).prefix(5) == [0, 0, 0, 1, 2])
  }

  @Test func `what Milvus does not keep is named`() {
    let columns = MilvusColumns(Self.schema.fields)
    let (city, tags) = (Self.schema.fields[0], Self.schema.fields[4])
    let text = Value.text(String(repeating: "ä", count: 32_768))
    for (value, field, words) in [
      (text, city, "65536 bytes"), (.list([text]), tags, "65536 bytes"),
      (.list([Value](repeating: "a", count: 4_097)), tags, "4097 values"),
    ] {
      let error = #expect(throws: ParallaxError.self) {
        try columns.check(value, of: field, item: ItemID("a"))
      }
      #expect(error?.code == .unsupported)
      #expect(error?.message.contains(words) == true)
      #expect(error?.message.contains("item 'a'") == true)
    }
    let many = (0...60).map { EngineField(name: "f\($0)", kind: .text, isList: false) }
    #expect(throws: ParallaxError.self) { try MilvusColumns(many).check() }
    // With room for each text once, 'like' is what gives way.
    let fewer = MilvusColumns(Array(many.prefix(31)))
    #expect(throws: Never.self) { try fewer.check() }
    #expect(fewer.folded(many[0]) == nil)
    #expect(MilvusColumns(Array(many.prefix(30))).folded(many[0]) == "like_meta_f0")
  }

  @Test func `names of columns are words that stay apart`() {
    let long = String(repeating: "a", count: 300)
    let fields = ["a", "A", "a b", "item.width", "", long, long + "b", "été"].map {
      EngineField(name: $0, kind: .integer, isList: false)
    }
    let columns = MilvusColumns(fields)
    let names = fields.map { columns.name(of: $0) }
    #expect(Set(names).count == names.count)
    #expect(names.prefix(4) == ["meta_a", "meta_A", "hex_612062", "item_width"])
    #expect(names.allSatisfy { $0.utf8.count <= 250 && $0.utf8.allSatisfy { $0 < 0x80 } })
  }
}

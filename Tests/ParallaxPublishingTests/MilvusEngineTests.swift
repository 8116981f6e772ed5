import ParallaxCore
import ParallaxHTTP
import Testing

@testable import ParallaxPublishing

@Suite struct MilvusEngineTests {
  private struct Silent: HTTPTransport {
    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
      throw TransportFailure(.unreachable, "nobody answers")
    }
  }

  private static func settled(
    _ given: [EngineOption: String], _ dimension: Int = 768
  ) throws -> String {
    try MilvusEngine.settled(EngineOptions(given), over: nil, dimension: dimension).text
  }

  @Test func `options have usual values`() throws {
    #expect(try Self.settled([:], 32_768) == "index=hnsw m=16 ef-construction=100")
    #expect(try Self.settled([.index: "ivfsq8", .lists: "7"]) == "index=ivfsq8 lists=7")
    #expect(try Self.settled([.index: "ivfpq"]) == "index=ivfpq m=96 lists=100")
    #expect(try Self.settled([.index: "ivfpq"], 7) == "index=ivfpq m=1 lists=100")
    #expect(try Self.settled([.index: "none"], 1) == "index=none")
    let kept = EngineOptions([.index: "diskann"])
    #expect(
      try MilvusEngine.settled(EngineOptions(), over: kept, dimension: 8).text == "index=diskann")
  }

  @Test(
    arguments: [
      ([EngineOption: String](), 32_769, nil), ([.index: "flat"], 8, "index"),
      ([.index: "none", .connectivity: "5"], 8, "m"), ([.lists: "5"], 8, "lists"),
      ([.index: "ivfpq", .connectivity: "5"], 8, "m"), ([.shards: "2"], 8, "shards"),
    ] as [([EngineOption: String], Int, String?)])
  func `what does not go together is named`(
    given: [EngineOption: String], dimension: Int, parameter: String?
  ) {
    let error = #expect(throws: ParallaxError.self) { try Self.settled(given, dimension) }
    #expect(error?.code == .unsupported)
    #expect(error?.parameter?.name == parameter)
  }

  @Test func `an index is built and searched with its own numbers`() throws {
    let options = EngineOptions([.connectivity: "8", .construction: "50", .lists: "5"])
    let built = MilvusIndex.allCases.map { $0.building(options) }
    #expect(
      built == [
        "{\"M\":8,\"efConstruction\":50}", "{\"nlist\":5}", "{\"nlist\":5}",
        "{\"nlist\":5,\"m\":8,\"nbits\":8}", "{}", "{}",
      ])
    let question = EngineQuestion(vector: [1], count: 200, similarity: .cosine)
    let searched = try MilvusIndex.allCases.map {
      try $0.searching(question, count: 216, options).json
    }
    #expect(
      searched == [
        "{\"ef\":216}", "{\"nprobe\":5}", "{\"nprobe\":5}", "{\"nprobe\":5}",
        "{\"search_list\":216}", "{}",
      ])
    let wider = try MilvusIndex.allCases.map {
      try $0.searching(question, count: 216, EngineOptions(), widerBy: 1_000)
    }
    #expect(wider.map(\.isWidest) == [true, true, true, true, true, true])
    #expect(wider[0].words == "hnsw, ef 32768")
    #expect(wider[1].words == "ivfflat, probes 100")
  }

  @Test func `values stand in quotes that they cannot end`() throws {
    let city = EngineField(name: "city", kind: .text, isList: false)
    let n = EngineField(name: "n", kind: .integer, isList: false)
    func text(_ filter: EngineFilter) throws -> String {
      try MilvusFilter(filter, MilvusColumns([city, n])).text
    }
    #expect(
      try text(.holds(city, .among(["\" or 1 == 1 \\", "a\nb\r"])))
        == #"meta_city in ["\" or 1 == 1 \\", "a\nb\r"]"#)
    #expect(
      try text(.fails(city, .like("%É\"T%")))
        == #"(meta_city is not null and not (like_meta_city like "%É\"t%"))"#)
    #expect(
      try text(.fails(n, .range(lower: .init(2, isIncluded: true), upper: nil)))
        == "(meta_n is not null and (meta_n < 2))")
    #expect(try text(.all([])) == "point_id >= \"\"")
    for filter: EngineFilter in [
      .holds(city, .like("a_")), .holds(city, .like("a\\%")),
      .holds(n, .among([.integer(.min)])), .compared(city, .equal, n),
    ] {
      let error = #expect(throws: ParallaxError.self) { try text(filter) }
      #expect(error?.code == .unsupported && error?.parameter?.name == "where")
    }
  }

  @Test(arguments: [
    "milvus://u@h", "milvus://h/a/b", "milvus://h?x=1", "milvus:///a", "milvus://h/a%20b",
  ])
  func `addresses are of one form`(text: String) async throws {
    let address = try EngineAddress(text)
    let environment = EngineEnvironment(
      variables: [:], transport: Silent(), trace: nil, secrets: [])
    await #expect {
      _ = try await MilvusEngine.connect(to: address, environment)
    } throws: { ($0 as? ParallaxError)?.code == .invalidValue }
  }

  @Test(arguments: ["milvus://root:Milvus@h", "milvus://h?token=x"])
  func `an address with a secret is refused without it`(text: String) {
    let error = #expect(throws: ParallaxError.self) { try EngineAddress(text) }
    #expect(error?.hint?.contains("MILVUS_TOKEN") == true)
    #expect(error?.message.contains("Milvus@") == false)
  }
}

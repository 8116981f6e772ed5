import ParallaxCore
import ParallaxHTTP
import ParallaxText
import Synchronization
import Testing

@testable import ParallaxPublishing

/// What replies over gRPC mean.
@Suite struct MilvusWireTests {
  private final class Fixed: HTTPTransport {
    let response: HTTPResponse
    let sent = Mutex<[HTTPRequest]>([])

    init(_ response: HTTPResponse) { self.response = response }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
      sent.withLock { $0.append(request) }
      return response
    }
  }

  private static let address = "milvus://db.example/photos"

  private static func wire(_ transport: Fixed, token: String? = nil) throws -> MilvusWire {
    MilvusWire(
      try EngineAddress(address),
      EngineEnvironment(
        variables: token.map { ["MILVUS_TOKEN": $0] } ?? [:], transport: transport, trace: nil,
        secrets: []))
  }

  private static func reply(
    _ message: [UInt8]?, _ headers: [String: String], status: Int = 200
  ) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: headers.map { HTTPRequest.Header($0.key, $0.value) },
      body: message.map { GRPCFrame.framed($0) } ?? [])
  }

  @Test func `a call is a message in a frame, with a token that no text holds`() async throws {
    let transport = Fixed(Self.reply([0x0A, 0], ["grpc-status": "0"]))
    let wire = try Self.wire(transport, token: "root:Milvus")
    var message = ProtobufWriter()
    message.text(3, "t")
    #expect(try await wire.ask("Query", message) == [0x0A, 0])
    let sent = try #require(transport.sent.withLock { $0.first })
    #expect(sent.url == "http://db.example:19530/milvus.proto.milvus.MilvusService/Query")
    #expect(sent.isHTTP2Only)
    #expect(sent.body == [0, 0, 0, 0, 3, 0x1A, 1, UInt8(ascii: "t")])
    #expect(sent.headers.contains(HTTPRequest.Header("dbname", "photos")))
    #expect(sent.headers.contains(HTTPRequest.Header("te", "trailers")))
    #expect(sent.secretHeaders.map(\.name) == ["authorization"])
    // RFC 4648 of 'root:Milvus', as the client library sends it.
    #expect(sent.secretHeaders.first?.secret.revealed() == "cm9vdDpNaWx2dXM=")
    #expect(!"\(sent)".contains("Milvus="))
  }

  @Test func `a refusal is shown without the token`() async throws {
    let transport = Fixed(
      Self.reply(
        nil,
        ["grpc-status": "16", "grpc-message": "auth%20check%20failure: root:p4ssw0rd p4ssw0rd"]
      ))
    let error = await Self.error(try Self.wire(transport, token: "root:p4ssw0rd"))
    #expect(error?.code == .engine)
    #expect(error?.message.hasPrefix("'\(Self.address)' refused: auth check failure") == true)
    #expect(error?.message.contains("p4ssw0rd") == false)
    #expect(error?.hint?.contains("MILVUS_TOKEN") == true)
  }

  @Test(arguments: [
    (reply(nil, [:], status: 404), "answered something else"),
    (reply([0x0A, 0], [:]), "answered something else"),
    (reply(nil, ["grpc-status": "0"]), "answered something else"),
    (reply([0x0A, 9], ["grpc-status": "0"]), "answered something else"),
    (reply(nil, ["grpc-status": "12", "grpc-message": "no%"]), "refused: no%"),
    (reply(nil, ["grpc-status": "13"]), "refused: status 13"),
    (reply([0x0A, 4, 0x18, 7, 0x12, 0], ["grpc-status": "0"]), "refused: "),
  ])
  func `what is no reply of Milvus is said`(response: HTTPResponse, words: String) async throws {
    let transport = Fixed(response)
    let error = await Self.error(try Self.wire(transport))
    #expect(error?.code == .engine)
    #expect(error?.message.contains(words) == true)
    #expect(transport.sent.withLock { $0.count } == 1)
  }

  @Test(
    arguments: [
      ("v2.5.4", "Milvus 2.5.4"), ("2.6.0-dev", "Milvus 2.6.0-dev"),
      ("milvus_lite-3.2.2", "Milvus Lite 3.2.2"),
      ("Cloud (as Milvus 2.5)", "Milvus Cloud (as Milvus 2.5)"), ("v2.4.9", nil), ("master", nil),
      ("", nil),
    ] as [(String, String?)])
  func `versions are told apart`(version: String, shown: String?) async throws {
    var message = ProtobufWriter()
    message.data(1, [])
    message.text(2, version)
    let transport = Fixed(Self.reply(message.bytes, ["grpc-status": "0"]))
    let environment = EngineEnvironment(
      variables: [:], transport: transport, trace: nil, secrets: [])
    let address = try EngineAddress("milvus://h")
    let found = try? await MilvusEngine.connect(to: address, environment).version
    #expect(found == shown)
  }

  @Test func `what is not there is nothing`() async throws {
    let transport = Fixed(
      Self.reply(try MilvusMessageTests.message("refusal"), ["grpc-status": "0"]))
    let found = try await Self.wire(transport).find("Query", ProtobufWriter(), absence: [100])
    #expect(found == nil)
  }

  private static func error(_ wire: MilvusWire) async -> ParallaxError? {
    do {
      _ = try await wire.ask("Query", ProtobufWriter())
      return nil
    } catch { return error as? ParallaxError }
  }
}

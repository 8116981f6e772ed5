import ParallaxCore
import ParallaxHTTP
import ParallaxImaging
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxProviders

/// The engine of jobs over Vertex AI and a bucket, without a workspace.
@Suite(.enabled(if: ProviderServer.python != nil, "needs Python"))
struct VertexBatchTests {
  final class Meter: BatchMeter {
    let jobs = Mutex<[String: String]>([:])
    private let count = Mutex(0)
    func begin(_ positions: [Int]) throws -> String {
      count.withLock { count in
        count += 1
        return "parallax-test\(count)"
      }
    }
    func wasSubmitted(_ name: String, as job: String) throws {
      jobs.withLock { $0[name] = job }
    }
    func wasRefused(_ name: String) throws {}
  }

  private func service(_ variables: [String: String]) async throws -> any BatchService {
    let embedder = try await VertexProvider.makeEmbedder(
      EmbedderRequest(model: "vertex:gemini-embedding-2", dimension: 128, content: .text),
      in: ProviderEnvironment(
        decoder: ImageDecoder(workers: 1, executable: builtProduct(named: "parallax")), threads: 1,
        miniFolder: nil,
        transport: CurlTransport(connections: 2, agent: "parallax-tests"), variables: variables))
    return try #require((embedder as? any MeteredEmbedder)?.batches)
  }

  @Test func `a long file goes up in pieces, and on from where the service has it`() async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    let service = try await service(server.environment())
    let meter = Meter()
    let texts = (0..<19).map { ModelInput.text(String(repeating: "\($0) ", count: 200_000)) }
    let bucket = try service.bucket(named: "gs://mine", usual: nil)
    let failures = try await service.submit(
      texts, side: .document, bucket: bucket, meter: meter)
    #expect(failures.isEmpty)
    let job = try #require(meter.jobs.withLock { $0["parallax-test1"] })
    #expect(job == "7000")
    try await server.goOn(withJobs: "succeeded")
    let status = try await service.status(of: job)
    #expect(status.state == .succeeded && status.name == "parallax-test1")
    let answers = try await service.answers(of: status, count: texts.count)
    #expect(answers.outcomes.count == texts.count && answers.cut == 0)
    #expect(try await service.statuses().map(\.job) == [job])
    let pieces = try await server.seen().requests.filter { $0.path.contains("upload_id=") }
    #expect(pieces.count > 2)
    // What the address of an upload says is a key to it; the token need not go along.
    #expect(pieces.allSatisfy { $0.headers["authorization"] == nil })
    try await service.discard("gs://mine/parallax-test1/")
    #expect(try await server.seen().objects.isEmpty)
  }

  @Test(arguments: ["multimodalembedding@001", "gemini-embedding-001"])
  func `other models are not asked in jobs`(_ model: String) async throws {
    let embedder = try await VertexProvider.makeEmbedder(
      EmbedderRequest(model: "vertex:" + model),
      in: ProviderEnvironment(
        decoder: ImageDecoder(workers: 1, executable: builtProduct(named: "parallax")), threads: 1,
        miniFolder: nil,
        transport: CurlTransport(connections: 2, agent: "parallax-tests"),
        variables: ["GOOGLE_CLOUD_PROJECT": "p", "GOOGLE_OAUTH_ACCESS_TOKEN": "t"]))
    #expect((embedder as? any MeteredEmbedder)?.batches == nil)
  }

  @Test(arguments: [
    ("gs://mine", "gs://mine/j/"), ("gs://mine/", "gs://mine/j/"),
    ("gs://m.y-1_b/a/b//", "gs://m.y-1_b/a/b/j/"),
    ("gs://mine/täg", "gs://mine/täg/j/"),
  ])
  func `a bucket is a place for folders`(_ text: String, _ folder: String) throws {
    #expect(try JobBucket(text).folder(of: "j") == folder)
  }

  @Test(arguments: [
    "", "gs://", "gs:///x", "gs://ab", "gs://Mine", "s3://mine", "gs://mine/a*", "gs://mine/a b",
    "gs://mine/a#b", "gs://mine//a", "mine", "gs://mine/a\nb", "gs://mi ne",
  ])
  func `what is no bucket is refused`(_ text: String) {
    #expect { try JobBucket(text) } throws: { ($0 as? ParallaxError)?.code == .invalidValue }
  }

  @Test func `answers are read in any order, with refusals in each form`() throws {
    var reply = BatchReply(provider: "vertex")
    let text = #"""
      {"key":"2","status":"","response":{"embedding":{"values":[1,2]}},"request":{"x":[1]}}
      {"key":"0","status":"{\"code\":3,\"message\":\"too dark\"}","response":{}}

      {"response":{"embedding":{"values":[3,4]}},"key":"1","status":{"code":0}}
      {"key":"3","error":{"code":3,"message":"blocked"}}
      {"key":"4","status":"Bad Request"}
      {"key":"5","response":{}}
      {"instance":{"content":"x"},"status":{"code":8,"message":"no quota"}}
      """#
    try reply.read(Array(text.utf8))
    // A second file repeats one, and has the vector of what was refused first.
    try reply.read(
      Array(#"{"key":"2","response":{"embedding":{"values":[1,2]}}}"#.utf8))
    try reply.read(Array(#"{"key":"4","response":{"embedding":{"values":[5]}}}"#.utf8))
    #expect(reply.answers.count == 6)
    #expect(try reply.answers[2]?.get() == [1, 2])
    #expect(try reply.answers[1]?.get() == [3, 4])
    #expect(try reply.answers[4]?.get() == [5])
    func message(_ position: Int) -> String? {
      if case .failure(let error)? = reply.answers[position] { error.message } else { nil }
    }
    #expect(message(0) == "'vertex' refused the input: too dark")
    #expect(message(3) == "'vertex' refused the input: blocked")
    #expect(message(5) == "'vertex' answered no vector")
    #expect(reply.message == "'vertex' refused the input: no quota")
  }

  @Test(arguments: [
    "x", "[]", "{\"key\":\"0\"", #"{"response":{"embedding":{"values":[1]}}}"#,
    #"{"key":"01","response":{"embedding":{"values":[1]}}}"#,
    "{\"key\":\"0\",\"response\":{\"embedding\":{\"values\":[1]}}}\n"
      + "{\"key\":\"0\",\"response\":{\"embedding\":{\"values\":[2]}}}",
  ])
  func `answers that cannot be told apart are refused`(_ text: String) {
    var reply = BatchReply(provider: "vertex")
    #expect { try reply.read(Array(text.utf8)) } throws: {
      ($0 as? ParallaxError)?.code == .badReply
    }
  }
}

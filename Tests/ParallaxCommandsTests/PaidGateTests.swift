import ParallaxCore
import ParallaxDigest
import ParallaxHTTP
import ParallaxProviders
import ParallaxStorage
import ParallaxTestSupport
import Synchronization
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@testable import ParallaxCommands

/// A server of embeddings in the form of Voyage's: of each picture a vector that depends on its bytes alone.
private final class PictureService: HTTPTransport {
  private let answered = Mutex(0)

  /// Pictures it gave vectors for.
  var items: Int { answered.withLock(\.self) }

  private struct Body: Decodable {
    struct Input: Decodable {
      struct Part: Decodable { var image_base64: String }
      var content: [Part]
    }
    var inputs: [Input]
    var output_dimension: Int
  }

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    let body = try JSONDecoder().decode(Body.self, from: Data(request.body))
    answered.withLock { $0 += body.inputs.count }
    let answers = body.inputs.enumerated().map { index, input in
      let seed = Digest.sha256(input.content[0].image_base64).bytes.prefix(8)
        .reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      var random = SeededGenerator(seed: seed)
      let numbers = (0..<body.output_dimension).map { _ in
        "\(Float.random(in: -1...1, using: &random))"
      }
      return "{\"index\":\(index),\"embedding\":[\(numbers.joined(separator: ","))]}"
    }
    return HTTPResponse(
      status: 200, body: Array("{\"data\":[\(answers.joined(separator: ","))]}".utf8))
  }
}

/// What gates and calibrations ask a model for that costs money.
@MainActor @Suite struct PaidGateTests {
  private static let calibrate =
    "calibrate c@v --false-alarms 0.5 --review-alarms 0.5 --changes jpeg-90,flip --sample 3"

  /// Ten pictures in `c@v`, for a thousandth of a dollar each.
  private static func withService(
    _ body: (Bench, PictureService) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write(
        "voyage,voyage-multimodal-3.5,0.001,0.00,2026-01\n", to: folder + "/prices.csv")
      let service = PictureService()
      var providers = Bench.providers
      providers.transport = service
      providers.variables = ["VOYAGE_API_KEY": "key-0123456789"]
      providers.prices = try PriceList(fileAt: folder + "/prices.csv")
      let bench = try Bench(folder: folder, providers: providers)
      defer { bench.session.workspace.close() }
      try bench.pictures(
        Dictionary(uniqueKeysWithValues: (1...9).map { ("\($0).jpg", "wood-00\($0)") }))
      try bench.pictures(["10.jpg": "mug-001"])
      await bench.succeed(
        "create collection c ; ingest c \(folder)/in ; "
          + "embed c --as v --model voyage-multimodal-3.5 --dim 256")
      #expect(service.items == 10)
      try await body(bench, service)
    }
  }

  @Test func `copies are paid for once, and not beyond the budget`() async throws {
    try await Self.withService { bench, service in
      let dry = await bench.succeed("set mode csv ; \(Self.calibrate) --dry-run")
      #expect(dry.output.contains("inputs to ask for,6"), "\(dry.output)")
      #expect(dry.output.contains("$0.006"), "\(dry.output)")
      let poor = await bench.run("set budget 0.012 ; \(Self.calibrate)")
      #expect(poor.code == 4 && poor.notes.contains("nothing was asked for"), "\(poor.notes)")
      #expect(service.items == 10)
      let done = await bench.succeed("set budget 0.016 ; \(Self.calibrate)")
      #expect(service.items == 16)
      #expect(done.notes.contains("about $0.006"), "\(done.notes)")
      // Copies of a picture are the same bytes each time: the budget that is spent suffices.
      let again = await bench.succeed("set budget 0.016 ; \(Self.calibrate)")
      #expect(service.items == 16 && again.notes.contains("replaces the calibration"))
      #expect(again.notes.contains("asked for") == false, "\(again.notes)")
      let wider = await bench.succeed(
        "set budget 0.019 ; \(Self.calibrate.replacing("flip", with: "flip,jpeg-50"))")
      #expect(service.items == 19)
      #expect(
        wider.notes.contains("asked for 3 inputs · about $0.003"), "\(wider.notes)")
      let more = await bench.succeed(
        "set mode csv ; \(Self.calibrate.replacing("sample 3", with: "sample 4")) --dry-run")
      #expect(more.output.contains("inputs to ask for,"), "\(more.output)")
    }
  }

  @Test func `pictures that come in are paid for once`() async throws {
    try await Self.withService { bench, service in
      for (name, tile) in ["a.jpg": "mug-001", "b.jpg": "mug-002", "c.jpg": "mug-002"] {
        try TestFiles.copy("\(Bench.tiles)/images/\(tile).jpg", to: "\(bench.folder)/new/\(name)")
      }
      let gate = "gate c@v \(bench.folder)/new --max-score 0.9"
      let dry = await bench.succeed("set mode csv ; \(gate) --dry-run")
      #expect(dry.output.contains("inputs to ask for,1\n"), "\(dry.output)")
      let poor = await bench.run("set budget 0.0105 ; \(gate)")
      #expect(poor.code == 4 && service.items == 10, "\(poor.notes)")
      await bench.succeed("set budget 1 ; \(gate)")
      #expect(service.items == 11)
      await bench.succeed(gate)
      #expect(service.items == 11)
    }
  }
}

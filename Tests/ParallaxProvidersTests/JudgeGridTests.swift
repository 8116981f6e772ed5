import ParallaxCore
import ParallaxHTTP
import ParallaxImaging
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxProviders

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// A judge that is shown grids, against a service that looks at them: it orders cells by how red they are.
@Suite struct JudgeGridTests {
  private static let tiles = TestData.packageRoot + "/datasets/tiles/images"
  private static let decoder = ImageDecoder(
    workers: 2, executable: builtProduct(named: "parallax"))

  private static func judge(
    _ transport: any HTTPTransport, cells: Int = 25, mode: String = "listwise",
    layout: String = "grid"
  ) async throws -> any MeteredReranker {
    let made = try await GeminiProvider.makeReranker(
      try JudgeTests.request(
        mode, others: [.init("layout", layout), .init("cells", String(cells))]),
      in: ProviderEnvironment(
        decoder: decoder, threads: 1, miniFolder: nil, transport: transport,
        variables: ["GOOGLE_API_KEY": "none", "PARALLAX_GEMINI_URL": "http://127.0.0.1:9"]))
    return try #require(made as? any MeteredReranker)
  }

  private static func picture(_ path: String) -> ModelInput {
    ModelInput(name: path, parts: [.image(path: path)])
  }

  /// The first tiles of eight things, from the reddest to the bluest.
  private static func byRed() async throws -> [ModelInput] {
    var found: [(input: ModelInput, red: Double)] = []
    for name in ["ball", "book", "box", "car", "chair", "mug", "teapot", "vase"] {
      let path = "\(tiles)/\(name)-001.jpg"
      guard let pixels = try? await decoder.decode(path, ImageTransform(resize: .none)).pixels
      else { continue }
      found.append((picture(path), redness(pixels.bytes)))
    }
    return found.sorted { $0.red > $1.red }.map(\.input)
  }

  fileprivate static func redness(_ bytes: some Collection<UInt8>) -> Double {
    var sum = 0
    for (index, value) in bytes.enumerated() {
      sum += index % 3 == 0 ? Int(value) : index % 3 == 2 ? -Int(value) : 0
    }
    return Double(sum) / Double(bytes.count)
  }

  @Test(arguments: [(25, 1), (4, 2)])
  func `cells are found by their numbers in both orders`(cells: Int, grids: Int) async throws {
    let wanted = try await Self.byRed()
    try #require(wanted.count == 8)
    let candidates = wanted.reversed() + [ModelInput.text("a red thing")]
    let reader = GridReader(Self.decoder)
    let judge = try await Self.judge(reader, cells: cells)
    let scores = try await judge.scores(of: candidates, for: .text("something red"))
      .map { try $0.get() }
    // What is no cell is named last.
    let ranks = (0..<wanted.count).map { Double(Float(1) / Float($0 + 1)) }
    #expect(Array(scores.dropLast().reversed()) == ranks)
    #expect(scores.last == Double(Float(1) / Float(candidates.count)))
    let notes = judge.drainFindings().notes
    #expect(notes.first?.contains("agree on 100% of") == true, "\(notes)")
    let seen = reader.seen.withLock { $0 }
    #expect(seen.map(\.grids) == [grids, grids])
    #expect(seen.allSatisfy { $0.resolution == "MEDIA_RESOLUTION_HIGH" })
    // The same number looks the same wherever it stands, and like no other.
    let drawings = seen.flatMap(\.numbers)
    #expect(drawings.count == 2 * wanted.count)
    for one in drawings {
      for other in drawings {
        #expect((one.number == other.number) == (one.drawing == other.drawing))
      }
    }
    let use = judge.use(of: candidates[0], for: .text("q"), among: 8)
    #expect(use.imageTokens == grids * 1_120 / 8 && use.images == Double(grids) / 8)
    #expect(judge.requests(ofList: 8) == 2)
  }

  @Test func `a picture that cannot be read has no cell, and fails alone`() async throws {
    try await withTemporaryDirectory { folder in
      let whole = try TestFiles.bytes(of: "\(Self.tiles)/mug-001.jpg")
      try TestFiles.write(Array(whole.prefix(600)), to: folder + "/broken.jpg")
      let reader = GridReader(Self.decoder)
      let judge = try await Self.judge(reader)
      let candidates = [
        Self.picture("\(Self.tiles)/mug-001.jpg"), Self.picture(folder + "/broken.jpg"),
        Self.picture("\(Self.tiles)/shoe-001.jpg"),
      ]
      let scores = try await judge.scores(of: candidates, for: .text("something red"))
      guard case .failure(let error) = scores[1] else { throw ParallaxError(.internalError, "") }
      #expect(error.message.contains("broken.jpg"))
      #expect(Set(scores.compactMap { try? $0.get() }) == [1, 0.5])
      #expect(reader.seen.withLock { $0.map(\.numbers.count) } == [2, 2])
    }
  }

  @Test func `a grid is the same bytes each time, and its layout part of the identity`()
    async throws
  {
    let cells = try await Self.byRed().prefix(3).enumerated().asyncMap { place, input in
      guard case .image(let path, _) = input.parts[0] else {
        throw ParallaxError(.internalError, "")
      }
      let transform = ImageTransform(resize: .fit(width: 100, height: 256))
      return ContactSheet.Cell(
        number: place * 37 + 8, picture: try await Self.decoder.decode(path, transform).pixels)
    }
    let sheet = ContactSheet(cells)
    #expect(sheet.columns == 2)
    let drawn = sheet.drawn()
    #expect(drawn == sheet.drawn() && drawn.width == 536 && drawn.height == 608)
    let other = ImageDecoder(workers: 1, executable: builtProduct(named: "parallax"))
    let one = try await Self.decoder.jpeg(of: drawn, quality: 90)
    #expect(try await other.jpeg(of: drawn, quality: 90) == one)
    // A worker that has encoded decodes as before.
    _ = try await other.decode("\(Self.tiles)/mug-001.jpg", ImageTransform(resize: .none))
    var identities: Set<String> = []
    for (cells, layout) in [(25, "images"), (25, "grid"), (9, "grid")] {
      let judge = try await Self.judge(GridReader(Self.decoder), cells: cells, layout: layout)
      identities.insert(judge.spec.identity)
    }
    #expect(identities.count == 3)
    for (mode, layout, cells) in [("pointwise", "grid", 25), ("listwise", "images", 9)] {
      await #expect(throws: ParallaxError.self) {
        _ = try await Self.judge(
          GridReader(Self.decoder), cells: cells, mode: mode, layout: layout)
      }
    }
  }
}

extension Sequence {
  fileprivate func asyncMap<Output>(_ body: (Element) async throws -> Output) async rethrows
    -> [Output]
  {
    var outputs: [Output] = []
    for element in self { outputs.append(try await body(element)) }
    return outputs
  }
}

/// Looks at the grids that it is sent.
private final class GridReader: HTTPTransport {
  struct Seen: Sendable {
    var grids = 0
    var resolution = ""
    var numbers: [(number: Int, drawing: [Bool])] = []
  }

  private struct Body: Decodable {
    struct Content: Decodable { var parts: [Part] }
    struct Part: Decodable {
      struct Inline: Decodable { var data: String }
      var text: String?
      var inlineData: Inline?
    }
    struct Config: Decodable { var mediaResolution: String }
    var contents: [Content]
    var generationConfig: Config
  }

  let seen = Mutex<[Seen]>([])
  private let decoder: ImageDecoder

  init(_ decoder: ImageDecoder) { self.decoder = decoder }

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    let body = try JSONDecoder().decode(Body.self, from: Data(request.body))
    var seen = Seen(resolution: body.generationConfig.mediaResolution)
    var red: [(number: Int, red: Double)] = []
    var label: [Int] = []
    for part in body.contents[0].parts {
      if let text = part.text, text.hasPrefix("Candidates ") {
        label = text.split { !$0.isNumber }.compactMap { Int($0) }
      } else if let data = part.inlineData.flatMap({ Data(base64Encoded: $0.data) }) {
        seen.grids += 1
        for (place, cell) in try await cells(of: Array(data), label.count).enumerated() {
          red.append((label[place], JudgeGridTests.redness(cell.picture)))
          seen.numbers.append((label[place], cell.strip.map { $0 > 127 }))
        }
      }
    }
    self.seen.withLock { $0.append(seen) }
    let order = red.sorted { $0.red > $1.red }.map { String($0.number) }.joined(separator: ",")
    let answer =
      "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"{\\\"ranking\\\":[\(order)]}\"}]},"
      + "\"finishReason\":\"STOP\"}]}"
    return HTTPResponse(status: 200, body: Array(answer.utf8))
  }

  /// By eye: gaps are 8 pixels, a strip 36 by 256, a picture 256 by 256.
  private func cells(
    of jpeg: [UInt8], _ count: Int
  ) async throws -> [(strip: [UInt8], picture: [UInt8])] {
    let sheet = try await withTemporaryDirectory { folder in
      try TestFiles.write(jpeg, to: folder + "/sheet.jpg")
      return try await decoder.decode(folder + "/sheet.jpg", ImageTransform(resize: .none)).pixels
    }
    let columns = (sheet.width - 8) / 264
    return (0..<count).map { place in
      let (left, top) = (8 + place % columns * 264, 8 + place / columns * 300)
      // Every fourth pixel, in the middle of the dots of a digit.
      var strip: [UInt8] = []
      for y in stride(from: top + 6, to: top + 34, by: 4) {
        for x in stride(from: left + 2, to: left + 256, by: 4) {
          strip.append(sheet.bytes[(y * sheet.width + x) * 3])
        }
      }
      var picture: [UInt8] = []
      for y in top + 36..<top + 292 {
        let start = (y * sheet.width + left) * 3
        picture += sheet.bytes[start..<start + 768]
      }
      return (strip, picture)
    }
  }
}

import ParallaxCore
import ParallaxImaging
import ParallaxSystem

/// Decodes all pictures of a folder, as embedding does: in workers, made as small as a model wants them.
enum DecodeBench {
  static func run(folder: String, side: Int, repeats: Int) async throws {
    let files = try Folder.entries(in: folder).compactMap(\.name).map { "\(folder)/\($0)" }
    let decoder = ImageDecoder()
    defer { decoder.shutdown() }
    let transform = ImageTransform(resize: .exact(width: side, height: side))
    var times: [Double] = []
    // The first round starts the workers.
    for round in 0...repeats {
      let clock = ContinuousClock()
      let taken = try await clock.measure {
        let outcomes = try await files.concurrentOutcomes {
          try await decoder.decode($0, transform).pixels
        }
        for outcome in outcomes { _ = try outcome.get() }
      }
      if round > 0 { times.append(taken / .milliseconds(1)) }
    }
    print(
      Measurement(
        name: "decode", milliseconds: times, extra: [("pictures", Double(files.count))]
      ).line)
  }
}

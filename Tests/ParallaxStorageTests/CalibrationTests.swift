import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

@Suite struct CalibrationTests {
  private static func calibration(
    _ collection: ItemCollection, _ identity: String = "a", bits: Int? = nil, reject: Double = 0.9
  ) -> Calibration {
    Calibration(
      collection: collection, space: "base", identity: identity, bits: bits,
      created: "2026-01-02T03:04:05Z", seed: 7, vectors: 100, pictures: 90, falseAlarms: 0.01,
      reviewAlarms: 1, reject: reject, review: 0.5,
      rates: [
        .init(series: "missed", threshold: 1, tried: 10, wrong: 3, low: 0, high: 0.5),
        .init(series: "jpeg", threshold: 0.5, tried: 4, wrong: 0, low: 0, high: 1),
      ])
  }

  @Test func `one is kept for each identity, and gives way to a newer one`() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/work.parallax"
      let workspace = try Workspace(path: path)
      let (one, two) = try (
        workspace.createCollection(named: "one"), workspace.createCollection(named: "two")
      )
      #expect(try workspace.calibrations(of: one).isEmpty)
      let all = [
        Self.calibration(one), Self.calibration(one, "b"), Self.calibration(one, bits: 8),
        Self.calibration(two),
      ]
      for calibration in all { #expect(try workspace.keep(calibration) == nil) }
      #expect(try workspace.calibrations(of: one) == [all[2], all[1], all[0]])
      let newer = Self.calibration(one, reject: 0.95)
      #expect(try workspace.keep(newer) == all[0])
      #expect(try workspace.calibrations(of: one) == [newer, all[2], all[1]])
      #expect(try workspace.check(progress: nil).isEmpty)
      workspace.close()
      let again = try Workspace(path: path)
      defer { again.close() }
      #expect(try again.calibrations(of: two) == [all[3]])
      try again.dropCollection(named: "one")
      #expect(try again.calibrations(of: one).isEmpty)
      #expect(try again.calibrations(of: two) == [all[3]])
      #expect(try again.check(progress: nil).isEmpty)
    }
  }
}

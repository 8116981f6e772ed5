import ParallaxCore
import ParallaxDigest
import ParallaxProviders
import ParallaxStorage
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxWorkbench

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

@Suite struct LedgerTests {
  private func withWorkspace(
    _ mode: Workspace.Mode = .readWrite, _ body: (Workspace, Ledger) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/work.parallax"
      if mode == .readOnly { try Workspace(path: path).close() }
      let workspace = try Workspace(path: path, mode: mode)
      defer { workspace.close() }
      try await body(workspace, Ledger(workspace))
    }
  }

  private static func charge(items: Int, micros: Int?, model: String = "m") -> Charge {
    Charge(
      provider: "p", model: model, subject: "c@s", kind: .image, items: items, micros: micros)
  }

  private static let modes: [Workspace.Mode] = [.readWrite, .readOnly]

  @Test(arguments: modes)
  func `no crowd of requests overruns a budget or a day's items`(mode: Workspace.Mode) async throws
  {
    for limits in [SpendingLimits(budget: 1_000), SpendingLimits(itemsPerDay: 10)] {
      try await withWorkspace(mode) { workspace, ledger in
        let admitted = await withTaskGroup(of: Bool.self) { group in
          for _ in 0..<64 {
            group.addTask {
              (try? ledger.reserve(
                Self.charge(items: 1, micros: 100), bytes: 4_096, within: limits)) != nil
            }
          }
          return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(admitted == 10)
        let sums = try ledger.charges(by: .model)
        #expect(sums.map { [$0.items, $0.micros] } == [[10, 1_000]])
      }
    }
  }

  @Test(arguments: modes)
  func `what is refused by the service is given back`(mode: Workspace.Mode) async throws {
    try await withWorkspace(mode) { workspace, ledger in
      let limits = SpendingLimits(budget: 500)
      let first = try ledger.reserve(
        Self.charge(items: 4, micros: 400), bytes: 4_096, within: limits)
      #expect {
        _ = try ledger.reserve(Self.charge(items: 2, micros: 200), bytes: 4_096, within: limits)
      } throws: { error in
        guard let error = error as? ParallaxError else { return false }
        return error.code.name == "budget" && error.code.exitCode == 4
          && error.message.contains("$0.0004 is spent or under way")
      }
      ledger.release(first)
      #expect(try ledger.charges(by: .model).isEmpty)
      _ = try ledger.reserve(Self.charge(items: 5, micros: 500), bytes: 4_096, within: limits)
      // An unknown price is no money, but the items count.
      #expect(ledger.drainNotes().isEmpty)
      _ = try ledger.reserve(Self.charge(items: 3, micros: nil), bytes: 4_096, within: limits)
      #expect(ledger.drainNotes().first?.contains("no price of 'm' is known") == true)
      #expect(ledger.drainNotes().isEmpty)
      let sums = try ledger.charges(by: .collection)
      #expect(sums.map { [$0.items, $0.micros, $0.unpriced] } == [[8, 500, 3]])
      #expect(sums.map(\.name) == ["c"])
    }
  }

  @Test(arguments: modes)
  func `a charge stands before the answer, and stays without one`(mode: Workspace.Mode) async throws
  {
    try await withWorkspace(mode) { workspace, ledger in
      let ticket = try ledger.reserve(
        Self.charge(items: 3, micros: 30), bytes: 4_096, within: SpendingLimits())
      #expect(try ledger.charges(by: .day).map(\.items) == [3])
      ledger.settle(ticket)
      #expect(try ledger.charges(by: .model).map(\.name) == ["p/m"])
      #expect(try ledger.charges(by: .model).map(\.items) == [3])
    }
  }

  @Test func `a process that may write no more is not let ask`() async throws {
    try await withWorkspace { workspace, ledger in
      #expect {
        // More than any disk has.
        _ = try ledger.reserve(
          Self.charge(items: 1 << 26, micros: 0),
          bytes: ReservedRoom.bytes(ofReplies: 1 << 26, dimension: 65_536),
          within: SpendingLimits())
      } throws: { error in
        guard let error = error as? ParallaxError else { return false }
        return error.code.name == "storage" && error.message.contains("nothing was sent")
      }
      #expect(try ledger.charges(by: .model).isEmpty)
      _ = try ledger.reserve(
        Self.charge(items: 16, micros: 0),
        bytes: ReservedRoom.bytes(ofReplies: 16, dimension: 768), within: SpendingLimits())
    }
  }

  @Test func `prices are rounded up, and sums of floating point are not`() {
    let price = ModelPrice(
      dollarsPerImage: 0.00012, dollarsPerMillionTokens: 0.20, date: "2026-11")
    func micros(_ count: Int, text: String? = nil) -> Int {
      let parts = [.image(path: "a.jpg")] + (text.map { [ModelInput.Part.text($0)] } ?? [])
      let input = ModelInput(name: "a", parts: parts)
      return Charge.micros(Array(repeating: price.micros(of: input), count: count)) ?? -1
    }
    #expect(micros(1) == 120 && micros(16) == 1_920 && micros(100) == 12_000)
    // A token of a fifth of a millionth.
    #expect(Charge.micros([price.micros(of: .text("cat"))]) == 1)
    #expect(micros(1, text: "cat") == 121)
    #expect(Charge.micros([]) == 0)
  }
}

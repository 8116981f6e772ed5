import ParallaxCore
import ParallaxHTTP
import ParallaxPublishing
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

/// What every engine over REST must do.
extension PublishedBench {
  static var curl: CurlTransport { CurlTransport(connections: 2, agent: "parallax-tests") }

  /// - Parameter address: where nothing of the 60 items of the space is yet.
  func expectOnlyChangesMoved(at address: String) async throws {
    #expect(try await dryRun(to: address).counts == [60, 0, 0, 0])
    let first = try await publish(to: address) { $0.sample = 10 }
    #expect(first.counts == [60, 0, 0, 0])
    #expect(first.publication.certificate?.recall == 1)
    #expect(try await publish(to: address).counts == [0, 0, 0, 60])
    try workspace.apply(
      [
        .setMetadata(Self.id(3), ["n": 300]), .remove(Self.id(4)),
        .setMetadata(Self.id(5), ["taken": .date("2024-05-31")]),
      ], to: space.collection)
    // A new field is one of every row.
    #expect(try await publish(to: address).counts == [0, 59, 1, 0])
    #expect(try await publish(to: address).counts == [0, 0, 0, 59])
    let dropped = try await bench.dropPublication(
      of: SpaceReference("photos@base"), at: EngineAddress(address), named: nil)
    #expect(dropped.wasThere)
    #expect(try await dryRun(to: address).inserted == 59)
  }

  /// - Parameter address: where the 3 items of a space are.
  static func expectOthersLeftAlone(at address: String) async throws {
    try await inNewFolder(count: 2, transport: curl) { other in
      let error = await parallaxError { try await other.publish(to: address) }
      #expect(error?.code == .notOurs)
      let taken = try await other.publish(to: address) { $0.takesOver = true }
      #expect(taken.counts == [0, 0, 1, 2])
    }
  }

  /// - Parameter count: of the items, more than fit into what goes through before the cut.
  func expectNothingLostByCut(_ count: Int, at scheme: String, port: Int) async throws {
    let proxy = try await CuttingProxy(to: port, .cut, after: 300_000, in: folder)
    defer { proxy.stop() }
    let error = await parallaxError { try await publish(to: "\(scheme)://127.0.0.1:\(proxy.port)") }
    #expect(error?.code == .engine)
    let address = "\(scheme)://127.0.0.1:\(port)"
    let outcome = try await publish(to: address)
    #expect(outcome.inserted + outcome.unchanged == count)
    #expect(try await publish(to: address).unchanged == count)
  }
}

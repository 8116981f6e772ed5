import ParallaxCore
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

@Suite(.enabled(if: PostgresServer.installation != nil, "\(PostgresServer.comment)"))
struct PublishKillTests {
  /// Some places within what is sent of a batch, and beyond it.
  private static let places = [0, 40_000, 3 << 20, 9 << 20, 1 << 20, 9 << 20, 500_000]

  @Test(arguments: ["", "--partition everything "])
  func `a program that is killed loses and doubles nothing`(option: String) async throws {
    let server = try await PostgresServer.shared()
    let database = try await server.database()
    let program = try #require(builtProduct(named: "parallax"))
    try await withTemporaryDirectory { folder in
      let path = folder + "/work.parallax"
      let count = 3_000
      let workspace = try Workspace(path: path)
      _ = try PublishedBench.makeSpace(in: workspace, count: count, dimension: 2_000)
      workspace.close()
      func run(through port: Int) throws -> ProgramRun {
        let address = server.address(database, port: port)
        return try ProgramRun(
          program,
          [
            path, "-c",
            "set mode csv ; publish photos@base \(option)--index none --certify 0 --to \(address)",
          ])
      }
      for (number, place) in Self.places.enumerated() {
        let proxy = try await CuttingProxy(
          to: server.port, .hold, after: place + number, in: folder)
        let killed = try run(through: proxy.port)
        try await eventually("the cut") { proxy.hasFailed }
        killed.kill()
        #expect(await killed.finish().code == 128 + 9)
        proxy.stop()
      }
      let before = Int(try await server.run("SELECT count(*) FROM photos_base", in: database)) ?? 0
      #expect(before > 0 && before < count)
      let outcome = await (try run(through: server.port)).finish()
      #expect(outcome.code == 0, "\(outcome.errors)")
      let row = outcome.output.split(separator: "\n").last ?? ""
      #expect(
        row.hasPrefix("photos@base,photos_base,\(count - before),0,0,\(before),\(count)"), "\(row)")
      let again = await (try run(through: server.port)).finish()
      #expect(again.output.contains(",0,0,0,\(count),\(count)"))
      #expect(
        try await server.run(
          "SELECT count(*), count(DISTINCT item_id), count(DISTINCT embedding) FROM photos_base",
          in: database) == "\(count)|\(count)|\(count - 1)")
    }
  }
}

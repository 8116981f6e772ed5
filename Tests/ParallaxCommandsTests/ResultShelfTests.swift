import ParallaxCore
import ParallaxTestSupport
import ParallaxWorkbench
import Testing

@testable import ParallaxCommands

@MainActor @Suite struct ResultShelfTests {
  @Test func `results of past inputs go, named ones stay`() async throws {
    try await Bench.inNewFolder(isInteractive: true) { bench in
      _ = await bench.type("set results.keep 3")
      _ = await bench.type("kept = show settings")
      for _ in 3...8 { _ = await bench.type("show settings") }
      let lines = [("show _8", 0), ("show _7", 0), ("show kept", 0), ("show _", 0)]
      for (line, code) in lines { #expect(await bench.type(line).code == Int32(code), "\(line)") }
      let gone = await bench.type("show _2")
      #expect(gone.code == 1)
      #expect(
        gone.notes.hasPrefix(
          "error: the result of input 2 is no longer kept: 'results.keep' is 3\n"))
      #expect(await bench.type("show _900").notes.hasPrefix("error: no result is called '_900'"))
    }
  }

  @Test func `no more than the limit are held, whatever it was before`() {
    var shelf = ResultShelf()
    let table = Table(columns: [.init("x", .integer)], rows: [[1]])
    func result(_ name: String) -> NamedResult {
      NamedResult(name: name, table: table, provenance: Provenance(command: "c"))
    }
    for input in 1...50 { shelf.keep(result("_"), input: input, limit: 40) }
    #expect((1...50).filter { shelf["_\($0)"] != nil } == Array(11...50))
    shelf.keep(result("r"), input: 51, limit: 2)
    #expect((1...51).filter { shelf["_\($0)"] != nil } == [50, 51])
    #expect(shelf.hasForgotten("_1") && shelf.hasForgotten("_49"))
    #expect(!shelf.hasForgotten("_50") && !shelf.hasForgotten("_x") && !shelf.hasForgotten("_0"))
    shelf.keep(result("_"), input: 52, limit: 0)
    #expect((1...52).allSatisfy { shelf["_\($0)"] == nil })
    #expect(shelf["_"] != nil && shelf["r"] != nil)
    #expect(shelf.names == ["r"])
  }
}

import CommandLanguage
import Testing

@testable import ParallaxCommands

@MainActor @Suite struct EnteredLogTests {
  @Test func `the newest commands are kept, and what is gone is said where it is asked for`() throws
  {
    var log = EnteredLog(limit: 20)
    let statement = try #require(
      try Parser(CommandRegistry.signatures, style: .script).parse("list", source: "test").first)
    for number in 1...22 { log.append(Entered(number: number, statement: statement)) }
    #expect(log.entries.count == 22 && log.gap(in: nil) == nil && log.gap(in: 1...3) == nil)
    for number in 23...500 { log.append(Entered(number: number, statement: statement)) }
    #expect((20...22).contains(log.entries.count) && log.entries.last?.number == 500)
    #expect(log.newestForgotten == (log.entries.first?.number ?? 0) - 1)
    let said =
      "a session keeps its newest 20 commands; those up to input \(log.newestForgotten) are left out"
    #expect(log.gap(in: nil) == said && log.gap(in: 1...490) == said)
    #expect(log.gap(in: (log.newestForgotten + 1)...500) == nil)
  }
}

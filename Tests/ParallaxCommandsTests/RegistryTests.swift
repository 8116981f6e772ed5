import CommandLanguage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

@Suite struct RegistryTests {
  private static let registry = CommandRegistry.signatures

  @Test func `each file of Commands is registered, under its verb`() async throws {
    let listing = try await ProgramRun(
      "/bin/ls", ["\(TestData.packageRoot)/Sources/ParallaxCommands/Commands"]
    ).finish()
    let files = listing.output.split(separator: "\n").map { $0.dropLast(".swift".count) }
    let registered = CommandRegistry.all.map { command in
      let words = command.signature.verb.split(separator: "-")
      return words.map { "\($0.prefix(1).uppercased())\($0.dropFirst())" }.joined() + "Command"
    }
    #expect(files.map(String.init) == registered.sorted())
  }

  @Test func `a reserved verb is not taken yet`() {
    let verbs = Set(CommandRegistry.all.map { $0.signature.verb })
    #expect(verbs.isDisjoint(with: CommandRegistry.reserved))
  }

  @Test(arguments: CommandRegistry.all.map { $0.signature.verb })
  func `every example can be typed, and its canonical form means the same`(verb: String) throws {
    let signature = try #require(CommandRegistry.command(for: verb)).signature
    #expect(!signature.examples.isEmpty && !signature.summary.isEmpty)
    for example in signature.examples {
      let known = KnownNames(variables: ["k"])
      let parsed = try Parser(Self.registry, style: .script)
        .parse(example, source: "example", known: known)
      let canonical = parsed.map(\.canonical).joined(separator: " ; ")
      let again = try Parser(Self.registry, style: .script)
        .parse(canonical, source: "again", known: known)
      #expect(again.map(\.canonical) == parsed.map(\.canonical))
    }
  }
}

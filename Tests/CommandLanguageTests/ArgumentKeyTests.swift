import CommandLanguage
import ParallaxCore
import Testing

@Suite struct ArgumentKeyTests {
  private enum Color: String, CaseIterable, Sendable { case red, blue }

  private static let space = ObjectKey.byHand("SPACE", .collection)
  private static let color = ObjectKey<Color?>.optional("COLOR", .choice)
  private static let wall = ObjectKey.optional("WALL", .choice, default: Color.red)
  private static let pairs = ObjectKey.repeated("NAME=VALUE", .assignment, .any)
  private static let count = OptionKey.single(
    "count", .integer(1...9), placeholder: "N", help: "how many", default: 3)
  private static let share = OptionKey.single(
    "share", .number(0...1), placeholder: "X", help: "how much", default: 0.5)
  private static let tint = OptionKey.single(
    "tint", .choice, placeholder: "COLOR", help: "how", default: Color.blue)
  private static let limit = OptionKey.single(
    "limit", .integer(1...9), placeholder: "N", help: "at most", defaultNote: "no limit")
  private static let sizes = OptionKey.list(
    "sizes", .integer(1...9), placeholder: "N", help: "which")
  private static let file = OptionKey.required("to", .path, placeholder: "FILE", help: "where")
  private static let terms = OptionKey.weighted("term", .text, placeholder: "T", help: "what")
  private static let isLoud = OptionKey.flag("loud", help: "aloud")
  private static let isWet = OptionKey.negatable("wet", help: "with water")

  private static let signature = CommandSignature(
    verb: "paint", summary: "paint a space", objects: [space, color, wall, pairs],
    options: [count, share, tint, limit, sizes, file, terms, isLoud, isWet])
  private static let registry = SignatureRegistry([signature])

  private func arguments(_ text: String, style: InputStyle = .script) throws -> Arguments {
    let statements = try Parser(Self.registry, style: style).parse(text, source: "a.plx")
    return try #require(statements.last?.pipeline.last).bound { _ in nil }
  }

  @Test func `what is written has its type`() throws {
    let paint = try arguments(
      "paint wall red blue a=1 b=c=d --count 7 --share .25 --tint red --limit 2 --sizes 3,4 --to x.txt "
        + "--term moss^0.5 --loud --no-wet")
    #expect(try paint[Self.space] == "wall")
    #expect(try paint[Self.color] == .red)
    #expect(try paint[Self.wall] == .blue)
    let pairs = try paint[Self.pairs]
    #expect(pairs.map(\.name) == ["a", "b"] && pairs.map(\.value) == ["1", "c=d"])
    #expect(try paint[Self.count] == 7)
    #expect(try paint[Self.share] == 0.25)
    #expect(try paint[Self.tint] == .red)
    #expect(try paint[Self.limit] == 2)
    #expect(try paint[Self.sizes] == [3, 4])
    #expect(try paint[Self.file] == "x.txt")
    #expect(try paint[Self.terms].map(\.weight) == [0.5])
    #expect(try paint[Self.isLoud])
    #expect(try paint[Self.isWet] == false)
    #expect(paint.given(Self.count) && paint.given(Self.isLoud))
  }

  @Test func `what is not written has its default`() throws {
    let paint = try arguments("paint wall --to x.txt")
    #expect(try paint[Self.color] == nil)
    #expect(try paint[Self.wall] == .red)
    #expect(try paint[Self.pairs].isEmpty)
    #expect(try paint[Self.count] == 3)
    #expect(try paint[Self.share] == 0.5)
    #expect(try paint[Self.tint] == .blue)
    #expect(try paint[Self.limit] == nil)
    #expect(try paint[Self.sizes].isEmpty && paint[Self.terms].isEmpty)
    #expect(try !paint[Self.isLoud])
    #expect(try paint[Self.isWet] == nil)
    #expect(!paint.given(Self.count))
  }

  @Test func `help shows the default that counts`() throws {
    let page = try HelpText(Self.registry).page(for: "paint")
    for text in [
      "(default: 3)", "(default: 0.5)", "red, blue (default: blue)", "(default: no limit)",
    ] {
      #expect(page.contains(text), "\(page)")
    }
    #expect(page.contains("--to FILE"))
  }

  @Test func `an object left out by hand is asked for`() throws {
    let paint = try arguments("paint --to x.txt", style: .interactive)
    let error = try #require(throws: ParallaxError.self) { try paint[Self.space] }
    #expect(error.code == .missingObject && error.usage?.hasPrefix("paint [SPACE]") == true)
  }

  @Test func `a key of another command gives nothing wrong`() throws {
    let other = OptionKey.single("depth", .integer(1...9), placeholder: "N", help: "", default: 1)
    let otherObject = ObjectKey<String?>.optional("OTHER", .text)
    let paint = try arguments("paint wall --to x.txt")
    let option = try #require(throws: ParallaxError.self) { try paint[other] }
    let object = try #require(throws: ParallaxError.self) { try paint[otherObject] }
    #expect(option.code == .internalError && object.code == .internalError)
  }

  @Test func `errors are about a key's value`() throws {
    let paint = try arguments("paint wall --sizes 3,4 --to x.txt")
    let error = paint.error(at: Self.sizes, index: 1, .invalidValue, "too big", hint: "smaller")
    #expect(error.location?.part == "4" && error.hint == "smaller")
    #expect(paint.error(at: Self.limit, .invalidValue, "no").location?.part == "paint")
    let thrown = try #require(throws: ParallaxError.self) {
      try attributing(to: Self.sizes, index: 1) { throw ParallaxError(.invalidValue, "too big") }
    }
    #expect(paint.located(thrown).location?.part == "4")
  }
}

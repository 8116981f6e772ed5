internal import CommandLanguage
internal import ParallaxConditions
internal import ParallaxCore
internal import ParallaxSearch
private import ParallaxSystem
internal import ParallaxWorkbench

extension Query {
  private static let options: [(name: String, sign: Double)] = [
    ("text", 1), ("image", 1), ("like", 1), ("not-text", -1), ("not-image", -1), ("not-like", -1),
  ]

  /// What the options of `query` ask for.
  ///
  /// - Throws: what contradicts itself, pointing at the option.
  init(_ arguments: Arguments) throws {
    let terms = Self.terms(arguments)
    guard !terms.isEmpty else {
      throw arguments.error(
        .missingOption, "'query' needs something to look for: --text, --image or --like",
        usage: true)
    }
    self.init(terms: terms)
    top = arguments.integer("top") ?? top
    condition = try WhereExpression(arguments)
    minimumScore = arguments.number("min-score").map { Float($0) }
    fusion = arguments.string("fuse").flatMap(Fusion.init(rawValue:)) ?? fusion
    similarity = arguments.string("similarity").flatMap(Similarity.init(rawValue:)) ?? similarity
    method = try Self.method(arguments)
    expansion = arguments.integer("ef")
    excludesOwn = arguments.flag("exclude-self")
    diversity = arguments.number("mmr")
    dimensions = arguments.integers("dims")
    do { try check() } catch let error as ParallaxError { throw arguments.located(error) }
  }

  private static func terms(_ arguments: Arguments) -> [Term] {
    options.flatMap { option, sign in
      arguments.weighted(option).enumerated().map { index, typed in
        let content: Term.Content =
          switch option {
          case "text", "not-text": .text(typed.value)
          case "image", "not-image": .image(path: PathText.expandingHome(typed.value))
          default: .item(ItemID(typed.value))
          }
        return Term(
          content, weight: sign * typed.weight,
          label: "\(option) \(Quoting.quoted(typed.value))",
          parameter: .init(name: option, index: index))
      }
    }
  }

  private static func method(_ arguments: Arguments) throws -> Method {
    if arguments.flag("exact") {
      for other in ["codes", "oversample", "ef"] where arguments.given(other) {
        throw arguments.error(
          atOption: other, .usage,
          "--exact compares every row in full; --\(other) is no part of that")
      }
      return .exact
    }
    guard let codes = arguments.string("codes").flatMap(Codes.init(rawValue:)) else {
      guard !arguments.given("oversample") else {
        throw arguments.error(
          atOption: "oversample", .usage, "--oversample goes with --codes int8 or --codes binary")
      }
      return .best
    }
    return .codes(codes, oversample: arguments.number("oversample") ?? codes.usualOversample)
  }
}

extension WhereExpression {
  /// The `--where` of a command; `nil` when it has none.
  ///
  /// - Throws: `where-syntax`, pointing into the quoted text.
  init?(_ arguments: Arguments) throws {
    guard let text = arguments.string("where") else { return nil }
    do { try self.init(parsing: text) } catch {
      throw arguments.located(error.aboutCondition)
    }
  }
}

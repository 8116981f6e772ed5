internal import ParallaxCore
private import ParallaxSystem

/// What remote models cost: the prices that come with the program, and those a person wrote over them.
///
/// The file is CSV with the columns provider, model, dollars_per_image, dollars_per_million_tokens and
/// date, and for a judge dollars_per_million_answer_tokens; the price of an image is empty for a model of
/// texts. Lines that begin with `#` are skipped.
package struct PriceList: Sendable, Hashable {
  private struct Key: Hashable {
    var provider: String
    var model: String
  }

  private static let columns = [
    "provider", "model", "dollars_per_image", "dollars_per_million_tokens", "date",
  ]
  private static let answerColumn = "dollars_per_million_answer_tokens"
  private var own: [Key: ModelPrice] = [:]

  /// The prices that come with the program.
  package init() {}

  /// - Throws: `invalid-value` naming the line; `unreadable-file`.
  package init(fileAt path: String) throws {
    let lines = String(decoding: try InputFile.contents(of: path, atMost: 1 << 20), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let line = line.hasSuffix("\r") ? line.dropLast() : line
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      if line.isEmpty || line.hasPrefix("#") || cells == Self.columns { continue }
      if cells == Self.columns + [Self.answerColumn] { continue }
      let isJudge = cells.count == Self.columns.count + 1
      guard isJudge || cells.count == Self.columns.count, case let image = Self.dollars(cells[2]),
        image != nil || cells[2].isEmpty,
        let tokens = Self.dollars(cells[3]),
        let answer = isJudge ? Self.dollars(cells[5]) : 0
      else {
        throw ParallaxError(
          .invalidValue,
          "line \(index + 1) of '\(path)' is not a price; a line holds "
            + Self.columns.joined(separator: ",") + " and for a judge ,\(Self.answerColumn)")
      }
      own[Key(provider: cells[0], model: cells[1])] = ModelPrice(
        dollarsPerImage: image, dollarsPerMillionTokens: tokens,
        dollarsPerMillionAnswerTokens: answer, date: cells[4])
    }
  }

  /// `nil` where it is unknown.
  package func price(of model: String, provider: any Provider.Type) -> ModelPrice? {
    own[Key(provider: provider.id, model: model)] ?? provider.price(ofModel: model)
  }

  private static func dollars(_ text: String) -> Double? {
    Double(text).flatMap { $0 >= 0 && $0.isFinite ? $0 : nil }
  }
}

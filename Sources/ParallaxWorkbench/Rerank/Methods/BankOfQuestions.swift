internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxSearch
internal import ParallaxStatistics

/// The questions of a run as a bank, and how near to it each candidate of the run is.
struct BankOfQuestions {
  /// Rows whose nearness is computed together, between two looks at whether to stop.
  private static let step = 256
  private static let seed: UInt64 = 1
  static let parameter = RerankParameter(
    "bank", .integer(2...1_000_000), usual: "10000",
    "at most so many of the run's questions, drawn with a fixed seed")

  /// What every method that has one says of it.
  static let facts: [ModelDescription.Fact] = [
    .init(
      "bank",
      "the questions of the run, so that what is asked together decides: the same question alone may "
        + "be answered otherwise"),
    .init("helps", "texts that look for images, where each image is the answer to few of them"),
    .init(
      "harms",
      "where many questions of the run have the same right answers: they are taken for hubs; and "
        + "with few questions, which tell no hubs"),
  ]

  /// The place in the bank of each question that is in it.
  let places: [Int: Int]
  private let nearness: [Int: QuestionBank.Nearness]

  /// - Parameters:
  ///   - method: names the method in errors.
  ///   - size: questions in the bank, at most.
  ///   - neighbours: nearest questions that are kept of each candidate.
  /// - Throws: `unsupported` for fewer than two questions; `cancelled`.
  init(
    of side: RerankInput.Side, for method: String, size: Int, beta: Double, neighbours: Int
  ) throws {
    guard side.questions.count > 1 else {
      throw ParallaxError(
        .unsupported,
        "'\(method)' tells hubs by the other questions of a run; the result has one question",
        hint: "ask many: 'query SPACE --queries FILE | rerank --model \(method)'")
    }
    let chosen = RandomSample.places(size, of: side.questions.count, seed: Self.seed)
    places = Dictionary(uniqueKeysWithValues: zip(chosen, chosen.indices))
    let bank = try QuestionBank(
      chosen.map { side.questions[$0] }, dimension: side.matrix.dimension)
    var own: [Int: Set<Int>] = [:]
    for (question, place) in places {
      for row in side.ownRows(question) { own[row, default: []].insert(place) }
    }
    let rows = Set(side.rows.joined().compactMap(\.self)).sorted()
    var nearness: [Int: QuestionBank.Nearness] = [:]
    for start in stride(from: 0, to: rows.count, by: Self.step) {
      try Task.checkCancellation()
      let part = Array(rows[start..<min(start + Self.step, rows.count)])
      let found = bank.nearness(
        of: part, in: side.matrix, beta: beta, neighbours: neighbours, without: own)
      for (row, near) in zip(part, found) { nearness[row] = near }
    }
    self.nearness = nearness
  }

  /// Of the candidates of a list.
  func nearness(of list: RankedVectors) -> [QuestionBank.Nearness] {
    list.rows.compactMap { nearness[$0] }
  }

  static func warnings(for method: String, size: Int, questions: Int) -> [String] {
    guard questions > size else { return [] }
    return [
      "\(size) of the \(questions) questions are the bank of '\(method)': "
        + "--model \(method):bank=\(questions) takes all of them"
    ]
  }
}

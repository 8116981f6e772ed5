internal import ParallaxCore
internal import ParallaxDigest
internal import ParallaxHTTP

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// A judge that orders a list as a whole: from two shuffled orders of it, or from votes on its pairs.
struct ListJudge: MeteredReranker {
  let spec: RerankerSpec
  let capabilities: RerankerCapabilities
  let notes: [String]
  let content: GenerateContentAPI
  let prompt: JudgePrompt
  let client: HTTPClient
  let show: JudgeShow
  /// Decides the shuffles, with the list.
  let seed: UInt64
  let record: JudgeRecord

  /// Votes of one list under way at once.
  private static let votesAtOnce = 4
  /// Of a vote, with the thoughts before it.
  private static let voteTokens = 128

  /// Of an order of so many candidates, with the thoughts before it.
  private static func orderTokens(_ count: Int) -> Int { 512 + 8 * count }

  func drainFindings() -> RerankerFindings {
    let warnings = record.drainWarnings()
    return RerankerFindings(notes: record.drainNotes(), warnings: warnings)
  }

  @concurrent func scores(
    of candidates: [ModelInput], for question: ModelInput, meter: (any RequestMeter)?
  ) async throws -> [Result<Double, ParallaxError>] {
    try capabilities.check(candidates, for: question, model: spec.model)
    let asked = try await show.inputs.ready(question)
    let ready = try await candidates.concurrentOutcomes { try await show.ready($0) }
    var outcomes: [Result<Double, ParallaxError>] = ready.map { $0.map { _ in 0 } }
    let list = ready.enumerated().compactMap { position, outcome in
      (try? outcome.get()).map {
        Shown(position: position, candidate: $0)
      }
    }
    let steps = JudgeSteps(content: content, client: client, record: record, meter: meter)
    let ranks =
      prompt.mode == .pairwise
      ? try await ranksByVotes(list, asked, steps)
      : try await ranksByOrders(list, asked, steps, seed: seed(candidates, question))
    for (shown, rank) in zip(list, ranks) {
      outcomes[shown.position] = rank.map { Double(Float(1) / Float($0 + 1)) }
    }
    try meter?.keep(
      Dictionary(
        uniqueKeysWithValues: list.compactMap { shown in
          (try? outcomes[shown.position].get()).map { (shown.position, [Float($0)]) }
        }))
    return outcomes
  }

  /// A candidate that can be shown.
  private struct Shown: Sendable {
    /// Among the candidates.
    var position: Int
    var candidate: ShownCandidate
  }

  /// Each list is shuffled in a way of its own, and always in the same.
  private func seed(_ candidates: [ModelInput], _ question: ModelInput) -> UInt64 {
    let words = ["\(seed)"] + ([question] + candidates).map { $0.digest?.hexadecimal ?? $0.name }
    return Digest.sha256(words.joined(separator: "\n")).bytes.prefix(8)
      .reduce(0) { $0 << 8 | UInt64($1) }
  }

  // MARK: - Two orders

  private struct Ranking: Decodable { var ranking: [Int] }

  /// From 0, one a candidate.
  private func ranksByOrders(
    _ list: [Shown], _ question: RemoteInput, _ steps: JudgeSteps, seed: UInt64
  ) async throws -> [Result<Int, ParallaxError>] {
    if list.count < 2 { return list.map { _ in .success(0) } }
    let orders = TwoOrders(count: list.count, seed: seed)
    var rankings: [[Int]] = []
    for order in [orders.first, orders.second] {
      let shown = order.map { list[$0] }
      let count = list.count
      let answer = try await steps.answer(
        to: GenerateContentAPI.Ask(
          system: prompt.system,
          parts: try await show.parts(question: question, candidates: shown.map(\.candidate)),
          schema: prompt.schema, answerTokens: Self.orderTokens(count),
          resolution: show.layout.resolution),
        about: shown.map(\.position)
      ) { Self.numbers(in: $0, count: count) }
      switch answer {
      // The count stands before the numbers.
      case .success(let numbers): rankings.append(numbers.dropFirst().map { order[Int($0) - 1] })
      // A list is judged as a whole or not at all.
      case .failure(let error): return list.map { _ in .failure(error) }
      }
    }
    let (order, agreement) = orders.ranking((rankings[0], rankings[1]))
    record.note(agreement, isKept: !agreement.isTrusted)
    var ranks = [Result<Int, ParallaxError>](repeating: .success(0), count: list.count)
    for (rank, place) in order.enumerated() { ranks[place] = .success(rank) }
    return ranks
  }

  /// The count, and the numbers of an order that names none twice and none that was not shown.
  private static func numbers(in text: String, count: Int) -> [Float]? {
    guard let answer = try? JSONDecoder().decode(Ranking.self, from: Data(text.utf8)),
      Set(answer.ranking).count == answer.ranking.count,
      answer.ranking.allSatisfy({ (1...count).contains($0) })
    else { return nil }
    return ([count] + answer.ranking).map(Float.init)
  }

  // MARK: - Votes

  private struct Vote: Decodable { var better: Int }

  /// From 0, one a candidate: by the pairs that it wins both ways round, with half a point for each that
  /// nobody does.
  private func ranksByVotes(
    _ list: [Shown], _ question: RemoteInput, _ steps: JudgeSteps
  ) async throws -> [Result<Int, ParallaxError>] {
    let places = list.indices
    let pairs = places.flatMap { first in places.filter { $0 != first }.map { (first, $0) } }
    let votes = try await pairs.windowed(of: Self.votesAtOnce) { first, second in
      let shown = [list[first], list[second]]
      return try await steps.answer(
        to: GenerateContentAPI.Ask(
          system: prompt.system,
          parts: try await show.parts(question: question, candidates: shown.map(\.candidate)),
          schema: prompt.schema, answerTokens: Self.voteTokens, resolution: .high),
        about: shown.map(\.position)
      ) { text in
        (try? JSONDecoder().decode(Vote.self, from: Data(text.utf8)))
          .flatMap { (0...2).contains($0.better) ? [Float($0.better)] : nil }
      }
    }
    return ranks(of: list.count, zip(pairs, votes).map { ($0.0, $0.1, $1) })
  }

  private func ranks(
    of count: Int, _ votes: [(first: Int, second: Int, answer: AnsweredVector)]
  ) -> [Result<Int, ParallaxError>] {
    /// The winner of each pair by how it was shown; -1 for equal.
    var winners: [[Int]: Int] = [:]
    var errors = [ParallaxError?](repeating: nil, count: count)
    var answered = [Int](repeating: 0, count: count)
    for (first, second, answer) in votes {
      switch answer {
      case .success(let numbers):
        winners[[first, second]] = numbers == [1] ? first : numbers == [2] ? second : -1
        for place in [first, second] { answered[place] += 1 }
      case .failure(let error):
        for place in [first, second] { errors[place] = errors[place] ?? error }
      }
    }
    var points = [Int](repeating: 0, count: count)
    var (pairs, alike) = (0, 0)
    for high in 0..<count {
      for low in 0..<high {
        guard let one = winners[[low, high]], let other = winners[[high, low]] else { continue }
        pairs += 1
        alike += one == other ? 1 : 0
        guard one == other, one >= 0 else { continue }
        points[one] += 1
        points[one == low ? high : low] -= 1
      }
    }
    record.note(votes: pairs, alike: alike)
    let judged = (0..<count).filter { answered[$0] > 0 || count == 1 }
    let order = judged.sorted { (-points[$0], $0) < (-points[$1], $1) }
    var ranks = (0..<count).map { place in
      Result<Int, ParallaxError>.failure(
        errors[place] ?? ParallaxError(.badReply, "'\(spec.model)' gave no vote on it"))
    }
    for (rank, place) in order.enumerated() { ranks[place] = .success(rank) }
    return ranks
  }

  // MARK: - Costs

  func use(of candidate: ModelInput, for question: ModelInput, among count: Int) -> RerankUse {
    let isVote = prompt.mode == .pairwise
    let shown = isVote ? 2 : max(count, 1)
    let perImage = (isVote ? .high : show.layout.resolution).tokens
    var shared = RerankUse(question, tokensPerImage: perImage)
    var own = RerankUse(candidate, tokensPerImage: perImage)
    if !isVote, case .grid = show.layout, candidate.holdsImage {
      let grids = show.layout.pictures(of: shown)
      shared = shared + RerankUse(images: Double(grids), imageTokens: grids * perImage)
      own = RerankUse()
    }
    func share(_ whole: Int) -> Int { (whole + shown - 1) / shown }
    return own
      + RerankUse(
        images: shared.images / Double(shown), imageTokens: share(shared.imageTokens),
        tokens: share(shared.tokens + prompt.tokens) + 6,
        answerTokens: share(isVote ? Self.voteTokens : Self.orderTokens(shown)))
  }

  func sendings(ofList count: Int) -> Int {
    prompt.mode == .pairwise ? 2 * max(0, count - 1) : count < 2 ? 0 : 2
  }

  func requests(ofList count: Int) -> Int {
    prompt.mode == .pairwise ? count * max(0, count - 1) : count < 2 ? 0 : 2
  }
}

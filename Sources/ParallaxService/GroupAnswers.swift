internal import ParallaxCore
internal import ParallaxServer
internal import ParallaxStorage
internal import ParallaxWorkbench

/// What people say of groups, one answer after the other: each is kept before the next is looked at.
actor GroupAnswers {
  /// Answers that can be taken back.
  private static let most = 1_000

  private let bench: Workbench
  /// The newest last.
  private var given: [(judge: String?, answer: GroupAnswer)] = []

  init(_ bench: Workbench) { self.bench = bench }

  /// - Throws: as `Workbench.keep(_:of:in:of:by:)`.
  func keep(
    _ answer: Verdict.Answer, of items: [ItemID], in group: GroupReview.Group,
    of review: GroupReview, by judge: String?
  ) throws -> GroupAnswer {
    let kept = try bench.keep(answer, of: items, in: group, of: review, by: judge)
    if given.count == Self.most { given.removeFirst() }
    given.append((judge, kept))
    return kept
  }

  /// Takes back what a judge said last here.
  ///
  /// - Throws: `nothing-to-take-back`; `answered-again` where somebody has answered it again since; `read-only`.
  func takeBack(by judge: String?) throws -> GroupAnswer {
    guard let place = given.lastIndex(where: { $0.judge == judge }) else {
      throw ParallaxError(
        .nothingToTakeBack, "there is no answer to take back",
        hint: "answers can be taken back while the server runs; a new answer replaces an old one")
    }
    let answer = given[place].answer
    let isDone = try bench.takeBack(answer)
    given.remove(at: place)
    guard isDone else {
      throw ParallaxError(
        .answeredAgain, "the last answer was not taken back: somebody has answered it again since")
    }
    return answer
  }
}

extension ParallaxError.Code {
  static let nothingToTakeBack = Self("nothing-to-take-back")
  static let answeredAgain = Self("answered-again")
}

extension Service {
  /// The groups that are looked through.
  ///
  /// - Throws: `not-found` where `serve` was given none; `collection-gone`.
  func review() throws -> GroupReview {
    guard let review = options.groups else {
      throw ParallaxError(
        .notFound, "no groups are looked through here",
        hint: "'serve … --groups RESULT' shows those of a result of 'dedupe' or 'cluster'")
    }
    try checkThere(review.collection)
    return review
  }

  /// - Throws: `unknown-name`.
  func group(_ number: Int, of review: GroupReview) throws -> GroupReview.Group {
    if let group = review.groups.first(where: { $0.number == number }) { return group }
    throw ParallaxError(
      .unknownName, "'\(review.name)' has no group \(number) with something to ask",
      parameter: "group")
  }

  /// Who answers; `nil` for somebody without a name.
  ///
  /// - Throws: `invalid-value`.
  static func judge(_ name: String?) throws -> String? {
    guard let name, !name.isEmpty else { return nil }
    do { return try Judge(name, .person).name } catch let error as ParallaxError {
      throw error.about("judge")
    }
  }

  /// Runs what writes; its errors name no path.
  func writing<Result>(_ body: () async throws -> Result) async throws -> Result {
    try await hiding(bench.workspace.path, as: "the workspace", body)
  }
}

/// How many of the pairs that are asked about have a verdict.
struct GroupProgress {
  let judged: Int
  let pairs: Int

  init(_ review: GroupReview, _ verdicts: [ContentPair: Verdict]) {
    (judged, pairs) = (verdicts.count, review.pairs.count)
  }
}

extension GroupReview.Group {
  func isDone(_ verdicts: [ContentPair: Verdict]) -> Bool {
    pairs.allSatisfy { verdicts[$0] != nil }
  }
}

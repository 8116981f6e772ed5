internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage

/// A question with what is kept of it.
struct JudgedQuestion {
  var question: Question
  var terms: [JudgedTerm]
}

extension Workbench {
  /// What the questions of some runs ask, by id.
  ///
  /// - Parameter isWanted: which questions matter.
  /// - Throws: `invalid-value` where two runs ask different things under one id; `CancellationError`.
  func judgedQuestions(
    of runs: [SystemRun], where isWanted: (String) -> Bool = { _ in true }
  ) async throws -> [String: JudgedQuestion] {
    let questions = runs.flatMap { $0.questions?.questions ?? [] }.filter { isWanted($0.id) }
    let files = try await QuestionInputs.files(of: questions, limit: imageLimit)
    var asked: [String: JudgedQuestion] = [:]
    for question in questions {
      let terms = question.judgedTerms(files)
      if let other = asked[question.id] {
        guard other.terms.asksTheSame(as: terms) else {
          throw Self.different(other, question, terms, "two of the systems", about: .queries)
        }
      }
      asked[question.id] = JudgedQuestion(question: question, terms: terms)
    }
    return asked
  }

  /// Holds questions against those that were judged under their ids. Warns where that cannot be done.
  ///
  /// - Throws: `invalid-value` where one is another.
  static func check(
    _ asked: [String: JudgedQuestion], against kept: KeptJudgements,
    about parameter: ParallaxError.Parameter, _ handler: EventHandler
  ) throws {
    let judged = Set(kept.pairs.map(\.question)).union(kept.changed.map(\.question))
    var unread: [String] = []
    for (id, own) in asked.sorted(by: { $0.key < $1.key }) where judged.contains(id) {
      guard let terms = kept.terms[id] else { continue }
      guard terms.asksTheSame(as: own.terms) else {
        let other = JudgedQuestion(question: Question(id: id, judged: terms), terms: terms)
        throw different(
          other, own.question, own.terms, "'\(kept.set.name)' and the systems", about: parameter)
      }
      if (terms + own.terms).contains(where: { $0.kind == .image && $0.hash == nil }) {
        unread.append(id)
      }
    }
    guard let first = unread.first else { return }
    handler(
      .warning(
        "\(Wording.count(unread.count, "question")), such as '\(first)', "
          + "\(unread.count == 1 ? "asks" : "ask") by a picture that could not be read: it is not known "
          + "whether '\(kept.set.name)' judges the same"))
  }

  private static func different(
    _ one: JudgedQuestion, _ other: Question, _ terms: [JudgedTerm], _ who: String,
    about parameter: ParallaxError.Parameter
  ) -> ParallaxError {
    func fixed(_ terms: [JudgedTerm]) -> [JudgedTerm] { terms.filter { $0.kind != .image } }
    let how =
      fixed(one.terms) == fixed(terms)
      ? "its picture is another one" : "\(one.question.words) and \(other.words)"
    return ParallaxError(
      .invalidValue, "\(who) do not mean the same by question '\(other.id)': \(how)",
      hint: "give questions ids of their own, or judge in another set", parameter: parameter)
  }
}

extension Question {
  /// What is asked, in words.
  package var words: String { terms.map(\.label).joined(separator: " and ") }
}

extension [JudgedTerm] {
  /// Whether the same is asked: a picture may have moved, its bytes are the same. One that could not be read
  /// is taken for the same.
  func asksTheSame(as other: [JudgedTerm]) -> Bool {
    count == other.count
      && zip(self, other).allSatisfy { one, other in
        guard one.kind == other.kind, one.weight == other.weight else { return false }
        guard one.kind == .image else { return one.value == other.value }
        guard let left = one.hash, let right = other.hash else { return true }
        return left == right
      }
  }

  /// These, with what is known of pictures that could not be read now.
  func completed(by other: [JudgedTerm]) -> [JudgedTerm] {
    guard count == other.count else { return self }
    return zip(self, other).map { one, other in
      var one = one
      one.hash = one.hash ?? other.hash
      return one
    }
  }
}

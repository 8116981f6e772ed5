internal import ParallaxCore
package import ParallaxStorage
private import ParallaxSystem
private import ParallaxText

/// Which answers a judge is asked about.
package struct JudgingRequest: Sendable, Hashable {
  /// Answers of each list that are taken.
  package var depth = 20
  /// At most so many pairs; `nil` for all.
  package var most: Int?
  /// Whether pairs that this judge graded before are asked about, too.
  package var asksAgain = false
  /// Of a model, see ``Workbench/identity(ofJudge:)``: its grades of another do not count as judged before.
  package var identity: String?
  /// Of the order.
  package var seed: UInt64

  package init(seed: UInt64) { self.seed = seed }
}

/// What a judge is asked, in order, with all that is needed to show it: the same at a prompt and on a page.
///
/// It says nothing of which system found what, nor how early, nor what others said.
package struct Judging: Sendable {
  package struct Pair: Sendable, Hashable {
    package var question: String
    package var item: ItemRecord
    /// What this judge said before, or how it was settled; also of a picture that is another one now.
    package var before: Grade?
    /// What is to be settled; empty otherwise.
    package var others: [Grade] = []
  }

  /// The name of the set, which is made with its first grade.
  package let name: String
  package let collection: ItemCollection
  package let judge: Judge
  package let pairs: [Pair]
  /// What is asked, by id; nothing of a question that only its id is known of.
  package let questions: [String: Question]
  /// What is kept of them.
  let terms: [String: [JudgedTerm]]
  /// Pairs that this judge graded before, which are left out.
  package var judged = 0
  /// Of a model that judges.
  var identity: String?
  /// Pairs behind as many as were asked for.
  package var beyond = 0
  /// Of the order; `nil` where nothing is shuffled.
  package var seed: UInt64?
}

extension Question {
  /// What is kept of it, so that it can be shown without its file, and told from another.
  ///
  /// - Parameter files: what is known of each image asked by.
  func judgedTerms(_ files: [String: Result<ContentHash, ParallaxError>]) -> [JudgedTerm] {
    terms.map { term in
      switch term.content {
      case .text(let text): JudgedTerm(.text, text, weight: term.weight)
      case .image(let path):
        JudgedTerm(
          .image, PathText.absolute(path), weight: term.weight, hash: try? files[path]?.get())
      case .item(let id): JudgedTerm(.item, id.rawValue, weight: term.weight)
      }
    }
  }

  init(id: String, judged terms: [JudgedTerm]) {
    self.init(
      id: id,
      terms: terms.map { term in
        let content: Query.Term.Content =
          switch term.kind {
          case .text: .text(term.value)
          case .image: .image(path: term.value)
          case .item: .item(ItemID(term.value))
          }
        let name = term.kind == .item ? "like" : term.kind.rawValue
        return Query.Term(
          content, weight: term.weight, label: "\(name) \(JSON.string(term.value))",
          parameter: .queries)
      })
  }
}

internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage

/// Questions as a reranker reads them, and what of them it does not.
///
/// A reranker reads what is looked for: texts, images and items. What is subtracted, and weights, have no
/// meaning for it.
struct RerankQuestions {
  /// One a question.
  private(set) var inputs: [ModelInput] = []
  private var negative = 0
  private var weighted = 0
  private var unread: [String: Int] = [:]

  /// - Parameters:
  ///   - files: the SHA-256 of each image that is asked by.
  ///   - items: those that are asked by.
  ///   - name: of the reranker, for errors.
  /// - Throws: `unsupported` naming the question that the reranker cannot read; what is wrong with a file
  ///   of an image.
  init(
    _ lists: RerankLists, files: [String: Result<ContentHash, ParallaxError>],
    items: [ItemID: ItemRecord], for capabilities: RerankerCapabilities, named name: String
  ) throws {
    for question in lists.questions {
      let wanted = question.terms.filter { $0.weight > 0 }
      if question.terms.contains(where: { $0.weight < 0 }) { negative += 1 }
      if Set(wanted.map(\.weight)).count > 1 { weighted += 1 }
      var parts: [ModelInput.Part] = []
      var unread: Set<String> = []
      for term in wanted {
        switch try Self.part(of: term, files, items) {
        case .text(let text):
          if capabilities.readsQuestionText {
            parts.append(.text(text))
          } else {
            unread.insert("texts")
          }
        case let image:
          if capabilities.readsQuestionImages {
            parts.append(image)
          } else {
            unread.insert("images")
          }
        }
      }
      guard !parts.isEmpty else {
        throw Self.unreadable(question, of: lists, by: name, capabilities)
      }
      for kind in unread { self.unread[kind, default: 0] += 1 }
      let text = question.text ?? question.id
      inputs.append(
        ModelInput(name: text.isEmpty ? "the question" : text, parts: parts))
    }
  }

  private static func part(
    of term: Query.Term, _ files: [String: Result<ContentHash, ParallaxError>],
    _ items: [ItemID: ItemRecord]
  ) throws -> ModelInput.Part {
    switch term.content {
    case .text(let text): return .text(text)
    case .image(let path):
      do throws(ParallaxError) { return .image(path: path, hash: try files[path]?.get()) } catch {
        throw error.about(term.parameter)
      }
    case .item(let id):
      guard let item = items[id] else {
        throw ParallaxError(
          .unknownName, "item '\(id)' is not there any more", parameter: term.parameter)
      }
      return .image(path: item.path, hash: item.hash)
    }
  }

  private static func unreadable(
    _ question: Question, of lists: RerankLists, by name: String,
    _ capabilities: RerankerCapabilities
  ) -> ParallaxError {
    let reads = [
      capabilities.readsQuestionText ? "texts" : nil,
      capabilities.readsQuestionImages ? "images" : nil,
    ].compactMap(\.self).joined(separator: " and ")
    let isOne = lists.questions.count == 1 && lists.set.path == nil
    let place = isOne ? "the question" : lists.set.place(of: question)
    return ParallaxError(
      .unsupported, "'\(name)' reads \(reads), and \(place) has none of that to look for",
      hint: isOne
        ? capabilities.readsQuestionText
          ? "--query \"…\" says it in words" : "--image FILE shows it"
        : "leave the question out, or choose a reranker that reads it ('list models')")
  }

  /// A sentence for each thing that is left out.
  func warnings(about name: String) -> [String] {
    let total = inputs.count
    func questions(_ count: Int) -> String {
      total == 1 ? "" : " of \(Wording.count(count, "question"))"
    }
    var sentences: [String] = []
    if negative > 0 {
      sentences.append(
        "what is subtracted\(questions(negative)) is left out: '\(name)' reads what is looked for")
    }
    if weighted > 0 {
      sentences.append("the weights of terms\(questions(weighted)) are left out by '\(name)'")
    }
    for (kind, count) in unread.sorted(by: { $0.key < $1.key }) {
      sentences.append("the \(kind)\(questions(count)) are left out: '\(name)' does not read them")
    }
    return sentences
  }
}

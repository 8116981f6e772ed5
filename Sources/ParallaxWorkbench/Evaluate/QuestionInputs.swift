internal import ParallaxCore

/// What some questions ask by: each text, image and pair of both once, whoever asks by it.
struct QuestionInputs: Sendable {
  /// Inputs that are embedded alike.
  struct Group: Sendable {
    /// The query side's task type; `nil` for the one of the space.
    var task: String?
    var inputs: [ModelInput] = []
  }

  /// Where the vector of a term comes from.
  enum Source: Sendable {
    case input(group: Int, index: Int)
    case item(ItemID)
    /// There is none.
    case failed(ParallaxError)
  }

  private struct Key: Hashable {
    var text: String?
    var image: ContentHash?
  }

  private(set) var groups: [Group] = []
  /// One list a question, in the order of its terms; a joint question has one source.
  private(set) var sources: [[Source]] = []
  private var known: [[Key: Int]] = []
  private let files: [String: Result<ContentHash, ParallaxError>]
  /// What stands in front of every text alone.
  private let words: String

  /// - Parameters:
  ///   - queries: the questions with the template's options.
  ///   - files: what is known of each image asked by.
  ///   - task: what stands in for the task type of the space; that of a question counts more.
  init(
    _ questions: [Question], as queries: [Query],
    files: [String: Result<ContentHash, ParallaxError>], under task: TaskForm? = nil
  ) {
    self.files = files
    words = task?.words ?? ""
    sources = zip(questions, queries).map { question, query in
      let group = group(of: question.task ?? task?.type)
      return query.fusion == .joint
        ? [joint(query.terms, group)] : query.terms.map { source(of: $0.content, group) }
    }
  }

  /// How many there are.
  var count: Int { groups.reduce(0) { $0 + $1.inputs.count } }

  private mutating func group(of task: String?) -> Int {
    if let known = groups.firstIndex(where: { $0.task == task }) { return known }
    groups.append(Group(task: task))
    known.append([:])
    return groups.count - 1
  }

  private mutating func source(of content: Query.Term.Content, _ group: Int) -> Source {
    switch content {
    case .item(let id): return .item(id)
    case .text(let text): return input(.text(words + text), Key(text: text), group)
    case .image(let path):
      return withHash(of: path) { inputs, hash in
        inputs.input(
          ModelInput(name: path, parts: [.image(path: path, hash: hash)]), Key(image: hash), group)
      }
    }
  }

  /// One text and one image as one input, as a query of this kind has them.
  private mutating func joint(_ terms: [Query.Term], _ group: Int) -> Source {
    var (text, path) = ("", "")
    for term in terms {
      switch term.content {
      case .text(let words): text = words
      case .image(let file): path = file
      case .item: break
      }
    }
    return withHash(of: path) { inputs, hash in
      inputs.input(
        ModelInput(name: path, parts: [.image(path: path, hash: hash), .text(text)]),
        Key(text: text, image: hash), group)
    }
  }

  private mutating func withHash(
    of path: String, _ body: (inout Self, ContentHash) -> Source
  ) -> Source {
    switch files[path] {
    case .success(let hash): body(&self, hash)
    case .failure(let error): .failed(error)
    case nil: .failed(ParallaxError(.internalError, "'\(path)' was not read"))
    }
  }

  private mutating func input(_ input: ModelInput, _ key: Key, _ group: Int) -> Source {
    let index = known[group][key] ?? groups[group].inputs.count
    if index == groups[group].inputs.count {
      groups[group].inputs.append(input)
      known[group][key] = index
    }
    return .input(group: group, index: index)
  }

  // MARK: - Files

  /// The SHA-256 of each image that some questions ask by, or why there is none.
  ///
  /// - Parameter limit: bytes of a file that is still read.
  /// - Throws: `CancellationError`.
  @concurrent static func files(
    of questions: [Question], limit: Int
  ) async throws -> [String: Result<ContentHash, ParallaxError>] {
    var paths: Set<String> = []
    for term in questions.flatMap(\.terms) {
      if case .image(let path) = term.content { paths.insert(path) }
    }
    return try await PictureFiles.hashes(of: paths, limit: limit)
  }
}

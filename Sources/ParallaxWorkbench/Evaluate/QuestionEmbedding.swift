internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage

/// Embeds what questions ask by, in batches, with the models of one space.
struct QuestionEmbedding {
  let bench: Workbench
  let space: Space
  let budget: Int?
  let inputs: QuestionInputs
  /// One a group of inputs.
  private let embedders: [any Embedder]

  typealias Vectors = [[Result<[Float], ParallaxError>]]

  /// Opens the models.
  ///
  /// - Parameter isForEstimate: whether nothing will be embedded.
  /// - Throws: `unsupported` for a task type that the model does not know; what opens no model.
  init(
    _ inputs: QuestionInputs, bench: Workbench, space: Space, budget: Int?,
    isForEstimate: Bool = false
  ) async throws {
    self.inputs = inputs
    self.bench = bench
    self.space = space
    self.budget = budget
    var embedders: [any Embedder] = []
    for group in inputs.groups where !group.inputs.isEmpty {
      do {
        embedders.append(
          try await bench.models.embedder(
            for: space, asking: group.task, budget: budget, isForEstimate: isForEstimate))
      } catch let error as ParallaxError where group.task != nil {
        throw error.about(.queries)
      }
    }
    self.embedders = embedders
  }

  /// The groups that have something to embed, with their models.
  var parts: [(group: QuestionInputs.Group, embedder: any Embedder)] {
    Array(zip(inputs.groups.filter { !$0.inputs.isEmpty }, embedders)).map { ($0.0, $0.1) }
  }

  /// One outcome an input, by group.
  ///
  /// - Throws: `budget` before anything is asked for that would exceed it; what a provider says that
  ///   is no matter of one input; `cancelled` saying how much was done.
  func vectors(_ progress: @escaping ProgressHandler) async throws -> Vectors {
    var (vectors, done) = (Vectors(), 0)
    var next = embedders[...]
    for group in inputs.groups {
      guard !group.inputs.isEmpty, let embedder = next.popFirst() else {
        vectors.append([])
        continue
      }
      let before = done
      vectors.append(
        try await embedder.outcomes(of: group.inputs, side: .query, "texts and images") {
          done = before + $0
          progress(
            Progress("embedding", completed: done, total: inputs.count, unit: "texts and images"))
        })
    }
    return vectors
  }

  /// Sentences about texts of which a model reads only the beginning.
  func cut() async throws -> [String] {
    struct Cut: Hashable {
      var tokens: Int
      /// Its words are part of a text.
      var task: String
    }
    var counts: [Cut: Int] = [:]
    for (group, embedder) in parts {
      let task = embedder.spec.queryTask.map { " (task \($0))" } ?? ""
      for (side, isJoint) in [(EmbeddingSide.query, false), (.document, true)] {
        let texts = group.inputs.filter { $0.holdsImage == isJoint }.compactMap(\.firstText)
        if texts.isEmpty { continue }
        for limit in try await embedder.limits(exceededBy: texts, side: side) {
          if let limit { counts[Cut(tokens: limit.tokens, task: task), default: 0] += 1 }
        }
      }
    }
    return counts.sorted { ($0.key.tokens, $0.key.task) < ($1.key.tokens, $1.key.task) }.map {
      cut, count in
      let subject =
        "\(Wording.count(count, "text")) of the questions\(cut.task) \(count == 1 ? "was" : "were")"
      return TextLimit(tokens: cut.tokens).warning(subject, of: space.spec.model)
    }
  }

  /// The terms of each question with their vectors, or why it cannot be asked.
  func terms(
    of queries: [Query], _ vectors: Vectors, _ loaded: LoadedSpace
  ) -> [Result<[QueryTerms.Term], ParallaxError>] {
    zip(queries, inputs.sources).map { query, sources in
      let found = sources.map { source -> Result<[Float], ParallaxError> in
        switch source {
        case .input(let group, let index): return vectors[group][index]
        case .failed(let error): return .failure(error)
        case .item(let id):
          if let row = loaded.row(of: id) { return .success(loaded.matrix.row(row)) }
          return .failure(
            ParallaxError(
              .unknownName, "item '\(id)' has no vector in '\(loaded.space.reference)'"))
        }
      }
      if query.fusion == .joint {
        return found[0].map {
          [QueryTerms.Term(label: "text and image as one", vector: $0, weight: 1)]
        }
      }
      var terms: [QueryTerms.Term] = []
      for (term, outcome) in zip(query.terms, found) {
        switch outcome {
        case .success(let vector):
          terms.append(.init(label: term.label, vector: vector, weight: term.weight))
        case .failure(let error): return .failure(error)
        }
      }
      return .success(terms)
    }
  }
}

extension ModelInput {
  fileprivate var firstText: String? {
    for case .text(let text) in parts { return text }
    return nil
  }
}

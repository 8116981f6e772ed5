package import ParallaxCore

/// One of many questions that are asked alike.
package struct Question: Sendable, Hashable {
  /// Of the set; not empty.
  package var id: String
  /// What is looked for; at least one term.
  package var terms: [Query.Term]
  /// The query side's task type, where it is not the one of the space.
  package var task: String?
  /// Whatever else the file says of it, by column, for slices, clusters and rules of relevance.
  package var fields: [String: Value]
  /// In its file, from 1; `nil` for a question that no file holds.
  package var line: Int?

  package init(
    id: String, terms: [Query.Term], task: String? = nil, fields: [String: Value] = [:],
    line: Int? = nil
  ) {
    self.id = id
    self.terms = terms
    self.task = task
    self.fields = fields
    self.line = line
  }

  /// Its first text, for tables; `nil` for a question by images or items alone.
  package var text: String? {
    for term in terms {
      if case .text(let text) = term.content { return text }
    }
    return nil
  }
}

/// The questions of a file.
package struct QuestionSet: Sendable, Hashable {
  /// A column of metadata.
  package struct Column: Sendable, Hashable {
    package var name: String
    package var kind: ValueKind

    package init(_ name: String, _ kind: ValueKind) {
      self.name = name
      self.kind = kind
    }
  }

  /// In the order of the file, no id twice.
  package var questions: [Question]
  /// The columns that are metadata, in the order of the file.
  package var columns: [Column]
  /// The file with its SHA-256, for provenance.
  package var inputs: [Provenance.Name]
  /// The file, as it was named.
  package var path: String?

  package init(
    _ questions: [Question], columns: [Column] = [], inputs: [Provenance.Name] = [],
    path: String? = nil
  ) {
    self.questions = questions
    self.columns = columns
    self.inputs = inputs
    self.path = path
  }

  /// Where a question stands, for errors: its file and line, or its id.
  package func place(of question: Question) -> String {
    guard let path, let line = question.line else { return "question '\(question.id)'" }
    return "'\(path)', line \(line)"
  }

  /// An error about a question, with its place.
  func fault(_ error: ParallaxError, in question: Question) -> ParallaxError {
    var copy = error
    copy.message = "\(place(of: question)): \(error.message)"
    copy.parameter = .queries
    copy.location = nil
    return copy
  }
}

extension Query {
  /// The query with the terms of a question.
  ///
  /// - Throws: what contradicts itself, with the question's place.
  func asking(_ question: Question, of set: QuestionSet) throws -> Query {
    var query = self
    query.terms = question.terms
    do { try query.check() } catch let error as ParallaxError {
      throw set.fault(error, in: question)
    }
    return query
  }
}

extension ParallaxError.Parameter {
  /// The file of questions.
  package static let queries = ParallaxError.Parameter(name: "queries")
}

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

  package init(
    id: String, terms: [Query.Term], task: String? = nil, fields: [String: Value] = [:]
  ) {
    self.id = id
    self.terms = terms
    self.task = task
    self.fields = fields
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
  /// In the order of the file, no id twice.
  package var questions: [Question]
  /// The columns that are metadata, in the order of the file.
  package var columns: [String]
  /// The file with its SHA-256, and those of the images asked by; for provenance.
  package var inputs: [Provenance.Name]

  package init(
    _ questions: [Question], columns: [String] = [], inputs: [Provenance.Name] = []
  ) {
    self.questions = questions
    self.columns = columns
    self.inputs = inputs
  }
}

internal import ParallaxCore

/// A task type, and the words that stand for it in front of a text.
///
/// Source: the service's documentation of embeddings, as of November 2026.
struct GeminiTask: Sendable, Hashable {
  var name: String
  /// The query side that belongs to it.
  var queryName: String
  var documentPrefix: String
  var queryPrefix: String

  var prefixes: [EmbeddingSide: String] { [.document: documentPrefix, .query: queryPrefix] }

  private static func symmetric(_ name: String, _ words: String) -> GeminiTask {
    let prefix = "task: \(words) | query: "
    return GeminiTask(name: name, queryName: name, documentPrefix: prefix, queryPrefix: prefix)
  }

  private static func retrieval(_ name: String, _ query: String, _ words: String) -> GeminiTask {
    GeminiTask(
      name: name, queryName: query, documentPrefix: "title: none | text: ",
      queryPrefix: "task: \(words) | query: ")
  }

  static let all = [
    retrieval("RETRIEVAL_DOCUMENT", "RETRIEVAL_QUERY", "search result"),
    retrieval("QUESTION_ANSWERING", "QUESTION_ANSWERING", "question answering"),
    retrieval("FACT_VERIFICATION", "FACT_VERIFICATION", "fact checking"),
    symmetric("SEMANTIC_SIMILARITY", "sentence similarity"),
    symmetric("CLASSIFICATION", "classification"),
    symmetric("CLUSTERING", "clustering"),
  ]
}

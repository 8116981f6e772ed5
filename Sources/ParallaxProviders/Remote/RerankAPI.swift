internal import ParallaxHTTP

/// The wire format of a remote reranker: how a question and its candidates become a request and a reply
/// becomes scores.
protocol RerankAPI: RemoteAPI {
  /// - Parameter documents: the candidates of one request, of one part each.
  /// - Throws: when what a request needs first, such as a token, is not to be had.
  func request(for documents: [RemoteInput], question: RemoteInput) async throws -> HTTPRequest

  /// One outcome a candidate, in order: a vector of one number, which is finite.
  ///
  /// - Parameter count: of the candidates that were asked for.
  /// - Throws: `bad-reply` when it is unclear which score belongs to which candidate; `CancellationError`.
  func scores(in response: HTTPResponse, count: Int) throws -> [AnsweredVector]
}

extension JSONBody {
  /// Begins what the services have in common: the model, a question of text and the documents, up to the
  /// end of their list.
  init(
    reranking documents: [RemoteInput], for question: RemoteInput, by model: String,
    _ write: (inout JSONBody, RemoteInput) -> Void
  ) {
    self.init()
    raw("{\"model\":")
    string(model)
    raw(",\"query\":")
    string(question.text)
    raw(",\"documents\":")
    array(documents, write)
  }
}

extension RemoteInput {
  /// The texts, for a service that reads nothing else of a question.
  var text: String {
    parts.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined(separator: "\n")
  }
}

internal import ParallaxCore
internal import ParallaxDigest
internal import ParallaxHTTP

/// Asks a judge the questions that a list takes, one after another: each answer is kept as soon as it is
/// there, so that none is paid for twice.
struct JudgeSteps: Sendable {
  let content: GenerateContentAPI
  let client: HTTPClient
  let record: JudgeRecord
  let meter: (any RequestMeter)?

  /// The numbers of an answer, or why there are none.
  ///
  /// - Parameters:
  ///   - positions: of the candidates that are asked about.
  ///   - read: the numbers of the text of an answer; `nil` for a text that is no answer.
  /// - Throws: what ends the work.
  func answer(
    to ask: GenerateContentAPI.Ask, about positions: [Int],
    _ read: @escaping @Sendable (String) -> [Float]?
  ) async throws -> AnsweredVector {
    let request = content.request(ask)
    let step = step(request)
    if let kept = try meter?.answer(toStep: step) { return .success(kept) }
    let observer = MeteredRequest(meter, positions: positions)
    let requests = RemoteRequests(
      api: content, client: client, tokensPerImage: ask.resolution.tokens)
    do {
      let response = try await requests.response(
        counted: positions.count, tokens: requests.tokens(in: RemoteInput(parts: ask.parts)),
        observer
      ) { request }
      // What has come is paid for: it is read to its end and kept, whoever stopped waiting for it.
      let outcome = try await Task { try numbers(in: response, read) }.value
      switch outcome {
      case .success(let numbers): try observer.wasAnswered(numbers, step: step)
      case .failure: observer.wasLost()
      }
      return outcome
    } catch let error as ParallaxError where error.code == .rejectedInput {
      return .failure(error)
    } catch let error as ParallaxError where error.code == .badReply {
      observer.wasLost()
      throw error
    } catch is CancellationError {
      observer.wasLost()
      throw ParallaxError(.cancelled, "cancelled")
    }
  }

  private func numbers(
    in response: HTTPResponse, _ read: (String) -> [Float]?
  ) throws -> AnsweredVector {
    let (text, usage) = try content.answer(in: response)
    record.note(usage)
    return text.flatMap { text in
      read(text).map(AnsweredVector.success)
        ?? .failure(
          ParallaxError(
            .badReply, "'\(content.model)' answered something other than what it was asked for"))
    }
  }

  /// All that decides an answer: the model and the whole request.
  private func step(_ request: HTTPRequest) -> ContentHash {
    var digest = SHA256()
    Array("\(content.model):generateContent\n".utf8).withUnsafeBytes { digest.update($0) }
    request.body.withUnsafeBytes { digest.update($0) }
    return digest.finalize()
  }
}

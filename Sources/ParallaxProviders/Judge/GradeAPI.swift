internal import ParallaxCore
internal import ParallaxHTTP

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// A judge that is asked for a grade of one candidate.
struct GradeAPI: RerankAPI {
  let content: GenerateContentAPI
  let prompt: JudgePrompt
  let record: JudgeRecord

  /// Of one grade, with the thoughts before it.
  static let answerTokens = 128

  var model: String { content.model }
  var accessNames: [String] { content.accessNames }
  var itemLimit: Int { content.itemLimit }
  var byteLimit: Int { content.byteLimit }

  func request(for documents: [RemoteInput], question: RemoteInput) -> HTTPRequest {
    content.request(
      GenerateContentAPI.Ask(
        system: prompt.system, parts: prompt.parts(question: question, candidates: documents),
        schema: prompt.schema, answerTokens: Self.answerTokens, resolution: .high))
  }

  private struct Answer: Decodable { var grade: Int }

  func scores(in response: HTTPResponse, count: Int) throws -> [AnsweredVector] {
    let (text, usage) = try content.answer(in: response)
    record.note(usage)
    return [
      text.flatMap { text in
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(text.utf8)),
          (0...3).contains(answer.grade)
        else {
          return .failure(
            ParallaxError(
              .badReply, "'\(model)' answered something other than a grade from 0 to 3"))
        }
        return .success([Float(answer.grade)])
      }
    ]
  }
}

import ParallaxCore
import ParallaxEvaluation
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

@Suite struct AuditTests {
  private static let ids = (0..<50).map { ItemID("i\($0 < 10 ? "0" : "")\($0)") }

  /// - Parameter list: of a question, by its number.
  private func findings(
    _ judgements: Judgements, _ measures: String..., copies: [[ItemID]] = [],
    unknown: [ItemID]? = nil, change: (inout EvaluationRequest) -> Void = { _ in },
    lists: [String: [String]]
  ) throws -> [Audit.Finding] {
    let run = try SystemRun.ranked("r", lists)
    var request = EvaluationRequest(
      [run], judgements, measures: try measures.map { try NamedMetric($0) }, seed: 5)
    request.resamples = 200
    change(&request)
    let evaluation = try Evaluator(request, { _ in }).evaluation()
    return try Auditor(
      evaluation: evaluation, measures: request.measures, items: Self.ids, copies: copies,
      unknown: unknown
    ).audit().findings
  }

  private func first(_ check: Audit.Check, _ findings: [Audit.Finding]) throws -> Audit.Finding {
    try #require(findings.first { $0.check == check })
  }

  /// Twenty questions, the relevant item at rank 1.
  private static let lists = Dictionary(
    uniqueKeysWithValues: (0..<20).map { ("q\($0)", ["i01", "i02", "i03"]) })
  private static let judgements = Judgements(
    Dictionary(uniqueKeysWithValues: (0..<20).map { ("q\($0)", [ItemID("i01"): 1]) }))

  @Test func `a sound evaluation is fine, but for what cannot tell systems apart`() throws {
    let found = try findings(Self.judgements, "mrr", unknown: [], lists: Self.lists)
    #expect(found.filter(\.isSuspicious).map(\.check) == [.judged, .saturated])
    #expect(try first(.saturated, found).meaning.contains("near the ceiling"))
    #expect(try first(.ceiling, found).other == 1)
    #expect(!found.contains { [.ties, .itself, .copies].contains($0.check) })
  }

  @Test func `systems that know nothing are the same for a seed, and far below`() throws {
    let found = try findings(Self.judgements, "mrr", "recall@3", lists: Self.lists)
    let random = found.filter { $0.check == .random }
    #expect(random.count == 2 && random.allSatisfy { !$0.isSuspicious })
    // Three of 50 items in a random order hold the relevant one in 3 of 50 questions.
    let values = try random.map { try #require($0.value) }
    #expect(values[0] <= values[1] && abs(values[1] - 0.06) < 0.04)
    let again = try findings(Self.judgements, "mrr", "recall@3", lists: Self.lists)
    #expect(again == found)
    let constant = found.filter { $0.check == .constant }
    // By falling id the last items come first, and the relevant one is not among them.
    #expect(constant.map(\.value) == [0, 0] && constant.map(\.other) == [1, 1])
  }

  @Test func `a system that is no better than chance is named`() throws {
    let useless = Dictionary(
      uniqueKeysWithValues: (0..<20).map { ("q\($0)", ["i40", "i41", "i42"]) })
    let found = try findings(Self.judgements, "mrr", lists: useless)
    #expect(try first(.random, found).meaning.hasSuffix("not shown to be better: r"))
    #expect(try first(.saturated, found).meaning.contains("near 0"))
  }

  @Test func `hits that are the question are counted, with and without them`() throws {
    let own = Dictionary(
      uniqueKeysWithValues: Self.ids.prefix(20).map { id in
        (id.rawValue, [id.rawValue, "i30", "i31"])
      })
    let judged = Judgements(
      Dictionary(
        uniqueKeysWithValues: Self.ids.prefix(20).map { id in
          (id.rawValue, [id: 1, ItemID("i31"): 1])
        }))
    for keeps in [false, true] {
      let found = try findings(judged, "mrr", change: { $0.keepsOwn = keeps }, lists: own)
      let itself = try first(.itself, found)
      #expect(itself.value == 0.5 && itself.other == 1 && itself.count == 20)
      #expect(itself.isSuspicious == keeps)
    }
  }

  @Test func `a copy of a relevant item counts as a miss, which is said`() throws {
    let copied = Dictionary(
      uniqueKeysWithValues: (0..<20).map { ("q\($0)", ["i07", "i01"]) })
    let found = try findings(
      Self.judgements, "mrr", copies: [["i01", "i07"], ["i11", "i12"]], lists: copied)
    let copies = try first(.copies, found)
    #expect(copies.value == 0.5 && copies.other == 1 && copies.count == 20 && copies.isSuspicious)
  }

  @Test func `what does not match is listed with all names`() throws {
    var grades = Self.judgements.grades
    grades["empty"] = ["i01": 0]
    grades["missing"] = ["zz": 1]
    var lists = Self.lists
    lists["stranger"] = ["i01"]
    let found = try findings(
      Judgements(grades), "recall@5", unknown: ["zz"], lists: lists)
    #expect(try first(.empty, found).meaning.hasSuffix("count 0: empty"))
    #expect(try first(.unanswered, found).meaning.hasSuffix(": empty, missing"))
    #expect(try first(.unjudged, found).meaning.hasSuffix(": stranger"))
    #expect(try first(.unknown, found).meaning.hasSuffix(": zz"))
    let depth = try first(.depth, found)
    #expect(depth.isSuspicious && depth.count == 3 && depth.meaning.hasSuffix("looks at 5"))
  }

  @Test func `equal scores and low ceilings are worth a look`() throws {
    let tied = Run(
      checked: Dictionary(
        uniqueKeysWithValues: (0..<20).map { number in
          ("q\(number)", ["i01", "i02"].map { RankedItem(id: $0, score: 1) })
        }))
    let many = Judgements(
      Dictionary(uniqueKeysWithValues: (0..<20).map { ("q\($0)", ["i01": 1, "i05": 1]) }))
    var request = EvaluationRequest(
      [SystemRun(name: "r", run: tied)], many, measures: [try NamedMetric("recall@1")], seed: 1)
    request.resamples = 100
    let evaluation = try Evaluator(request, { _ in }).evaluation()
    let found = try Auditor(
      evaluation: evaluation, measures: request.measures, items: Self.ids, copies: [], unknown: nil
    ).audit().findings
    let ties = try first(.ties, found)
    #expect(ties.value == 0 && ties.other == 0.5 && ties.isSuspicious)
    let ceiling = try first(.ceiling, found)
    #expect(ceiling.other == 0.5 && ceiling.isSuspicious)
  }
}

import ParallaxCore
import ParallaxEvaluation
import ParallaxTestSupport
import Testing

@Suite struct MetricTests {
  @Test(arguments: [
    ("ndcg@10", "ndcg@10"), ("NDCG@010", "ndcg@10"), ("success@1", "success@1"), ("mrr", "mrr"),
    ("map", "ap"), ("p@5", "precision@5"), ("hit@3", "success@3"), ("recip_rank@10", "mrr@10"),
    ("rbp:p=0.80", "rbp:p=0.8"), ("rbp:p=0.9", "rbp"),
    ("nauc:of=ap@5:by=std", "nauc:of=ap@5:by=std"),
    ("nauc:by=max:of=map", "nauc:of=ap"), ("µAP", "micro-ap"), ("ndcg-exp@5", "ndcg-exp@5"),
    ("recall@P90", "recall@P90"), ("Recall@p5", "recall@P5"), ("recall@P", "recall@P90"),
    ("recall-at-precision:p=75", "recall@P75"), ("recall@5", "recall@5"),
  ])
  func `a metric is read from its text and has one shortest name`(text: String, name: String) throws
  {
    let metric = try NamedMetric(text)
    #expect(metric.name == name)
    #expect(try NamedMetric(name).name == name)
  }

  private static let known =
    "success@k, recall@k, precision@k, ap[@k], ndcg[@k], ndcg-exp[@k], mrr[@k], rprec, bpref, "
    + "rbp[:p=…], judged@k, unjudged@k, micro-ap, recall@P90, nauc[:of=…][:by=…]"

  @Test(arguments: [
    ("ndgc@10", "unknown metric 'ndgc'; there are \(known)", "did you mean 'ndcg'?"),
    ("f1", "unknown metric 'f1'; there are \(known)", nil),
    ("", "unknown metric ''; there are \(known)", nil),
    ("success", "'success' needs a depth after '@'", "such as 'success@10'"),
    ("rprec@5", "'rprec' takes no depth; got '@5'", "write 'rprec'"),
    ("ndcg@", "'ndcg' takes a whole number from 1 to 10000 after '@'; got ''", nil),
    ("ndcg@0", "'ndcg' takes a whole number from 1 to 10000 after '@'; got '0'", nil),
    ("ap@ten", "'ap' takes a whole number from 1 to 10000 after '@'; got 'ten'", nil),
    ("ap@+5", "'ap' takes a whole number from 1 to 10000 after '@'; got '+5'", nil),
    ("ap@5@6", "'ap' takes a whole number from 1 to 10000 after '@'; got '5@6'", nil),
    ("recall@P0", "'p' of 'recall@P' takes a whole number from 1 to 99; got '0'", nil),
    ("recall@P90:p=80", "'p' of 'recall@P' is given twice", nil),
    ("recall@Pm", "'recall' takes a whole number from 1 to 10000 after '@'; got 'Pm'", nil),
    ("rbp:p=1", "'p' of 'rbp' takes a number above 0 and below 1; got '1'", nil),
    ("rbp:p", "'p' of 'rbp' takes a number above 0 and below 1; got ''", nil),
    ("rbp:p=0.5:p=0.6", "'p' of 'rbp' is given twice", nil),
    ("rbp:q=1", "'rbp' has no parameter 'q'; it has 'p'", nil),
    ("mrr:p=1", "'mrr' has no parameter 'p'; it has none", nil),
    ("nauc:by=mx", "'by' of 'nauc' takes max, std, diff1; got 'mx'", "did you mean 'max'?"),
    (
      "nauc:of=nauc", "'of' of 'nauc' takes a metric with a value for each question; got 'nauc'",
      nil
    ),
    ("nauc:of=success", "'success' needs a depth after '@'", "such as 'success@10'"),
  ])
  func `what is no metric is refused with the rule and near names`(
    text: String, message: String, hint: String?
  ) throws {
    let error = try #require(throws: ParallaxError.self) { try NamedMetric(text) }
    #expect(error.message == message)
    #expect(error.hint == hint)
    #expect([.unknownName, .invalidValue].contains(error.code))
  }

  @Test func `every file of a metric is in the registry, and says all of it`() async throws {
    let listing = try await ProgramRun(
      "/bin/ls", ["\(TestData.packageRoot)/Sources/ParallaxEvaluation/Metrics"]
    ).finish()
    let files = listing.output.split(separator: "\n").filter { $0.hasSuffix("Metric.swift") }
      .filter { !["Metric.swift", "NamedMetric.swift"].contains($0) }
    #expect(
      Set(files) == Set(MetricRegistry.all.map { "\($0).swift"[...] }),
      "add the metric to MetricRegistry.all")
    var names: Set<String> = []
    for spec in MetricRegistry.all.map({ $0.spec }) {
      for name in [spec.id] + spec.aliases { #expect(names.insert(name).inserted, "\(name)") }
      for text in [spec.meaning, spec.formula, spec.judging, spec.source] {
        #expect(!text.isEmpty && !text.hasSuffix("."))
      }
      for parameter in spec.parameters where !parameter.isRequired {
        if case .cutoff = parameter.kind { continue }
        let standard = try #require(parameter.standard)
        if case .percent = parameter.kind { continue }
        let text = "\(spec.id):\(parameter.name)=\(standard)"
        #expect(try NamedMetric(text).name == spec.id)
      }
    }
  }

  @Test func `nauc is 1 for scores that tell all, and negative for those that mislead`() throws {
    // Five questions whose relevant item stands at rank 1, 2, …
    func value(_ confidence: (Int) -> Double, by kind: String) throws -> Double? {
      var (lists, grades) = ([String: [RankedItem]](), [String: [ItemID: Int]]())
      for number in 1...5 {
        lists["q\(number)"] = (1...5).map {
          RankedItem(id: ItemID("i\($0)"), score: confidence(number) - Double($0) / 100)
        }
        grades["q\(number)"] = [ItemID("i\(number)"): 1]
      }
      return JudgedRun(try Run(lists), Judgements(grades))
        .score(try NamedMetric("nauc:by=\(kind)")).value
    }
    #expect(isNear(try value({ -Double($0) }, by: "max"), 1, 1e-12))
    #expect(try #require(try value({ Double($0) }, by: "max")) < 0)
  }
}

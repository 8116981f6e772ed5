import ParallaxCore
import Testing

@testable import ParallaxWorkbench

@Suite struct RerankOrderTests {
  private func places(
    _ first: [Double?], _ second: [Float?], _ blend: Double? = nil
  ) -> [Int] {
    RerankOrder.order(first: first, second: second, blend: blend).map(\.place)
  }

  @Test func `the head is ordered by score, and the tail stays below it`() {
    #expect(places([5, 4, 3, 2, 1], [1, 3, 2]) == [1, 2, 0, 3, 4])
    #expect(places([5, 4, 3], [1, 2, 3]) == [2, 1, 0])
    #expect(places([], []) == [])
    #expect(places([5, 4], []) == [0, 1])
  }

  @Test func `equal scores keep the order they had`() {
    #expect(places([9, 8, 7, 6], [1, 2, 1, 2]) == [1, 3, 0, 2])
  }

  @Test func `a candidate without a score keeps its place`() {
    // The other three share the places 0, 2 and 3.
    #expect(places([9, 8, 7, 6, 5], [1, nil, 3, 2]) == [2, 1, 3, 0, 4])
    #expect(places([9, 8, 7], [nil, nil, nil]) == [0, 1, 2])
    let order = RerankOrder.order(first: [9, 8], second: [nil, 4])
    #expect(order.map(\.score) == [nil, 4])
  }

  @Test func `a blend mixes both stages, each from 0 to 1 among what has a score`() {
    let order = RerankOrder.order(
      first: [0.9, 0.8, 0.7, 0.1], second: [-2, 8, nil, 3], blend: 0.25)
    // First: 1, 0.875, -, 0. Second: 0, 1, -, 0.5.
    #expect(order.map(\.place) == [1, 0, 2, 3])
    #expect(order.map(\.score) == [0.90625, 0.75, nil, 0.125])
    // All of one stage are equal: the other decides.
    #expect(places([1, 1, 1], [1, 3, 2], 0.5) == [1, 2, 0])
    #expect(places([3, 2, 1], [7, 7, 7], 0.5) == [0, 1, 2])
  }

  @Test func `a name may have parameters, and a path colons`() {
    func parts(_ text: String) -> [String] {
      let model = RerankModel(text)
      return [model.name] + model.parameters.map { "\($0.name)|\($0.value)" }
    }
    #expect(parts("mmr") == ["mmr"])
    #expect(parts("mmr:lambda=0.5:k=3") == ["mmr", "lambda|0.5", "k|3"])
    #expect(parts("rrf:space=photos@v2") == ["rrf", "space|photos@v2"])
    #expect(parts("./a:b/c") == ["./a:b/c"])
    #expect(parts("openai:gpt:x=1=2") == ["openai:gpt", "x|1=2"])
  }

  @Test func `parameters are checked against what is declared`() throws {
    let declared = [
      RerankParameter("k", .integer(1...9), usual: "3", "how many"),
      RerankParameter("how", .choice(["mean", "max"]), usual: "max", "how"),
      RerankParameter("space", .space, usual: nil, "which"),
    ]
    let whole = try RerankParameters(
      [.init("space", "a@b"), .init("k", "4")], of: declared, method: "m")
    #expect(whole.integer("k") == 4)
    #expect(whole.space == "a@b")
    #expect(whole.settings == ["k=4", "how=max", "space=a@b"])
    for (given, part) in [
      ([RerankParameters.Given("q", "1")], "'m' has the parameters k, how, space; got 'q'"),
      ([.init("k", "10")], "'k' of 'm' takes a whole number from 1 to 9; got '10'"),
      ([.init("how", "maxx")], "takes one of mean, max; got 'maxx'"),
      ([.init("k", "1"), .init("k", "1")], "'k' of 'm' is written twice"),
      ([], "'m' needs the parameter 'space'"),
    ] {
      let error = #expect(throws: ParallaxError.self) {
        try RerankParameters(given, of: declared, method: "m")
      }
      #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
      #expect(error?.parameter?.name == "model")
    }
  }
}

import ParallaxCore
import Testing

@testable import ParallaxProviders

@Suite struct TwoOrdersTests {
  @Test(arguments: [2, 3, 5, 20, 100])
  func `about half of the pairs are shown the other way round, never fewer`(count: Int) {
    for seed in UInt64(1)...20 {
      let orders = TwoOrders(count: count, seed: seed)
      #expect(Set(orders.first) == Set(0..<count) && Set(orders.second) == Set(0..<count))
      // A judge by place: each ranking is the order that it was shown.
      let (order, agreement) = orders.ranking((orders.first, orders.second))
      let pairs = count * (count - 1) / 2
      #expect(agreement.pairs == pairs && agreement.swappedAlike == 0)
      #expect(agreement.swapped * 2 >= pairs)
      if count >= 5 { #expect(Double(agreement.alike) > 0.3 * Double(pairs)) }
      if count >= 20 { #expect(abs(agreement.tau) < 0.05) }
      #expect(order == Array(0..<count))
      #expect(orders == TwoOrders(count: count, seed: seed))
    }
  }

  @Test func `a judge by content decides, whatever it was shown`() {
    let content = [3, 0, 4, 1, 2]
    for seed in UInt64(1)...20 {
      let (order, agreement) = TwoOrders(count: 5, seed: seed).ranking((content, content))
      #expect(order == content)
      #expect(agreement.tau == 1 && agreement.isTrusted && agreement.alike == 10)
    }
  }

  /// Tau of 0 1 2 3 and 1 0 3 2, by hand: two of six pairs differ.
  @Test func `places are added up, and equal sums keep the order of the first stage`() {
    let (order, agreement) = TwoOrders(count: 4, seed: 3).ranking(([0, 1, 2, 3], [1, 0, 3, 2]))
    #expect(agreement.pairs == 6 && agreement.alike == 4)
    #expect(abs(agreement.tau - 1.0 / 3) < 1e-12)
    #expect(order == [0, 1, 2, 3])
  }

  @Test func `what was left out keeps its order, and counts as no agreement`() {
    let orders = TwoOrders(count: 6, seed: 1)
    let (order, agreement) = orders.ranking(([4], [4]))
    // Five pairs with the one that was named; those of the others were not decided.
    #expect(agreement.pairs == 5 && agreement.alike == 5)
    #expect(order == [4, 0, 1, 2, 3, 5])
    // Who names the first alone is no judge of the rest.
    let (kept, none) = orders.ranking(([orders.first[0]], [orders.second[0]]))
    #expect(kept == Array(0..<6) && none.pairs <= 5 && none.swappedAlike == 0)
    #expect(orders.ranking(([], [])).order == Array(0..<6))
  }
}

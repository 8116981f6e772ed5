@testable import ParallaxStatistics
import ParallaxTestSupport
import Testing

@Suite struct DistributionTests {
  @Test func `the distributions are those of SciPy`() throws {
    for row in try NumberTable("distributions.tsv", of: "ParallaxStatisticsTests").rows {
      let arguments = try row.numbers("arguments")
      let wanted = try row.number("value")
      let first = arguments[0]
      let value =
        switch try row.text("function") {
        case "normal": Normal.cumulative(first)
        case "normal-quantile": Normal.quantile(first)
        case "t-two-sided": StudentT(degreesOfFreedom: first).twoSided(arguments[1])
        case "t-quantile": StudentT(degreesOfFreedom: first).quantile(arguments[1])
        case "noncentral-t":
          NoncentralT(degreesOfFreedom: first, noncentrality: arguments[1])
            .cumulative(arguments[2])
        case let name: try #require(nil as Double?, "no function '\(name)'")
        }
      #expect(isNear(value, wanted), "\(row): \(value)")
      // Tails are compared in their own size.
      if try row.text("function") != "noncentral-t", wanted != 0 {
        #expect(abs(value / wanted - 1) < 1e-9, "\(row): \(value)")
      }
    }
  }

  @Test func `the ends and what is beyond them are said`() {
    #expect(Normal.quantile(0) == -.infinity && Normal.quantile(1) == .infinity)
    #expect(Normal.quantile(-0.1).isNaN && Normal.quantile(.nan).isNaN && Normal.quantile(2).isNaN)
    let t = StudentT(degreesOfFreedom: 5)
    #expect(t.quantile(0) == -.infinity && t.quantile(1) == .infinity && t.quantile(1.5).isNaN)
    #expect(t.twoSided(.infinity) == 0 && t.twoSided(0) == 1)
    #expect(t.upperTail(-1) + t.upperTail(1) == 1)
  }

  @Test func `portable logarithms and exponentials are right to the last places`() {
    var value = 0x1p-1070
    while value < 1e305 {
      let logarithm = PortableMath.log(value)
      #expect(abs(PortableMath.exp(logarithm) / value - 1) < 1e-13, "\(value)")
      #expect(abs(PortableMath.log2(value) * 0.693_147_180_559_945_3 - logarithm) < 1e-12)
      value *= 1.37
    }
    for exponent in -1_074...1_023 {
      #expect(
        PortableMath.log2(Double(sign: .plus, exponent: exponent, significand: 1))
          == Double(exponent))
    }
    for (value, wanted) in [
      (PortableMath.exp(1), 2.718281828459045), (PortableMath.log(10), 2.302585092994046),
      (PortableMath.log2(3), 1.584962500721156), (PortableMath.exp(-3.3), 0.036883167401240015),
    ] {
      #expect(abs(value - wanted) <= 2 * wanted.ulp, "\(value)")
    }
    #expect(PortableMath.log1p(1e-20) == 1e-20)
    #expect(PortableMath.exp(0) == 1 && PortableMath.exp(-800) == 0)
    #expect(PortableMath.exp(800) == .infinity && PortableMath.exp(-745) > 0)
    #expect(PortableMath.log(0) == -.infinity && PortableMath.log(-1).isNaN)
    #expect(PortableMath.log(.infinity) == .infinity && PortableMath.log(.nan).isNaN)
  }
}

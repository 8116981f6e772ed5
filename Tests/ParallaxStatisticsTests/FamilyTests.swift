import ParallaxStatistics
import ParallaxTestSupport
import Testing

@Suite struct FamilyTests {
  @Test func `Holm's correction is that of statsmodels`() throws {
    #expect(Holm.corrected([0.01, 0.04, 0.03, 0.005]) == [0.03, 0.06, 0.06, 0.02])
    for row in try NumberTable("holm.tsv", of: "ParallaxStatisticsTests").rows {
      let corrected = Holm.corrected(try row.numbers("ps"))
      for (value, wanted) in zip(corrected, try row.numbers("corrected")) {
        #expect(isNear(value, wanted, 1e-12), "\(row)")
      }
    }
  }

  @Test func `a comparison without a p counts in its family`() {
    #expect(Holm.corrected([0.02, nil, 0.03]) == [0.06, nil, 0.06])
    #expect(Holm.corrected([nil, nil]) == [nil, nil])
    #expect(Holm.corrected([]) == [])
  }

  @Test func `power is that of statsmodels`() throws {
    for row in try NumberTable("power.tsv", of: "ParallaxStatisticsTests").rows {
      var power = try #require(PairedPower(standardDeviation: try row.number("sd")))
      power.level = try row.number("level")
      power.power = try row.number("power")
      let (difference, units) = (try row.number("difference"), try row.count("units"))
      #expect(power.units(for: difference) == units, "\(row)")
      #expect(power.units(for: -difference) == units, "\(row)")
      #expect(
        isNear(power.chance(of: difference, units: units), try row.number("chance")), "\(row)")
      #expect(
        isNear(power.detectableDifference(units: units), try row.number("detectable")), "\(row)")
    }
  }

  @Test func `forty questions find 0.06, and 0.02 needs 360`() throws {
    var power = try #require(PairedPower(standardDeviation: 0.135))
    #expect(isNear(power.detectableDifference(units: 40), 0.06, 0.005))
    #expect(power.units(for: 0.02) == 360)
    #expect(power.units(for: 0) == nil && power.units(for: 1e-9) == nil)
    #expect(power.detectableDifference(units: 1) == nil && power.chance(of: 1, units: 1) == nil)
    #expect(power.units(for: 1e300) == 2 && power.units(for: .nan) == nil)
    #expect(isNear(power.chance(of: 1e300, units: 40), 1))
    #expect(PairedPower(standardDeviation: 0) == nil && PairedPower(standardDeviation: .nan) == nil)
    power.power = 1.5
    #expect(power.detectableDifference(units: 40) == nil && power.units(for: 0.1) == nil)
  }

  @Test func `tau is that of SciPy`() throws {
    for row in try NumberTable("tau.tsv", of: "ParallaxStatisticsTests").rows {
      let tau = KendallTau.b(try row.numbers("left"), try row.numbers("right"))
      #expect(isNear(tau, try row.number("tau_b"), 1e-12), "\(row)")
    }
    #expect(KendallTau.b([1, 2, 3], [2, 3, 4]) == 1 && KendallTau.b([1, 2, 3], [3, 2, 1]) == -1)
    #expect(KendallTau.b([1, 1], [1, 2]) == nil && KendallTau.b([1], [1]) == nil)
    #expect(KendallTau.b([], []) == nil)
  }
}

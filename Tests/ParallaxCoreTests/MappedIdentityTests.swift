import ParallaxCore
import Testing

@Suite struct MappedIdentityTests {
  private static let spec = EmbeddingSpec(
    provider: "mini", model: "mini", version: "3", dimension: 256,
    preprocessing: "decode2/exact128x128/bilinear")

  @Test func `mapped vectors differ in their identity from those of the model, and of other maps`()
  {
    let mapped = Self.spec.mapped([("method", "linear"), ("seed", "1")])
    let other = Self.spec.mapped([("method", "linear"), ("seed", "2")])
    #expect(
      mapped.preprocessing == "decode2/exact128x128/bilinear -> map(method=linear, seed=1)")
    #expect(Set([Self.spec, mapped, other].map(\.identity)).count == 3)
    #expect(mapped.isMapped && !Self.spec.isMapped)
  }

  @Test func `the model that asks is recovered`() {
    #expect(Self.spec.mapped([("method", "orthogonal")]).unmapped == Self.spec)
    #expect(Self.spec.unmapped == Self.spec)
  }
}
